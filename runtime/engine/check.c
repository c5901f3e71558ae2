/* A check: rules evaluated, findings kept. See session.h.
 * Rules on one record type share a pass. What is found is compared with the open findings of the store: one that still holds is the same finding, one that no longer
 * holds is cleared, one that is new is added.
 * Knows: which rules are asked for, what is said of them. Does not know: how a rule is evaluated, how findings are kept (findings.c). */
#include "lang/base/civil.h"
#include "runtime/engine/findings.h"
#include "runtime/eval/eval.h"
#include "runtime/sql/sql.h"

#include <stdlib.h>
#include <string.h>

struct checking {
    struct session *session;
    struct arena *arena; /* of this check */
    const struct check_options *options;
    LIST_OF(struct trule *) rules;
    int last;        /* of rules: the one that was found last */
    int64_t *counts; /* for each of rules */
    struct findings *findings; /* NULL of a summary */
    struct finding_counts kept;
    bool keeps;      /* what is found */
    int64_t later;   /* a day after this check's of which findings are kept, so that this one keeps nothing; else INT64_MIN */
};

/* ---- evaluating ---- */

/* Findings come rule by rule, or for each element rule by rule: so it is looked for from the last one on. */
static int rule_position(struct checking *checking, const struct trule *rule) {
    while (checking->rules.items[checking->last] != rule)
        checking->last = (checking->last + 1) % checking->rules.count;
    return checking->last;
}

static bool note_found(void *context, const struct trule *rule, int64_t id, const char *message, size_t length, struct failure *failure) {
    struct checking *checking = context;
    int position = rule_position(checking, rule);
    checking->counts[position]++;
    return !checking->findings || findings_add(checking->findings, position, id, message, length, failure);
}

/* What failed at an element is shown at the head of the rule, of which the span is the whole. */
static bool show_at_head(struct checking *checking, struct span rule, struct failure *failure) {
    if (failure->kind == FAILURE_PROGRAM && !failure->has_span) {
        failure->span = rule;
        failure->span.end = rule.start + (uint32_t)strcspn(source_get(checking->session->sources, rule.file)->text + rule.start, "{\n");
        failure->has_span = true;
    }
    return false;
}

static bool is_wanted(const struct check_options *options, const struct trule *rule) {
    for (int i = 0; i < options->name_count; i++)
        if (strcmp(options->names[i], rule->name) == 0)
            return true;
    return options->name_count == 0;
}

static void choose_rules(struct checking *checking) {
    struct program *program = checking->session->program;
    for (int i = 0; i < program->rules.count; i++)
        if (is_wanted(checking->options, program->rules.items[i]) && rule_is_in_force(checking->session, program->rules.items[i]))
            LIST_ADD(checking->arena, &checking->rules, program->rules.items[i]);
    checking->counts = ARENA_ARRAY(checking->arena, int64_t, checking->rules.count + 1);
}

static bool evaluate_all(struct checking *checking, struct failure *failure) {
    struct session *session = checking->session;
    struct finding_sink sink = {checking, note_found};
    struct engine_inputs inputs = session_inputs(session);
    bool want_messages = !checking->options->summary;
    int count = checking->rules.count;
    const struct trule *const *rules = (const struct trule *const *)checking->rules.items;
    if (session_uses_interpreter(session, true))
        return eval_check_rules(&inputs, rules, count, want_messages, &sink, failure) || show_at_head(checking, failure->span, failure);
    for (int i = 0; i < count; i++)
        if (!sql_check_rule(&inputs, rules[i], want_messages, NULL, 0, &sink, failure))
            return show_at_head(checking, rules[i]->span, failure);
    return true;
}

/* ---- showing ---- */

static struct type text_type(void) {
    return (struct type){.kind = TYPE_TEXT};
}

static struct type severity_type(const struct session *session) {
    for (int i = 0; i < session->program->enums.count; i++)
        if (strcmp(session->program->enums.items[i]->name, "severity") == 0)
            return (struct type){.kind = TYPE_ENUM, .enumeration = session->program->enums.items[i]};
    return text_type();
}

static int64_t count_found(const struct checking *checking) {
    int64_t total = 0;
    for (int i = 0; i < checking->rules.count; i++)
        total += checking->counts[i];
    return total;
}

static struct row_column column(const char *label, struct type type) {
    return (struct row_column){.label = label, .type = type};
}

static bool show_found(struct checking *checking, struct failure *failure) {
    struct session *session = checking->session;
    bool is_table = session->options.render.format == RENDER_TABLE, is_machine = !is_table && session->options.render.format != RENDER_MARKDOWN;
    struct row_column columns[FINDING_COLUMNS] = {
        column(is_machine ? "severity" : "Severity", severity_type(session)),
        column(is_machine ? "rule" : "Rule", text_type()),
        column(is_machine ? "record" : "Record", text_type()),
        column(is_machine ? "element" : "Element", text_type()),
        column(is_machine ? "first_seen" : "Since", (struct type){.kind = TYPE_DATE}),
        column(is_machine ? "message" : "Message", text_type()),
    };
    if (is_table && count_found(checking) == 0)
        return true;
    struct rows *rows = findings_rows(checking->findings, columns, failure);
    bool good = rows && render_rows(session->options.out, rows, &session->options.render, NULL, failure);
    rows_close(rows);
    return good;
}

