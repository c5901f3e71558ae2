/* What rules find and mandates require under the one policy and under the other, and where the two differ. See plan.h.
 * Only rules and mandates to which the change can matter are evaluated. What rules find is kept as ids in order, what mandates require in tables of the connection's own, which SQLite moves to a file
 * when they are many.
 *   remit_plan_asked(name, impact)                                      the mandates of the side that is evaluated
 *   remit_plan_old, remit_plan_new(impact, id, period, element, …)      what became of each obligation
 *   remit_plan_verdict(impact, id, period, element, before, …)          those that differ
 * Knows: checks, obligations. Does not know: what changed, why a verdict is as it is but through accounts. */
#include "runtime/engine/account.h"
#include "runtime/engine/checking.h"
#include "runtime/engine/plan.h"
#include "runtime/engine/scratch.h"

#include <stdlib.h>
#include <string.h>

/* ---- which rules and mandates ---- */

static struct plan_impact *add_impact(struct plan *plan, enum diff_what what, const char *name, const char *record, const struct diff_change *change) {
    struct plan_impact impact = {.what = what, .name = name, .record = record, .change = change};
    LIST_ADD(plan->arena, &plan->impacts, impact);
    return &plan->impacts.items[plan->impacts.count - 1];
}

static const char *name_before(const struct diff_change *change, const char *name) {
    return change && change->was ? change->was : name;
}

/* Its words may be others, its severity, its office: it finds what it found. */
static bool has_same_conditions(const struct plan *plan, const struct diff_change *change) {
    static const char *const conditions[] = {"for", "when", "let", "except", "effective", "order"};
    if (!change || !change->old || !change->new || diff_is_touched(plan->diff, change->new))
        return false;
    for (int i = 0; i < change->parts.count; i++)
        for (size_t c = 0; c < sizeof conditions / sizeof *conditions; c++)
            if (strcmp(conditions[c], change->parts.items[i].clause) == 0)
                return false;
    return true;
}

static void list_rules(struct plan *plan) {
    const struct program *old = plan->old->program, *new = plan->new->program;
    const struct diff_change *change;
    for (int i = 0; i < new->rules.count; i++) {
        const struct trule *rule = new->rules.items[i];
        if (!plan_is_affected(plan, DIFF_RULE, rule->name, &change)) {
            plan->unaffected++;
            continue;
        }
        struct plan_impact *impact = add_impact(plan, DIFF_RULE, rule->name, rule->record->name, change);
        impact->new_rule = rule;
        impact->old_rule = program_find_rule(old, name_before(change, rule->name));
        impact->has_same_conditions = impact->old_rule && has_same_conditions(plan, change);
    }
    for (int i = 0; i < old->rules.count; i++) {
        const struct trule *rule = old->rules.items[i];
        bool goes_on = program_find_rule(new, rule->name) != NULL;
        for (int n = 0; n < plan->impacts.count; n++)
            goes_on = goes_on || plan->impacts.items[n].old_rule == rule;
        if (goes_on)
            continue;
        plan_is_affected(plan, DIFF_RULE, rule->name, &change);
        add_impact(plan, DIFF_RULE, rule->name, rule->record->name, change)->old_rule = rule;
    }
}

static bool is_gate(const struct tmandate *mandate) {
    return mandate && mandate->timing == TIMING_GATE;
}

static void add_mandate(struct plan *plan, const char *name, struct tmandate *old, struct tmandate *new, const struct diff_change *change) {
    const struct tmandate *any = new ? new : old;
    struct plan_impact *impact = add_impact(plan, DIFF_MANDATE, name, any->record->name, change);
    impact->old_mandate = old;
    impact->new_mandate = new;
    if (!is_gate(old) && !is_gate(new))
        return;
    struct plan_impact at_gate = *impact;
    at_gate.is_at_gate = true;
    LIST_ADD(plan->arena, &plan->impacts, at_gate);
}

