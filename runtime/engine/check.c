/* A check: rules evaluated, findings kept. See session.h.
 * Rules on one record type share a pass. What is found is compared with the open findings of the store: one that still holds is the same finding, one that no longer
 * holds is cleared, one that is new is added.
 * Knows: rules, findings. Does not know: how a rule is evaluated. */
#include "runtime/engine/session.h"
#include "runtime/eval/eval.h"
#include "runtime/sql/sql.h"

#include <stdlib.h>
#include <string.h>

struct found {
    const struct trule *rule;
    int64_t id;
    const char *key;     /* of the element */
    const char *message; /* in the session's arena */
    int64_t first_seen;
    int64_t stored;      /* _id of the finding in the store, or 0 */
};
struct checking {
    struct session *session;
    struct arena *arena; /* of this check */
    const struct check_options *options;
    LIST_OF(struct trule *) rules;
    int last;        /* of rules: the one that was found last */
    LIST_OF(struct found) found;
    int64_t *counts; /* for each of rules */
    int64_t new_count, cleared_count;
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
    (void)failure;
    int position = rule_position(checking, rule);
    checking->counts[position]++;
    if (checking->options->summary)
        return true;
    struct found found = {rule, id, NULL, arena_copy(checking->arena, message, length), checking->session->options.today, 0};
    LIST_ADD(checking->arena, &checking->found, found);
    return true;
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

static bool is_in_force(const struct session *session, const struct trule *rule) {
    return session->options.today >= rule->effective_from && session->options.today <= rule->effective_until;
}

static bool is_wanted(const struct check_options *options, const struct trule *rule) {
    for (int i = 0; i < options->name_count; i++)
        if (strcmp(options->names[i], rule->name) == 0)
            return true;
    return options->name_count == 0;
}

static bool evaluate_all(struct checking *checking, struct failure *failure) {
    struct session *session = checking->session;
    struct program *program = session->program;
    struct finding_sink sink = {checking, note_found};
    struct engine_inputs inputs = session_inputs(session);
    bool want_messages = !checking->options->summary;
    for (int i = 0; i < program->rules.count; i++)
        if (is_wanted(checking->options, program->rules.items[i]) && is_in_force(session, program->rules.items[i]))
            LIST_ADD(checking->arena, &checking->rules, program->rules.items[i]);
    int count = checking->rules.count;
    const struct trule *const *rules = (const struct trule *const *)checking->rules.items;
    checking->counts = ARENA_ARRAY(checking->arena, int64_t, count);
    if (session_uses_interpreter(session, true))
        return eval_check_rules(&inputs, rules, count, want_messages, &sink, failure) || show_at_head(checking, failure->span, failure);
    for (int i = 0; i < count; i++)
        if (!sql_check_rule(&inputs, rules[i], want_messages, NULL, 0, &sink, failure))
            return show_at_head(checking, rules[i]->span, failure);
    return true;
}

/* ---- keys of the elements ---- */

struct key_table {
    struct checking *checking;
    const char **keys; /* by id; NULL where none was found */
    int64_t least, size;
};

static bool note_key(void *context, const char *key, int64_t id) {
    struct key_table *table = context;
    int64_t at = id - table->least;
    if (at >= 0 && at < table->size && table->keys[at])
        table->keys[at] = arena_copy_string(table->checking->arena, key);
    return true;
}

static bool fill_keys(struct checking *checking, struct record_type *record, struct failure *failure) {
    int64_t least = INT64_MAX, most = INT64_MIN;
    for (int i = 0; i < checking->found.count; i++)
        if (checking->found.items[i].rule->record == record) {
            int64_t id = checking->found.items[i].id;
            least = id < least ? id : least;
            most = id > most ? id : most;
        }
    if (most < least)
        return true;
    struct key_table table = {checking, ARENA_ARRAY(checking->arena, const char *, most - least + 1), least, most - least + 1};
    for (int i = 0; i < checking->found.count; i++)
        if (checking->found.items[i].rule->record == record)
            table.keys[checking->found.items[i].id - least] = "";
    if (!store_each_key(checking->session->store, record, INT32_MAX, note_key, &table, failure))
        return false;
    for (int i = 0; i < checking->found.count; i++) {
        struct found *found = &checking->found.items[i];
        if (found->rule->record != record)
            continue;
        found->key = table.keys[found->id - least];
        if (!*found->key) /* a record without a key of its own */
            found->key = arena_format(checking->arena, "%s-%lld", record->name, (long long)found->id);
    }
    return true;
}

/* ---- open findings of the store ---- */

struct open_finding {
    int64_t id;
    const char *rule, *element;
    int64_t first_seen;
    bool still_holds;
};
struct open_findings {
    struct open_finding *items;
    int count, capacity;
    int *slots;
    uint32_t size;
};

static uint32_t pair_hash(const char *a, const char *b) {
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (; *a; a++)
        hash = (hash ^ (unsigned char)*a) * UINT64_C(0x100000001B3);
    hash = (hash ^ '/') * UINT64_C(0x100000001B3);
    for (; *b; b++)
        hash = (hash ^ (unsigned char)*b) * UINT64_C(0x100000001B3);
    return (uint32_t)(hash ^ (hash >> 32));
}

static bool read_open(struct checking *checking, struct open_findings *open, struct failure *failure) {
    struct arena *arena = checking->arena;
    struct statement *statement = store_prepare(checking->session->store, "SELECT \"_id\", \"rule\", \"element\", \"first_seen\" FROM t_finding WHERE \"cleared\" IS NULL", failure);
    if (!statement)
        return false;
    enum statement_step step;
    while ((step = statement_step(statement, failure)) == STATEMENT_ROW) {
        struct value rule = statement_value(statement, 1), element = statement_value(statement, 2);
        struct open_finding finding = {statement_value(statement, 0).integer, intern_name(checking->session->names, rule.text, rule.length),
                                       arena_copy(arena, element.text, element.length), statement_value(statement, 3).integer, false};
        LIST_ADD(arena, open, finding);
    }
    statement_close(statement);
    open->size = 16;
    while (open->size < (uint32_t)open->count * 2)
        open->size *= 2;
    open->slots = ARENA_ARRAY(arena, int, open->size);
    for (int i = 0; i < open->count; i++) {
        uint32_t at = pair_hash(open->items[i].rule, open->items[i].element) & (open->size - 1);
        while (open->slots[at])
            at = (at + 1) & (open->size - 1);
        open->slots[at] = i + 1;
    }
    return step == STATEMENT_DONE;
}

static struct open_finding *find_open(const struct open_findings *open, const char *rule, const char *element) {
    for (uint32_t at = pair_hash(rule, element) & (open->size - 1); open->slots[at]; at = (at + 1) & (open->size - 1)) {
        struct open_finding *finding = &open->items[open->slots[at] - 1];
        if (strcmp(finding->rule, rule) == 0 && strcmp(finding->element, element) == 0)
            return finding;
    }
    return NULL;
}

static void match_open(struct checking *checking, const struct open_findings *open) {
    for (int i = 0; i < checking->found.count; i++) {
        struct found *found = &checking->found.items[i];
        struct open_finding *same = find_open(open, found->rule->name, found->key);
        if (same) {
            same->still_holds = true;
            found->first_seen = same->first_seen;
            found->stored = same->id;
        } else
            checking->new_count++;
    }
    /* A finding of a rule that was not asked for stays as it is; one of a rule that is gone, or not in force, no longer holds. */
    for (int i = 0; i < open->count; i++) {
        struct open_finding *finding = &open->items[i];
        const struct trule *rule = program_find_rule(checking->session->program, finding->rule);
        if (rule && !is_wanted(checking->options, rule))
            finding->still_holds = true;
        if (!rule && checking->options->name_count)
            finding->still_holds = true;
        checking->cleared_count += !finding->still_holds;
    }
}

/* ---- keeping ---- */

static bool run_each(struct statement *statement, struct failure *failure) {
    enum statement_step step = statement_step(statement, failure);
    statement_reset(statement);
    return step != STATEMENT_FAILED;
}

static bool keep_still_holding(struct checking *checking, struct failure *failure) {
    struct statement *update = store_prepare(checking->session->store,
                                             "UPDATE t_finding SET \"last_seen\" = ?2, \"severity\" = ?3, \"message\" = ?4, \"policy\" = ?5 WHERE \"_id\" = ?1", failure);
    bool good = update != NULL;
    for (int i = 0; good && i < checking->found.count; i++) {
        const struct found *found = &checking->found.items[i];
        if (!found->stored)
            continue;
        const char *fingerprint = session_fingerprint(checking->session, program_find_rule(checking->session->program, found->rule->name));
        statement_bind(update, 1, value_int(found->stored));
        statement_bind(update, 2, value_int(checking->session->options.today));
        statement_bind(update, 3, value_int(found->rule->severity));
        statement_bind(update, 4, value_text(found->message, strlen(found->message)));
        statement_bind(update, 5, value_text(fingerprint, strlen(fingerprint)));
        good = run_each(update, failure);
    }
    statement_close(update);
    return good;
}

static bool keep_cleared(struct checking *checking, const struct open_findings *open, struct failure *failure) {
    struct statement *clear = store_prepare(checking->session->store, "UPDATE t_finding SET \"cleared\" = ?2 WHERE \"_id\" = ?1", failure);
    bool good = clear != NULL;
    for (int i = 0; good && i < open->count; i++) {
        if (open->items[i].still_holds)
            continue;
        statement_bind(clear, 1, value_int(open->items[i].id));
        statement_bind(clear, 2, value_int(checking->session->options.today));
        good = run_each(clear, failure);
    }
    statement_close(clear);
    return good;
}

static struct value text_or_missing(const char *text) {
    return text ? value_text(text, strlen(text)) : value_missing();
}

static bool keep_new(struct checking *checking, struct record_type *finding, struct failure *failure) {
    static const char *const names[] = {"rule", "record", "element", "severity", "message", "office", "domain", "first_seen", "last_seen", "policy"};
    enum { FIELDS = sizeof names / sizeof *names };
    struct field *fields[FIELDS];
    for (int f = 0; f < FIELDS; f++)
        fields[f] = record_find_field(finding, names[f]);
    struct store_loader *loader = store_loader_open(checking->session->store, finding, fields, FIELDS, failure);
    if (!loader)
        return false;
    int64_t today = checking->session->options.today;
    for (int i = 0; i < checking->found.count; i++) {
        const struct found *found = &checking->found.items[i];
        if (found->stored)
            continue;
        const struct trule *rule = found->rule;
        const char *fingerprint = session_fingerprint(checking->session, program_find_rule(checking->session->program, rule->name));
        struct value values[FIELDS] = {text_or_missing(rule->name), text_or_missing(rule->record->name), text_or_missing(found->key), value_int(rule->severity),
                                       text_or_missing(found->message), text_or_missing(rule->office), text_or_missing(rule->domain), value_int(today), value_int(today),
                                       text_or_missing(fingerprint)};
        if (!store_loader_add(loader, 0, values, failure)) {
            store_loader_abandon(loader);
            return false;
        }
    }
    int64_t inserted, updated;
    return store_loader_finish(loader, &inserted, &updated, failure);
}

/* One day may see a finding cleared and found again: the cleared one of that day goes on, since the key of a finding is its first day. */
static bool reopen_of_today(struct checking *checking, struct failure *failure) {
    struct statement *find = store_prepare(checking->session->store,
                                           "SELECT \"_id\" FROM t_finding WHERE \"rule\" = ?1 AND \"record\" = ?2 AND \"element\" = ?3 AND \"first_seen\" = ?4 AND \"cleared\" IS NOT NULL", failure);
    struct statement *reopen = find ? store_prepare(checking->session->store, "UPDATE t_finding SET \"cleared\" = NULL WHERE \"_id\" = ?1", failure) : NULL;
    bool good = reopen != NULL;
    for (int i = 0; good && i < checking->found.count; i++) {
        struct found *found = &checking->found.items[i];
        if (found->stored)
            continue;
        statement_bind(find, 1, text_or_missing(found->rule->name));
        statement_bind(find, 2, text_or_missing(found->rule->record->name));
        statement_bind(find, 3, text_or_missing(found->key));
        statement_bind(find, 4, value_int(checking->session->options.today));
        enum statement_step step = statement_step(find, failure);
        good = step != STATEMENT_FAILED;
        if (step == STATEMENT_ROW) {
            found->stored = statement_value(find, 0).integer;
            statement_bind(reopen, 1, value_int(found->stored));
            good = run_each(reopen, failure);
        }
        statement_reset(find);
    }
    statement_close(find);
    statement_close(reopen);
    return good;
}

static bool persist(struct checking *checking, const struct open_findings *open, struct failure *failure) {
    struct record_type *finding = program_find_record(checking->session->program, "finding");
    struct value had = value_int(0);
    struct statement *any = store_prepare(checking->session->store, "SELECT EXISTS (SELECT 1 FROM t_finding)", failure);
    if (any && statement_step(any, failure) == STATEMENT_ROW)
        had = statement_value(any, 0);
    statement_close(any);
    return any && (had.integer == 0 || reopen_of_today(checking, failure)) && keep_still_holding(checking, failure) && keep_cleared(checking, open, failure) &&
           keep_new(checking, finding, failure);
}

/* ---- showing ---- */

static int compare_found(const void *a, const void *b) {
    const struct found *x = a, *y = b;
    if (x->rule->severity != y->rule->severity)
        return y->rule->severity - x->rule->severity;
    int order = strcmp(x->rule->name, y->rule->name);
    if (!order)
        order = strcmp(x->key, y->key);
    return order ? order : (x->id > y->id) - (x->id < y->id);
}

static struct type text_type(void) {
    return (struct type){.kind = TYPE_TEXT};
}

static struct type severity_type(const struct session *session) {
    for (int i = 0; i < session->program->enums.count; i++)
        if (strcmp(session->program->enums.items[i]->name, "severity") == 0)
            return (struct type){.kind = TYPE_ENUM, .enumeration = session->program->enums.items[i]};
    return text_type();
}

static struct row_column column(const char *label, struct type type) {
    return (struct row_column){.label = label, .type = type};
}

static bool show_found(struct checking *checking, struct failure *failure) {
    enum { COLUMNS = 6 };
    struct session *session = checking->session;
    bool machine = session->options.render.format != RENDER_TABLE && session->options.render.format != RENDER_MARKDOWN;
    struct row_column columns[COLUMNS] = {
        column(machine ? "severity" : "Severity", severity_type(session)),
        column(machine ? "rule" : "Rule", text_type()),
        column(machine ? "record" : "Record", text_type()),
        column(machine ? "element" : "Element", text_type()),
        column(machine ? "first_seen" : "Since", (struct type){.kind = TYPE_DATE}),
        column(machine ? "message" : "Message", text_type()),
    };
    struct value *values = ARENA_ARRAY(checking->arena, struct value, (size_t)checking->found.count * COLUMNS);
    if (checking->found.count)
        qsort(checking->found.items, (size_t)checking->found.count, sizeof *checking->found.items, compare_found);
    for (int i = 0; i < checking->found.count; i++) {
        const struct found *found = &checking->found.items[i];
        struct value *row = values + (size_t)i * COLUMNS;
        row[0] = value_int(found->rule->severity);
        row[1] = text_or_missing(found->rule->name);
        row[2] = text_or_missing(found->rule->record->name);
        row[3] = text_or_missing(found->key);
        row[4] = value_int(found->first_seen);
        row[5] = text_or_missing(found->message);
    }
    if (checking->found.count == 0 && session->options.render.format == RENDER_TABLE)
        return true;
    struct rows *rows = list_rows(columns, COLUMNS, values, checking->found.count);
    bool good = render_rows(session->options.out, rows, &session->options.render, NULL, failure);
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
        row[0] = text_or_missing(checking->rules.items[i]->name);
        row[1] = value_int(checking->rules.items[i]->severity);
        row[2] = value_int(checking->counts[i]);
    }
    struct rows *rows = list_rows(columns, COLUMNS, values, checking->rules.count);
    bool good = render_rows(session->options.out, rows, &session->options.render, NULL, failure);
    rows_close(rows);
    return good;
}