static bool show_summary(struct checking *checking, struct failure *failure) {
    enum { COLUMNS = 3 };
    struct session *session = checking->session;
    struct row_column columns[COLUMNS] = {column("rule", text_type()), column("severity", severity_type(session)), column("findings", (struct type){.kind = TYPE_INT})};
    struct value *values = ARENA_ARRAY(checking->arena, struct value, checking->rules.count * COLUMNS);
    for (int i = 0; i < checking->rules.count; i++) {
        struct value *row = values + i * COLUMNS;
        row[0] = value_text(checking->rules.items[i]->name, strlen(checking->rules.items[i]->name));
        row[1] = value_int(checking->rules.items[i]->severity);
        row[2] = value_int(checking->counts[i]);
    }
    struct rows *rows = list_rows(columns, COLUMNS, values, checking->rules.count);
    bool good = render_rows(session->options.out, rows, &session->options.render, NULL, failure);
    rows_close(rows);
    return good;
}

/* No rules: a check that finds nothing must not be taken for one that looked. */
static void tell_nothing(struct session *session) {
    struct buffer day = {0};
    date_write(&day, session->options.today);
    if (session->program->rules.count)
        fprintf(session->options.err, "nothing was checked: no rule is in force on %s\n", buffer_string(&day));
    else
        fputs("nothing was checked: there are no rules; name a policy that has some, `remit check PATH`\n", session->options.err);
    buffer_free(&day);
}

static void tell_counts(struct checking *checking) {
    struct session *session = checking->session;
    struct type severity = severity_type(session);
    int64_t total = count_found(checking), counts[16] = {0};
    for (int i = 0; i < checking->rules.count; i++) {
        int level = checking->rules.items[i]->severity;
        counts[level] += checking->counts[i];
        if (checking->counts[i] && level >= session->options.fail_on)
            session->failing_check = true;
    }
    if (session->options.quiet)
        return;
    session_speaks(session);
    if (checking->rules.count == 0) {
        fflush(session->options.out);
        tell_nothing(session);
        return;
    }
    struct buffer line = {0};
    buffer_add_format(&line, "%lld finding%s", (long long)total, total == 1 ? "" : "s");
    const char *separator = ": ";
    for (int level = severity.kind == TYPE_ENUM ? severity.enumeration->value_count - 1 : -1; level >= 0; level--)
        if (counts[level]) {
            buffer_add_format(&line, "%s%lld %s", separator, (long long)counts[level], severity.enumeration->values[level].name);
            separator = ", ";
        }
    if (checking->later != INT64_MIN) {
        buffer_add_string(&line, "; nothing is kept, since a check of ");
        date_write(&line, checking->later);
        buffer_add_string(&line, " is kept already");
    } else if (!checking->keeps)
        buffer_add_string(&line, checking->options->summary || session->options.read_only ? "; nothing is kept" : "; nothing is kept, since the store may not be written");
    else
        buffer_add_format(&line, "; %lld new, %lld cleared", (long long)checking->kept.added, (long long)checking->kept.cleared);
    fflush(session->options.out);
    fprintf(session->options.err, "%s (%d rule%s)\n", buffer_string(&line), checking->rules.count, checking->rules.count == 1 ? "" : "s");
    buffer_free(&line);
}

static bool check_and_keep(struct checking *checking, struct failure *failure) {
    checking->findings = findings_open(checking->session, checking->rules.items, checking->rules.count, failure);
    bool good = checking->findings && evaluate_all(checking, failure) && findings_compare(checking->findings, checking->options, &checking->kept, failure) &&
                findings_kept_later(checking->findings, &checking->later, failure);
    if (good && checking->later <= checking->session->options.today)
        checking->later = INT64_MIN;
    checking->keeps = checking->options->persist && checking->later == INT64_MIN && checking->session->program->rules.count;
    good = good && (!checking->keeps || findings_keep(checking->findings, checking->options, failure)) && (checking->options->shows_nothing || show_found(checking, failure));
    checking->session->has_checked = checking->session->has_checked || (good && checking->keeps);
    findings_close(checking->findings);
    return good;
}

bool session_check(struct session *session, const struct check_options *options, struct failure *failure) {
    struct checking checking = {.session = session, .arena = arena_create(), .options = options, .later = INT64_MIN};
    choose_rules(&checking);
    session_works_on(session, "checking %d rule%s", checking.rules.count, checking.rules.count == 1 ? "" : "s");
    bool good = options->summary ? evaluate_all(&checking, failure) && show_summary(&checking, failure) : check_and_keep(&checking, failure);
    if (good && !options->shows_nothing)
        tell_counts(&checking);
    arena_destroy(checking.arena);
    return good;
}

/* ---- one rule, one element ---- */

struct lookup {
    int64_t id;
    bool found;
};

static bool note_lookup(void *context, const struct trule *rule, int64_t id, const char *message, size_t length, struct failure *failure) {
    struct lookup *lookup = context;
    (void)rule, (void)message, (void)length, (void)failure;
    lookup->found = lookup->found || id == lookup->id;
    return true;
}

bool session_rule_finds(struct session *session, const struct trule *rule, int64_t id, bool *found, struct failure *failure) {
    struct lookup lookup = {id, false};
    struct finding_sink sink = {&lookup, note_lookup};
    struct engine_inputs inputs = session_inputs(session);
    bool by_sql = !session_uses_interpreter(session, false);
    bool good = by_sql && sql_check_rule(&inputs, rule, false, &id, 1, &sink, failure);
    if (!by_sql || (!good && session_falls_back(session, failure)))
        good = eval_check_rules(&inputs, &rule, 1, false, &sink, failure);
    *found = lookup.found;
    return good;
}