static void list_mandates(struct plan *plan) {
    const struct program *old = plan->old->program, *new = plan->new->program;
    const struct diff_change *change;
    for (int i = 0; i < new->mandates.count; i++) {
        struct tmandate *mandate = new->mandates.items[i];
        if (plan_is_affected(plan, DIFF_MANDATE, mandate->name, &change))
            add_mandate(plan, mandate->name, program_find_mandate(old, name_before(change, mandate->name)), mandate, change);
        else
            plan->unaffected++;
    }
    for (int i = 0; i < old->mandates.count; i++) {
        struct tmandate *mandate = old->mandates.items[i];
        bool goes_on = program_find_mandate(new, mandate->name) != NULL;
        for (int n = 0; n < plan->impacts.count; n++)
            goes_on = goes_on || plan->impacts.items[n].old_mandate == mandate;
        if (goes_on)
            continue;
        plan_is_affected(plan, DIFF_MANDATE, mandate->name, &change);
        add_mandate(plan, mandate->name, mandate, NULL, change);
    }
}

bool plan_list_impacts(struct plan *plan) {
    list_rules(plan);
    list_mandates(plan);
    for (int side = 0; side < 2; side++)
        plan->found[side] = ARENA_ARRAY(plan->arena, struct plan_found, plan->impacts.count);
    return true;
}

/* ---- evaluating ---- */

struct evaluation {
    struct plan *plan;
    struct session *session;
    struct arena *arena;
    int side;                        /* 0: old, 1: new */
    LIST_OF(const struct trule *) rules;
    LIST_OF(struct plan_found *) found; /* of each */
    LIST_OF(struct tmandate *) mandates;
    LIST_OF(int) mandate_impacts;
    int last_rule, last_mandate;
    struct waivers waivers;
    struct obligation_counts *by_mandate, all;
    struct obligations *obligations;
};

static bool note_found(void *context, const struct trule *rule, int64_t id, const char *message, size_t length, struct failure *failure) {
    struct evaluation *evaluation = context;
    (void)message, (void)length, (void)failure;
    while (evaluation->rules.items[evaluation->last_rule] != rule)
        evaluation->last_rule = (evaluation->last_rule + 1) % evaluation->rules.count;
    struct plan_found *found = evaluation->found.items[evaluation->last_rule];
    if (found->count == found->capacity) {
        found->capacity = found->capacity ? found->capacity * 2 : 64;
        found->ids = realloc(found->ids, sizeof *found->ids * (size_t)found->capacity);
        if (!found->ids)
            abort(); /* as an arena does */
    }
    found->ids[found->count++] = id;
    return true;
}

static bool note_asked(void *context, const struct tmandate *mandate, const struct asked *asked, struct failure *failure) {
    struct evaluation *evaluation = context;
    while (evaluation->mandates.items[evaluation->last_mandate] != mandate)
        evaluation->last_mandate = (evaluation->last_mandate + 1) % evaluation->mandates.count;
    return obligations_add(evaluation->obligations, evaluation->last_mandate, asked, failure);
}

static void add_rule(struct evaluation *evaluation, const struct trule *rule, struct plan_found *found) {
    if (!rule || !rule_is_in_force(evaluation->session, rule))
        return;
    LIST_ADD(evaluation->arena, &evaluation->rules, rule);
    LIST_ADD(evaluation->arena, &evaluation->found, found);
}

static void choose(struct evaluation *evaluation) {
    struct plan *plan = evaluation->plan;
    for (int i = 0; i < plan->impacts.count; i++) {
        const struct plan_impact *impact = &plan->impacts.items[i];
        const struct trule *rule = evaluation->side ? impact->new_rule : impact->old_rule;
        struct tmandate *mandate = evaluation->side ? impact->new_mandate : impact->old_mandate;
        if (!plan->has_shared && (evaluation->side || !impact->has_same_conditions))
            add_rule(evaluation, rule, &plan->found[evaluation->side][i]);
        if (mandate && !impact->is_at_gate && mandate_is_asked(evaluation->session, mandate)) {
            LIST_ADD(evaluation->arena, &evaluation->mandates, mandate);
            LIST_ADD(evaluation->arena, &evaluation->mandate_impacts, i);
        }
    }
    evaluation->by_mandate = ARENA_ARRAY(evaluation->arena, struct obligation_counts, evaluation->mandates.count + 1);
}