static void tell_counts(struct checking *checking) {
    struct session *session = checking->session;
    struct type severity = severity_type(session);
    int64_t total = 0, counts[16] = {0};
    for (int i = 0; i < checking->rules.count; i++) {
        int level = checking->rules.items[i]->severity;
        total += checking->counts[i];
        counts[level] += checking->counts[i];
        if (checking->counts[i] && level >= session->options.fail_on)
            session->failing_check = true;
    }
    if (session->options.quiet)
        return;
    struct buffer line = {0};
    buffer_add_format(&line, "%lld finding%s", (long long)total, total == 1 ? "" : "s");
    const char *separator = ": ";
    for (int level = severity.kind == TYPE_ENUM ? severity.enumeration->value_count - 1 : -1; level >= 0; level--)
        if (counts[level]) {
            buffer_add_format(&line, "%s%lld %s", separator, (long long)counts[level], severity.enumeration->values[level].name);
            separator = ", ";
        }
    if (checking->options->persist && !checking->options->summary)
        buffer_add_format(&line, "; %lld new, %lld cleared", (long long)checking->new_count, (long long)checking->cleared_count);
    fflush(session->options.out);
    fprintf(session->options.err, "%s (%d rule%s)\n", buffer_string(&line), checking->rules.count, checking->rules.count == 1 ? "" : "s");
    buffer_free(&line);
}

bool session_check(struct session *session, const struct check_options *options, struct failure *failure) {
    struct checking checking = {.session = session, .arena = arena_create(), .options = options};
    struct open_findings open = {0};
    bool good = evaluate_all(&checking, failure);
    if (good && options->summary)
        good = show_summary(&checking, failure);
    else if (good) {
        for (int i = 0; good && i < session->program->records.count; i++)
            good = fill_keys(&checking, session->program->records.items[i], failure);
        good = good && read_open(&checking, &open, failure);
        if (good)
            match_open(&checking, &open);
        good = good && (!options->persist || persist(&checking, &open, failure)) && show_found(&checking, failure);
    }
    if (good)
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
