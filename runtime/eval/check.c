/* Checking rules: which elements they find. See eval.h.
 * Knows: rules. Does not know: findings that are kept. */
#include "runtime/eval/plan.h"

#include <stdlib.h>

/* ---- one element, one rule, by walking ---- */

/* Does the rule find the element that is bound? Exceptions are asked only of what the conditions find. */
static bool rule_finds(struct walker *walker, const struct trule *rule, bool *finds) {
    *finds = true;
    if (rule->where && !walk_condition(walker, rule->where, finds))
        return false;
    if (*finds && rule->when && !walk_condition(walker, rule->when, finds))
        return false;
    for (int i = 0; i < rule->exception_count && *finds; i++) {
        bool is_excepted;
        if (!walk_condition(walker, rule->exceptions[i].condition, &is_excepted))
            return false;
        *finds = !is_excepted;
    }
    return true;
}

/* Adds to the failure which element it happened at. */
static void name_element(const struct engine_inputs *inputs, const struct trule *rule, int64_t id, struct failure *failure) {
    struct failure ignored = {0};
    struct walker walker;
    walker_start(&walker, inputs, &ignored);
    walker_bind(&walker, rule->element, (struct element){value_int(id), NULL});
    struct type type = {.kind = TYPE_RECORD, .record = rule->record};
    struct texpr element = {.kind = TEXPR_VARIABLE, .type = type, .variable = rule->element};
    struct field *key = rule->record->fields[FIELD_KEY];
    struct texpr expression = {.kind = TEXPR_DERIVED, .type = key->type, .base = &element, .field = key};
    struct value name;
    if (walk(&walker, &expression, &name) && name.kind == VALUE_TEXT)
        failure_hint(failure, "It happened at %s `%.*s`, for the rule `%s`.", rule->record->name, (int)name.length, name.text, rule->name);
    walker_finish(&walker);
}

/* ---- all elements ---- */

struct checking {
    struct walker walker;
    struct plan plan;
    const struct engine_inputs *inputs;
    const struct trule *const *rules;
    struct term **conditions; /* of the rules */
    int rule_count;
    bool want_messages;
    const struct finding_sink *sink;
    struct failure *failure;
    struct failure ignored;   /* of values while the plan runs */
};

static bool hand_over(struct checking *checking, const struct trule *rule, int64_t id, bool *by_sink) {
    static const char missing[] = "—";
    struct value message = value_text("", 0);
    if (checking->want_messages && !walk(&checking->walker, rule->message, &message))
        return false;
    if (message.kind != VALUE_TEXT)
        message = value_text(missing, sizeof missing - 1);
    *by_sink = !checking->sink->found(checking->sink->context, rule, id, message.text, message.length, checking->failure);
    return !*by_sink;
}

/* What the plan could not decide is walked. */
static bool check_element(struct checking *checking, const struct trule *rule, struct element element, enum truth truth) {
    bool finds = truth == TRUTH_TRUE, by_sink = false;
    checking->walker.failure = checking->failure;
    struct slot before = walker_bind(&checking->walker, rule->element, element);
    bool good = (truth != TRUTH_FAILED || rule_finds(&checking->walker, rule, &finds)) && (!finds || hand_over(checking, rule, element.value.integer, &by_sink));
    walker_unbind(&checking->walker, rule->element, before);
    checking->walker.failure = &checking->ignored;
    if (!good && !by_sink && checking->failure->kind == FAILURE_PROGRAM && checking->failure->code != DIAG_UNKNOWN_KEY)
        name_element(checking->inputs, rule, element.value.integer, checking->failure);
    return good;
}

/* ---- rules as terms ---- */

static void add_condition(struct checking *checking, int rule, const struct texpr *condition, bool is_exception) {
    struct plan *plan = &checking->plan;
    struct term **whole = &checking->conditions[rule];
    if (!condition)
        return;
    struct term *term = plan_compile(plan, plan_root(plan, checking->rules[rule]->record), checking->rules[rule]->element, condition, *whole);
    *whole = term_and(plan, *whole, is_exception ? term_not(plan, term) : term);
}