static const char *const sides[] = {"remit_plan_old", "remit_plan_new"};

/* What was judged is kept beside, since its own tables go. */
static bool keep_obligations(struct evaluation *evaluation, struct failure *failure) {
    struct store *store = evaluation->session->store;
    static const char making[] = "DROP TABLE IF EXISTS temp.remit_plan_asked; CREATE TEMP TABLE remit_plan_asked(name TEXT PRIMARY KEY, impact INTEGER NOT NULL) WITHOUT ROWID;";
    const char *table = sides[evaluation->side];
    if (!store_execute(store, making, failure) ||
        !store_execute(store, arena_format(evaluation->arena,
                                           "DROP TABLE IF EXISTS temp.%s; CREATE TEMP TABLE %s(impact INTEGER NOT NULL, id INTEGER NOT NULL, period INTEGER NOT NULL, element TEXT NOT NULL, state INTEGER NOT NULL,"
                                           " mandatory INTEGER NOT NULL, PRIMARY KEY(impact, id, period)) WITHOUT ROWID", table, table), failure))
        return false;
    for (int i = 0; i < evaluation->mandates.count; i++) {
        struct value values[] = {scratch_text(evaluation->mandates.items[i]->name), value_int(evaluation->mandate_impacts.items[i])};
        if (!scratch_run(store_prepare_scratch(store, "INSERT INTO temp.remit_plan_asked VALUES(?1, ?2)", failure), values, 2, failure))
            return false;
    }
    return !evaluation->mandates.count || scratch_run(store_prepare_scratch(store, arena_format(evaluation->arena,
                                                                "INSERT INTO temp.%s SELECT a.impact, o.id, o.period, o.element, o.state, q.mandatory FROM temp.remit_obligation AS o"
                                                                " CROSS JOIN temp.remit_mandate AS q ON q.position = o.mandate CROSS JOIN temp.remit_plan_asked AS a ON a.name = q.name", table), failure),
                                                      NULL, 0, failure);
}

static bool evaluate(struct evaluation *evaluation, struct failure *failure) {
    struct session *session = evaluation->session;
    struct check_options options = {.shows_nothing = true};
    struct judged judged = {evaluation->mandates.items, evaluation->mandates.count, &options, &evaluation->waivers, evaluation->by_mandate, &evaluation->all};
    struct check_sink sink = {evaluation, note_found, note_asked};
    struct checks checks = {.rules = evaluation->rules.items, .rule_count = evaluation->rules.count, .mandates = (const struct tmandate *const *)evaluation->mandates.items, .mandate_count = evaluation->mandates.count};
    if (!waivers_read(session, evaluation->arena, &evaluation->waivers, failure))
        return false;
    evaluation->obligations = obligations_open(session, &judged, failure);
    bool good = evaluation->obligations && (checks.rule_count + checks.mandate_count == 0 || check_ask(session, &checks, &sink, failure)) && obligations_finish(evaluation->obligations, failure) &&
                keep_obligations(evaluation, failure);
    obligations_close(evaluation->obligations);
    return good;
}

bool plan_evaluate(struct plan *plan, bool is_old, struct failure *failure) {
    struct evaluation evaluation = {.plan = plan, .session = is_old ? plan->old : plan->new, .arena = arena_create(), .side = is_old ? 0 : 1};
    choose(&evaluation);
    session_works_on(evaluation.session, is_old ? "checking %d rules and mandates as they are" : "checking %d rules and mandates as they would be", evaluation.rules.count + evaluation.mandates.count);
    bool good = evaluate(&evaluation, failure);
    arena_destroy(evaluation.arena);
    return good;
}

bool plan_evaluate_shared(struct plan *plan, struct failure *failure) {
    struct session *both = plan_open_shared(plan);
    if (!both)
        return true;
    struct evaluation evaluation = {.plan = plan, .session = both, .arena = arena_create()};
    for (int side = 0; side < 2; side++)
        for (int i = 0; i < plan->impacts.count; i++)
            add_rule(&evaluation, plan->impacts.items[i].beside[side], &plan->found[side][i]);
    session_works_on(both, "checking %d rules as they are and as they would be", evaluation.rules.count);
    struct check_sink sink = {&evaluation, note_found, note_asked};
    struct checks checks = {.rules = evaluation.rules.items, .rule_count = evaluation.rules.count};
    bool good = check_ask(both, &checks, &sink, failure);
    plan->has_shared = true;
    arena_destroy(evaluation.arena);
    session_destroy(both);
    return good && store_attach_program(plan->old->store, plan->old->program, failure) && session_refresh_inputs(plan->old, failure);
}

