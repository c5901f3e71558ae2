/* A check: rules evaluated and findings kept, mandates asked and obligations kept. See session.h.
 * Rules and mandates on one record type share a pass. What is found is compared with the open findings of the store: one that still holds is the same finding, one that no longer
 * holds is cleared, one that is new is added. So are obligations.
 * Knows: what is asked for, what fails. Does not know: how rules and mandates are evaluated, how findings and obligations are kept (findings.c, obligations.c), how they are shown (check_show.c). */
#include "runtime/engine/checking.h"
#include "runtime/engine/guard.h"
#include "runtime/eval/eval.h"
#include "runtime/sql/sql.h"

#include <string.h>

/* ---- evaluating ---- */

/* Findings come rule by rule, or for each element rule by rule: so it is looked for from the last one on. */
static int rule_position(struct checking *checking, const struct trule *rule) {
    while (checking->rules.items[checking->last_rule] != rule)
        checking->last_rule = (checking->last_rule + 1) % checking->rules.count;
    return checking->last_rule;
}

static int mandate_position(struct checking *checking, const struct tmandate *mandate) {
    while (checking->mandates.items[checking->last_mandate] != mandate)
        checking->last_mandate = (checking->last_mandate + 1) % checking->mandates.count;
    return checking->last_mandate;
}

static bool note_found(void *context, const struct trule *rule, int64_t id, const char *message, size_t length, struct failure *failure) {
    struct checking *checking = context;
    int position = rule_position(checking, rule);
    checking->counts[position]++;
    return !checking->findings || findings_add(checking->findings, position, id, message, length, failure);
}

static bool note_asked(void *context, const struct tmandate *mandate, const struct asked *asked, struct failure *failure) {
    struct checking *checking = context;
    return obligations_add(checking->obligations, mandate_position(checking, mandate), asked, failure);
}

static bool is_wanted(const struct check_options *options, const char *name) {
    for (int i = 0; i < options->name_count; i++)
        if (strcmp(options->names[i], name) == 0)
            return true;
    return options->name_count == 0;
}

static void choose(struct checking *checking) {
    struct program *program = checking->session->program;
    for (int i = 0; i < program->rules.count; i++)
        if (is_wanted(checking->options, program->rules.items[i]->name) && rule_is_in_force(checking->session, program->rules.items[i]))
            LIST_ADD(checking->arena, &checking->rules, program->rules.items[i]);
    for (int i = 0; i < program->mandates.count; i++)
        if (is_wanted(checking->options, program->mandates.items[i]->name) && mandate_is_asked(checking->session, program->mandates.items[i]))
            LIST_ADD(checking->arena, &checking->mandates, program->mandates.items[i]);
    checking->counts = ARENA_ARRAY(checking->arena, int64_t, checking->rules.count + 1);
    checking->by_mandate = ARENA_ARRAY(checking->arena, struct obligation_counts, checking->mandates.count + 1);
}

/* What failed at an element is shown at the head of the rule or mandate, of which the span is the whole. */
static bool show_at_head(struct session *session, struct span rule, struct failure *failure) {
    if (failure->kind == FAILURE_PROGRAM && !failure->has_span) {
        failure->span = rule;
        failure->span.end = rule.start + (uint32_t)strcspn(source_get(session->sources, rule.file)->text + rule.start, "{\n");
        failure->has_span = true;
    }
    return false;
}

/* Rule by rule, mandate by mandate. */
static bool ask_by_sql(struct session *session, const struct engine_inputs *inputs, const struct checks *checks, const struct check_sink *sink, struct failure *failure) {
    for (int i = 0; i < checks->rule_count; i++)
        if (!sql_check_rule(inputs, checks->rules[i], checks->want_messages, NULL, 0, sink, failure))
            return show_at_head(session, checks->rules[i]->span, failure);
    for (int i = 0; i < checks->mandate_count; i++)
        if (!sql_check_mandate(inputs, checks->mandates[i], sink, failure)) {
            mandate_name_failing(session, checks->mandates[i], failure);
            return show_at_head(session, checks->mandates[i]->span, failure);
        }
    return true;
}

/* The days from which periods are counted, where mandates do not say it, are inputs of the run. */
static bool bind_inputs(struct session *session, const struct checks *checks, struct failure *failure) {
    for (int i = 0; i < checks->mandate_count; i++)
        if (!mandate_bind_since(session, checks->mandates[i], failure))
            return false;
    return true;
}

bool check_ask(struct session *session, const struct checks *checks, const struct check_sink *sink, struct failure *failure) {
    int kept = session->bindings.count;
    bool good = bind_inputs(session, checks, failure);
    struct engine_inputs inputs = session_inputs(session);
    if (good && session_uses_interpreter(session, true))
        good = eval_check(&inputs, checks, sink, failure) || show_at_head(session, failure->span, failure);
    else
        good = good && ask_by_sql(session, &inputs, checks, sink, failure);
    session->bindings.count = kept;
    return good;
}