/* Exceptions are asked only of what the conditions find. */
static void compile_rule(struct checking *checking, int rule) {
    const struct trule *typed = checking->rules[rule];
    add_condition(checking, rule, typed->where, false);
    add_condition(checking, rule, typed->when, false);
    for (int i = 0; i < typed->exception_count; i++)
        add_condition(checking, rule, typed->exceptions[i].condition, true);
    if (!checking->conditions[rule])
        checking->conditions[rule] = term_constant(&checking->plan, (struct type){.kind = TYPE_BOOL}, value_int(1));
}

/* ---- in the pass itself, when all rules can be decided in one ---- */

static bool check_rows(void *context, struct space *root) {
    struct checking *checking = context;
    struct row_view view = {.batch = &root->batch, .columns = root->field_columns, .column_count = root->record->field_count, .fields = root->fields.items, .field_count = root->fields.count};
    for (int i = 0; i < checking->rule_count; i++)
        term_need(&checking->plan, checking->conditions[i]);
    for (int row = 0; row < root->count && !checking->plan.has_failed; row++)
        for (int i = 0; i < checking->rule_count; i++) {
            const struct term *condition = checking->conditions[i];
            uint8_t truth = condition->result.truths[condition->space->kind == SPACE_ONCE ? 0 : row];
            view.row = row;
            struct element element = {value_int(root->ids[row]), root->from_table ? NULL : &view};
            if ((truth == TRUTH_TRUE || truth == TRUTH_FAILED) && !check_element(checking, checking->rules[i], element, truth))
                return false;
        }
    return !checking->plan.has_failed;
}

/* ---- after all passes, when they cannot: what each decided has been kept ---- */

static bool check_table(struct checking *checking, const struct table *table) {
    for (int64_t position = 0; position < table->count; position++) {
        if (position % ROOT_ROWS == 0)
            walker_release(&checking->walker);
        for (int i = 0; i < checking->rule_count; i++) {
            const struct term *condition = checking->conditions[i];
            uint8_t truth = condition->space->kind == SPACE_ONCE ? condition->result.truths[0] : condition->column.truths[position];
            if ((truth == TRUTH_TRUE || truth == TRUTH_FAILED) && !check_element(checking, checking->rules[i], (struct element){value_int(table->ids[position]), NULL}, truth))
                return false;
        }
    }
    return true;
}

static bool run_checks(struct checking *checking) {
    struct plan *plan = &checking->plan;
    struct plan_visit visit = {.root = plan_root(plan, checking->rules[0]->record), .visit = check_rows, .context = checking};
    bool in_one = true;
    for (int i = 0; i < checking->rule_count; i++) {
        in_one = in_one && checking->conditions[i]->level == checking->conditions[0]->level;
        LIST_ADD(plan->arena, &visit.terms, checking->conditions[i]);
    }
    visit.level = checking->conditions[0]->level;
    if (in_one)
        return plan_run(plan, &visit, 1);
    for (int i = 0; i < checking->rule_count; i++)
        table_keep(plan, checking->conditions[i]);
    if (!plan_run(plan, NULL, 0))
        return false;
    for (int i = 0; i < checking->rule_count; i++)
        if (checking->conditions[i]->space->kind == SPACE_ONCE)
            term_need(plan, checking->conditions[i]);
    return check_table(checking, table_of(plan, visit.root));
}

bool eval_check_rules(const struct engine_inputs *inputs, const struct trule *const *rules, int rule_count, bool want_messages,
                      const struct finding_sink *sink, struct failure *failure) {
    if (rule_count == 0)
        return true;
    struct checking *checking = calloc(1, sizeof *checking);
    if (!checking)
        abort();
    checking->inputs = inputs;
    checking->rules = rules;
    checking->rule_count = rule_count;
    checking->want_messages = want_messages;
    checking->sink = sink;
    checking->failure = failure;
    walker_start(&checking->walker, inputs, failure);
    plan_start(&checking->plan, &checking->walker, &checking->ignored);
    checking->walker.failure = &checking->ignored;
    checking->conditions = ARENA_ARRAY(checking->plan.arena, struct term *, rule_count);
    for (int i = 0; i < rule_count; i++) {
        compile_rule(checking, i);
        if (want_messages)
            walker_note(&checking->walker, rules[i]->message);
    }
    bool good = run_checks(checking);
    plan_finish(&checking->plan);
    walker_finish(&checking->walker);
    operator_context_release_texts(inputs->operators);
    free(checking);
    return good;
}