/* ---- comparing: rules ---- */

static void add_step(struct plan *plan, struct plan_impact *impact, const char *before, const char *after, int64_t count) {
    struct plan_step step = {before, after, count};
    if (count)
        LIST_ADD(plan->arena, &impact->steps, step);
}

static const char *rule_reasons(struct plan *plan, const struct plan_impact *impact, int64_t id, struct failure *failure) {
    if (!impact->new_rule)
        return "the rule is gone";
    struct trule *rule = program_find_rule(plan->new->program, impact->new_rule->name);
    struct account *account = account_of_rule(plan->new, rule, id, failure);
    if (!account)
        return "";
    struct buffer reasons = {0};
    account_quote_reasons(&reasons, account);
    const char *because = arena_copy_string(plan->arena, buffer_string(&reasons));
    buffer_free(&reasons);
    account_destroy(account);
    return because;
}

static bool add_rule_verdict(struct plan *plan, struct plan_impact *impact, int64_t id, bool appears, struct failure *failure) {
    int64_t *counted = appears ? &impact->stronger : &impact->weaker;
    if ((*counted)++ >= PLAN_EXAMPLES)
        return true;
    struct plan_verdict verdict = {.before = appears ? "not found" : "found", .after = appears ? "found" : "not found", .is_stronger = appears};
    struct record_type *record = program_find_record(plan->new->program, impact->new_rule ? impact->new_rule->record->name : impact->record);
    verdict.because = rule_reasons(plan, impact, id, failure);
    verdict.element = arena_format(plan->arena, "%lld", (long long)id);
    if (failure->kind != FAILURE_NONE || (record && record->storage && !session_key_of(plan->new, record, id, plan->arena, &verdict.element, failure)))
        return false;
    LIST_ADD(plan->arena, &impact->examples, verdict);
    return true;
}

/* Both lists are in order. */
static bool compare_rule(struct plan *plan, int position, struct failure *failure) {
    struct plan_impact *impact = &plan->impacts.items[position];
    const struct plan_found *old = &plan->found[0][position], *new = &plan->found[1][position];
    int64_t o = 0, n = 0;
    impact->before = impact->has_same_conditions ? new->count : old->count;
    impact->after = new->count;
    if (impact->has_same_conditions)
        return true;
    while (o < old->count || n < new->count) {
        bool is_gone = n == new->count || (o < old->count && old->ids[o] < new->ids[n]), is_new = o == old->count || (n < new->count && new->ids[n] < old->ids[o]);
        if ((is_gone && !add_rule_verdict(plan, impact, old->ids[o], false, failure)) || (is_new && !add_rule_verdict(plan, impact, new->ids[n], true, failure)))
            return false;
        o += !is_new;
        n += !is_gone;
    }
    add_step(plan, impact, "not found", "found", impact->stronger);
    add_step(plan, impact, "found", "not found", impact->weaker);
    return true;
}

/* ---- comparing: mandates ---- */

/* How grave a verdict is; what is required at all is more than what is not. */
static int rank_of(struct value state, bool is_mandatory) {
    static const int ranks[OBLIGATION_STATES] = {[OBLIGATION_MET] = 1, [OBLIGATION_MET_LATE] = 1, [OBLIGATION_WAIVED] = 1, [OBLIGATION_PENDING] = 2, [OBLIGATION_BREACHED] = 3};
    return state.kind == VALUE_MISSING ? 0 : ranks[state.integer] * 2 + is_mandatory;
}

static const char *state_words(struct plan *plan, struct value state, bool is_mandatory) {
    if (state.kind == VALUE_MISSING)
        return "not required";
    const char *name = strcmp(obligation_state_name((enum obligation_state)state.integer), "met_late") == 0 ? "met late" : obligation_state_name((enum obligation_state)state.integer);
    return is_mandatory ? name : arena_format(plan->arena, "%s (advice)", name);
}