static bool evaluate_all(struct checking *checking, struct failure *failure) {
    struct check_sink sink = {checking, note_found, note_asked};
    struct checks checks = {.rules = (const struct trule *const *)checking->rules.items, .rule_count = checking->rules.count, .mandates = (const struct tmandate *const *)checking->mandates.items,
                            .mandate_count = checking->mandates.count, .want_messages = !checking->options->summary};
    return check_ask(checking->session, &checks, &sink, failure) && obligations_finish(checking->obligations, failure);
}

/* ---- keeping ---- */

static bool open_obligations(struct checking *checking, struct failure *failure) {
    struct judged judged = {checking->mandates.items, checking->mandates.count, checking->options, &checking->waivers, checking->by_mandate, &checking->all};
    checking->obligations = waivers_read(checking->session, checking->arena, &checking->waivers, failure) ? obligations_open(checking->session, &judged, failure) : NULL;
    return checking->obligations != NULL;
}

/* A day after this one of which something is kept already. */
static bool find_later(struct checking *checking, struct failure *failure) {
    int64_t findings = INT64_MIN, obligations = INT64_MIN;
    if (!findings_kept_later(checking->findings, &findings, failure) || !obligations_kept_later(checking->session, &obligations, failure))
        return false;
    checking->later = findings > obligations ? findings : obligations;
    if (checking->later <= checking->session->options.today || store_as_of(checking->session->store) != STORE_PRESENT)
        checking->later = INT64_MIN;
    return true;
}

static bool keep(struct checking *checking, struct failure *failure) {
    const struct program *program = checking->session->program;
    checking->keeps = checking->options->persist && checking->later == INT64_MIN && program->rules.count + program->mandates.count > 0;
    return !checking->keeps || (findings_keep(checking->findings, checking->options, failure) && obligations_keep(checking->obligations, failure));
}

static bool check_and_keep(struct checking *checking, struct failure *failure) {
    checking->findings = findings_open(checking->session, checking->rules.items, checking->rules.count, failure);
    bool good = checking->findings && evaluate_all(checking, failure) && findings_compare(checking->findings, checking->options, &checking->kept, failure) &&
                find_later(checking, failure) && keep(checking, failure) && (checking->options->shows_nothing || check_show(checking, failure)) &&
                (!checking->options->differences || check_show_differences(checking, failure));
    checking->session->has_checked = checking->session->has_checked || (good && checking->keeps);
    findings_close(checking->findings);
    return good;
}

/* What the store's own policy requires is not met by looking at another. */
static bool look_at_store_policy(struct session *session, struct failure *failure) {
    struct failure own = {0};
    int64_t breached;
    bool is_counted = guard_count_breached(session, &breached, &own);
    if (!is_counted && own.kind != FAILURE_PROGRAM) {
        *failure = own;
        return false;
    }
    if (is_counted && !breached)
        return true;
    session->failing_check = true;
    if (session->options.quiet)
        return true;
    session_speaks(session);
    fflush(session->options.out);
    if (!is_counted)
        fprintf(session->options.err, "the policy that the store keeps could not be checked: %s\n", own.message);
    else
        fprintf(session->options.err, "under the policy that the store keeps %lld mandatory obligation%s breached: a check of that one shows %s\n", (long long)breached, breached == 1 ? " is" : "s are", breached == 1 ? "it" : "them");
    return true;
}

bool session_check(struct session *session, const struct check_options *options, struct failure *failure) {
    struct checking checking = {.session = session, .arena = arena_create(), .options = options, .later = INT64_MIN};
    choose(&checking);
    int count = checking.rules.count + checking.mandates.count;
    session_works_on(session, checking.mandates.count ? "checking %d rules and mandates" : count == 1 ? "checking %d rule" : "checking %d rules", count);
    bool good = open_obligations(&checking, failure);
    if (good)
        good = options->summary ? evaluate_all(&checking, failure) && check_show_summary(&checking, failure) : check_and_keep(&checking, failure);
    obligations_close(checking.obligations);
    if (good && options->mandatory_breached)
        *options->mandatory_breached = checking.all.mandatory_breached;
    if (good && !options->shows_nothing) {
        check_tell_counts(&checking);
        check_tell_lapsed(&checking);
        if (!session->is_store_policy && !options->name_count)
            good = look_at_store_policy(session, failure);
    }
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
    struct check_sink sink = {.context = &lookup, .found = note_lookup};
    struct engine_inputs inputs = session_inputs(session);
    bool by_sql = !session_uses_interpreter(session, false);
    bool good = by_sql && sql_check_rule(&inputs, rule, false, &id, 1, &sink, failure);
    if (!by_sql || (!good && session_falls_back(session, failure)))
        good = eval_check(&inputs, &(struct checks){.rules = &rule, .rule_count = 1}, &sink, failure);
    *found = lookup.found;
    return good;
}