static bool has_other_periods(const struct plan_impact *impact) {
    const struct tmandate *old = impact->old_mandate, *new = impact->new_mandate;
    return old && new && (old->timing != new->timing || old->cadence.unit != new->cadence.unit || old->cadence.count != new->cadence.count);
}

static const char *mandate_reasons(struct plan *plan, const struct plan_impact *impact, int64_t id, int64_t period, bool is_required, struct failure *failure) {
    if (!impact->new_mandate)
        return "the mandate is gone";
    if (!is_required && has_other_periods(impact))
        return "it is asked for at other times";
    struct account *account = account_of_mandate(plan->new, impact->new_mandate, id, period ? period : NO_DAY, failure);
    if (!account)
        return "";
    struct buffer reasons = {0};
    account_quote_reasons(&reasons, account);
    const char *because = arena_copy_string(plan->arena, buffer_string(&reasons));
    buffer_free(&reasons);
    account_destroy(account);
    return because;
}

/* One change of verdicts, and how often. */
struct group {
    struct value before, after;
    bool was_mandatory, is_mandatory;
    int64_t count;
};

static const char *period_words(struct plan *plan, int64_t period) {
    struct buffer out = {0};
    if (!period)
        return NULL;
    period_write(&out, period);
    const char *words = arena_copy_string(plan->arena, buffer_string(&out));
    buffer_free(&out);
    return words;
}

static bool add_examples(struct plan *plan, int position, const struct group *group, struct failure *failure) {
    static const char sql[] = "SELECT id, period, element FROM temp.remit_plan_verdict WHERE impact = ?1 AND before IS ?2 AND was_mandatory IS ?3 AND after IS ?4 AND is_mandatory IS ?5 ORDER BY element, period LIMIT ?6";
    struct plan_impact *impact = &plan->impacts.items[position];
    struct value bound[] = {value_int(position), group->before, group->before.kind == VALUE_MISSING ? value_missing() : value_int(group->was_mandatory), group->after,
                            group->after.kind == VALUE_MISSING ? value_missing() : value_int(group->is_mandatory), value_int(PLAN_EXAMPLES)};
    struct statement *statement = store_prepare(plan->new->store, sql, failure);
    for (int i = 0; statement && i < 6; i++)
        statement_bind(statement, i + 1, bound[i]);
    LIST_OF(struct value) rows = {0};
    enum statement_step step = STATEMENT_FAILED;
    while (statement && (step = statement_step(statement, failure)) == STATEMENT_ROW)
        for (int i = 0; i < 3; i++)
            LIST_ADD(plan->arena, &rows, value_keep(plan->arena, statement_value(statement, i)));
    statement_close(statement);
    bool only_modal = group->before.kind != VALUE_MISSING && group->after.kind != VALUE_MISSING && group->before.integer == group->after.integer;
    for (int i = 0; step == STATEMENT_DONE && i < rows.count; i += 3) {
        struct plan_verdict verdict = {.element = arena_copy(plan->arena, rows.items[i + 2].text, rows.items[i + 2].length), .period = period_words(plan, rows.items[i + 1].integer),
                                       .before = state_words(plan, group->before, group->was_mandatory), .after = state_words(plan, group->after, group->is_mandatory),
                                       .is_stronger = rank_of(group->after, group->is_mandatory) > rank_of(group->before, group->was_mandatory)};
        verdict.because = only_modal ? "" : mandate_reasons(plan, impact, rows.items[i].integer, rows.items[i + 1].integer, group->after.kind != VALUE_MISSING, failure);
        LIST_ADD(plan->arena, &impact->examples, verdict);
    }
    return step == STATEMENT_DONE && failure->kind == FAILURE_NONE;
}

static bool compare_mandate(struct plan *plan, int position, struct failure *failure) {
    static const char sql[] = "SELECT before, was_mandatory, after, is_mandatory, count(*) FROM temp.remit_plan_verdict WHERE impact = ?1 GROUP BY 1, 2, 3, 4 ORDER BY 3 DESC, 4 DESC, 1 DESC, 2";
    struct plan_impact *impact = &plan->impacts.items[position];
    const char *counting = "SELECT count(*) FROM temp.%s WHERE impact = %d";
    LIST_OF(struct group) groups = {0};
    if (!scratch_ask(plan->new->store, arena_format(plan->arena, counting, sides[0], position), &impact->before, failure) ||
        !scratch_ask(plan->new->store, arena_format(plan->arena, counting, sides[1], position), &impact->after, failure))
        return false;
    struct statement *statement = store_prepare(plan->new->store, sql, failure);
    if (!statement)
        return false;
    statement_bind(statement, 1, value_int(position));
    enum statement_step step;
    while ((step = statement_step(statement, failure)) == STATEMENT_ROW) {
        struct group group = {statement_value(statement, 0), statement_value(statement, 2), statement_value(statement, 1).integer == 1, statement_value(statement, 3).integer == 1, statement_value(statement, 4).integer};
        LIST_ADD(plan->arena, &groups, group);
    }
    statement_close(statement);
    for (int i = 0; step == STATEMENT_DONE && i < groups.count; i++) {
        const struct group *group = &groups.items[i];
        int before = rank_of(group->before, group->was_mandatory), after = rank_of(group->after, group->is_mandatory);
        *(after > before ? &impact->stronger : &impact->weaker) += after == before ? 0 : group->count;
        add_step(plan, impact, state_words(plan, group->before, group->was_mandatory), state_words(plan, group->after, group->is_mandatory), group->count);
        if (!add_examples(plan, position, group, failure))
            return false;
    }
    return step == STATEMENT_DONE;
}

static const char differing[] =
    "DROP TABLE IF EXISTS temp.remit_plan_verdict; CREATE TEMP TABLE remit_plan_verdict(impact INTEGER NOT NULL, id INTEGER NOT NULL, period INTEGER NOT NULL, element TEXT NOT NULL, before INTEGER,"
    " was_mandatory INTEGER, after INTEGER, is_mandatory INTEGER, PRIMARY KEY(impact, id, period)) WITHOUT ROWID;"
    "INSERT INTO temp.remit_plan_verdict SELECT n.impact, n.id, n.period, n.element, o.state, o.mandatory, n.state, n.mandatory FROM temp.remit_plan_new AS n LEFT JOIN temp.remit_plan_old AS o"
    " ON o.impact = n.impact AND o.id = n.id AND o.period = n.period WHERE (o.state, o.mandatory) IS NOT (n.state, n.mandatory);"
    "INSERT INTO temp.remit_plan_verdict SELECT o.impact, o.id, o.period, o.element, o.state, o.mandatory, NULL, NULL FROM temp.remit_plan_old AS o"
    " WHERE NOT EXISTS (SELECT 1 FROM temp.remit_plan_new AS n WHERE n.impact = o.impact AND n.id = o.id AND n.period = o.period);";

bool plan_compare_verdicts(struct plan *plan, struct failure *failure) {
    if (!store_execute(plan->new->store, differing, failure))
        return false;
    for (int i = 0; i < plan->impacts.count; i++) {
        const struct plan_impact *impact = &plan->impacts.items[i];
        if (!impact->is_at_gate && !(impact->what == DIFF_RULE ? compare_rule(plan, i, failure) : compare_mandate(plan, i, failure)))
            return false;
    }
    return true;
}

void plan_forget_verdicts(struct plan *plan) {
    for (int side = 0; side < 2; side++)
        for (int i = 0; plan->found[side] && i < plan->impacts.count; i++)
            free(plan->found[side][i].ids);
}

/* ---- what it comes to ---- */

enum plan_relation plan_relation(const struct plan_impact *impact) {
    if (impact->stronger && impact->weaker)
        return RELATION_DIFFERENT;
    return impact->stronger ? RELATION_STRONGER : impact->weaker ? RELATION_WEAKER : RELATION_EQUAL;
}

const char *plan_relation_word(enum plan_relation relation) {
    static const char *const words[] = {"equal in effect on this data", "stronger", "weaker", "different"};
    return words[relation];
}
