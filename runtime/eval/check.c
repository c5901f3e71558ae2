/* A check: which elements rules find, and what mandates require, all in the same passes. See eval.h.
 * Knows: rules. Does not know: findings and obligations that are kept; mandates are in check_mandate.c. */
#include "runtime/eval/checking.h"

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

/* ---- what failed ---- */

void checking_name(const struct checking *checking, struct tvar *variable, struct record_type *record, int64_t id, const char *what) {
    struct failure ignored = {0};
    struct walker walker;
    if (checking->failure->code == DIAG_UNKNOWN_KEY || checking->failure->code == DIAG_QUESTION_TOO_DEEP)
        return;
    walker_start(&walker, checking->inputs, &ignored);
    walker_bind(&walker, variable, (struct element){value_int(id), NULL});
    struct type type = {.kind = TYPE_RECORD, .record = record};
    struct texpr element = {.kind = TEXPR_VARIABLE, .type = type, .variable = variable};
    struct field *key = record->fields[FIELD_KEY];
    struct texpr expression = {.kind = TEXPR_DERIVED, .type = key->type, .base = &element, .field = key};
    struct value name;
    if (walk(&walker, &expression, &name) && name.kind == VALUE_TEXT)
        failure_hint(checking->failure, "It happened at %s `%.*s`, for the %s.", record->name, (int)name.length, name.text, what);
    walker_finish(&walker);
}

/* ---- rules of one record ---- */

/* A part of a message whose value the plan has. */
struct known_part {
    const struct texpr *expression;
    struct term *term;
};
struct rule_check {
    const struct trule *rule;
    int position;     /* among the rules of the check */
    struct term *condition;
    LIST_OF(struct known_part) parts;
};
struct group {
    struct checking *checking;
    struct record_type *record;
    LIST_OF(struct rule_check) rules;
    int level;        /* of the pass in which all can be decided */
    bool is_in_pass;  /* they are handed over in it; otherwise what they decide is kept, and handed over at the end */
    int64_t position; /* of the element at hand */
    int row;          /* of it in the pass */
    const struct rule_check *at_hand;
};
/* ---- handing over ---- */

/* The walker asks for parts of a message before it walks them. What has failed is walked, to say why. */
static bool find_known(void *context, const struct texpr *expression, struct value *value) {
    const struct group *group = context;
    for (int i = 0; i < group->at_hand->parts.count; i++) {
        struct term *term = group->at_hand->parts.items[i].term;
        if (group->at_hand->parts.items[i].expression != expression)
            continue;
        if (!group->is_in_pass && term->space->kind == SPACE_ROOT) {
            *value = column_value(&term->column, group->position, group->checking->walker.scratch);
            return column_state(&term->column, group->position) != STATE_FAILED;
        }
        term_need(&group->checking->plan, term);
        if (group->checking->plan.has_failed)
            return false;
        *value = term_value(term, group->row);
        return term_state(term, group->row) != STATE_FAILED;
    }
    return false;
}

static bool hand_over(struct group *group, int64_t id, bool *by_sink) {
    static const char missing[] = "—";
    struct checking *checking = group->checking;
    const struct trule *rule = group->at_hand->rule;
    struct value message = value_text("", 0);
    if (checking->want_messages) {
        checking->walker.find_known = group->at_hand->parts.count ? find_known : NULL;
        checking->walker.known = group;
        bool good = walk(&checking->walker, rule->message, &message);
        checking->walker.find_known = NULL;
        if (!good)
            return false;
    }
    if (message.kind != VALUE_TEXT)
        message = value_text(missing, sizeof missing - 1);
    *by_sink = !checking->sink->found(checking->sink->context, rule, id, message.text, message.length, checking->failure);
    return !*by_sink;
}

/* What the plan could not decide is walked. */
static bool check_element(struct group *group, const struct rule_check *check, struct element element, enum truth truth) {
    struct checking *checking = group->checking;
    bool finds = truth == TRUTH_TRUE, by_sink = false;
    if (truth != TRUTH_TRUE && truth != TRUTH_FAILED)
        return true;
    group->at_hand = check;
    checking->walker.failure = checking->failure;
    struct slot before = walker_bind(&checking->walker, check->rule->element, element);
    bool good = (truth == TRUTH_TRUE || rule_finds(&checking->walker, check->rule, &finds)) && (!finds || hand_over(group, element.value.integer, &by_sink));
    walker_unbind(&checking->walker, check->rule->element, before);
    checking->walker.failure = &checking->ignored;
    if (!good && !by_sink && !checking->failure->has_span)
        checking->failure->span = check->rule->span;
    if (!good && !by_sink && checking->failure->kind == FAILURE_PROGRAM) {
        const struct trule *rule = check->rule;
        checking->failed = check->position;
        checking_name(checking, rule->element, rule->record, element.value.integer, arena_format(checking->plan.arena, "rule `%s`", rule->name));
    }
    return good;
}

/* ---- in the pass ---- */

static bool check_rows(void *context, struct space *root) {
    struct group *group = context;
    struct plan *plan = &group->checking->plan;
    struct row_view view = {.batch = &root->batch, .columns = root->field_columns, .column_count = root->record->field_count, .fields = root->fields.items, .field_count = root->fields.count, .as_of = STORE_PRESENT};
    for (int i = 0; i < group->rules.count; i++)
        term_need(plan, group->rules.items[i].condition);
    for (int row = 0; row < root->count && !plan->has_failed; row++)
        for (int i = 0; i < group->rules.count; i++) {
            const struct term *condition = group->rules.items[i].condition;
            uint8_t truth = condition->result.truths[condition->space->kind == SPACE_ONCE ? 0 : row];
            if (truth == TRUTH_FALSE)
                continue;
            group->row = view.row = row;
            if (!check_element(group, &group->rules.items[i], (struct element){value_int(root->ids[row]), root->from_table ? NULL : &view}, truth))
                return false;
        }
    return !plan->has_failed;
}

/* ---- after all passes ---- */

static enum step check_kept(void *context, struct element element) {
    struct group *group = context;
    walker_release(&group->checking->walker);
    for (int i = 0; i < group->rules.count; i++) {
        struct term *condition = group->rules.items[i].condition;
        uint8_t truth = condition->space->kind == SPACE_ONCE ? condition->result.truths[0] : column_truth(&condition->column, group->position);
        if (truth != TRUTH_FALSE && !check_element(group, &group->rules.items[i], element, truth))
            return STEP_FAILED;
    }
    group->position++;
    return STEP_ON;
}

/* With messages the rows are read again: in the same order, so that each stands where its values do. */
static bool check_group(struct group *group) {
    struct checking *checking = group->checking;
    struct table *table = plan_root(&checking->plan, group->record)->table;
    for (int i = 0; i < group->rules.count; i++)
        if (group->rules.items[i].condition->space->kind == SPACE_ONCE)
            term_need(&checking->plan, group->rules.items[i].condition);
    if (checking->want_messages)
        return walk_rows(&checking->walker, group->record, NULL, 0, check_kept, group) != STEP_FAILED;
    enum step step = STEP_ON;
    for (int64_t i = 0; i < table_count(table) && step == STEP_ON; i++)
        step = check_kept(group, (struct element){value_int(column_integer(&table->ids, i)), NULL});
    return step == STEP_ON;
}

/* ---- rules as terms ---- */

static void add_condition(struct group *group, struct rule_check *check, const struct texpr *condition, bool is_exception) {
    struct plan *plan = &group->checking->plan;
    if (!condition)
        return;
    struct term *term = term_as(plan, plan_compile(plan, plan_root(plan, group->record), check->rule->element, condition, check->condition), FORM_TRUTH);
    check->condition = term_and(plan, check->condition, is_exception ? term_not(plan, term) : term);
}

/* Aggregates, and fields of other records, that a message shows: walking them for each finding would be dear. */
struct finding_parts {
    struct group *group;
    struct rule_check *check;
};

static bool note_part(const struct texpr *part, void *context) {
    struct finding_parts *finding = context;
    struct plan *plan = &finding->group->checking->plan;
    bool is_of_other = (part->kind == TEXPR_FIELD || part->kind == TEXPR_DERIVED) && part->base->kind != TEXPR_VARIABLE;
    bool is_scalar = part->type.kind != TYPE_RECORD && part->type.kind != TYPE_ROW && part->type.kind != TYPE_COLLECTION;
    if (!is_scalar || (part->kind != TEXPR_AGGREGATE && part->kind != TEXPR_DERIVED && !is_of_other) || !plan_only_uses(plan, part, finding->check->rule->element))
        return true;
    struct term *term = plan_compile(plan, plan_root(plan, finding->group->record), finding->check->rule->element, part, finding->check->condition);
    if (term->kind == TERM_WALK)
        return true;
    struct known_part known = {part, term};
    LIST_ADD(plan->arena, &finding->check->parts, known);
    return false;
}

/* Exceptions are asked only of what the conditions find. */
static void add_rule(struct group *group, const struct trule *rule, int position) {
    struct checking *checking = group->checking;
    struct plan *plan = &checking->plan;
    struct rule_check check = {.rule = rule, .position = position};
    add_condition(group, &check, rule->where, false);
    add_condition(group, &check, rule->when, false);
    for (int i = 0; i < rule->exception_count; i++)
        add_condition(group, &check, rule->exceptions[i].condition, true);
    if (!check.condition)
        check.condition = term_constant(plan, (struct type){.kind = TYPE_BOOL}, value_int(1));
    if (checking->want_messages) {
        struct finding_parts finding = {group, &check};
        texpr_walk(rule->message, note_part, &finding);
        walker_note(&checking->walker, rule->message);
        plan_note_fields(plan, plan_root(plan, group->record), rule->message);
    }
    LIST_ADD(plan->arena, &group->rules, check);
}

static struct group *group_of(struct checking *checking, struct record_type *record) {
    for (int i = 0; i < checking->groups.count; i++)
        if (checking->groups.items[i]->record == record)
            return checking->groups.items[i];
    struct group *group = ARENA_NEW(checking->plan.arena, struct group);
    group->checking = checking;
    group->record = record;
    LIST_ADD(checking->plan.arena, &checking->groups, group);
    return group;
}

/* ---- running ---- */

static int level_span(const struct group *group, int *least) {
    int most = 0;
    *least = group->rules.items[0].condition->level;
    for (int i = 0; i < group->rules.count; i++) {
        const struct rule_check *check = &group->rules.items[i];
        *least = check->condition->level < *least ? check->condition->level : *least;
        most = check->condition->level > most ? check->condition->level : most;
        for (int p = 0; p < check->parts.count; p++)
            most = check->parts.items[p].term->level > most ? check->parts.items[p].term->level : most;
    }
    return most;
}

/* Rules of one level are handed over as they are decided, and nothing is kept. */
static void place_group(struct group *group, struct plan_visit *visit) {
    struct plan *plan = &group->checking->plan;
    int least;
    group->level = level_span(group, &least);
    group->is_in_pass = least == group->level && (group->level == 0 || !group->checking->want_messages);
    *visit = (struct plan_visit){.root = plan_root(plan, group->record), .level = group->is_in_pass ? group->level : 0, .visit = check_rows, .context = group};
    for (int i = 0; i < group->rules.count; i++) {
        const struct rule_check *check = &group->rules.items[i];
        LIST_ADD(plan->arena, &visit->terms, check->condition);
        for (int p = 0; p < check->parts.count; p++)
            LIST_ADD(plan->arena, &visit->terms, check->parts.items[p].term);
    }
    if (group->is_in_pass)
        return;
    table_of(plan, visit->root);
    for (int i = 0; i < visit->terms.count; i++)
        table_keep(plan, visit->terms.items[i]);
}

static bool run_checks(struct checking *checking) {
    struct plan_visit *visits = ARENA_ARRAY(checking->plan.arena, struct plan_visit, checking->groups.count + checking->mandates.count);
    int visit_count = 0;
    for (int i = 0; i < checking->groups.count; i++) {
        place_group(checking->groups.items[i], &visits[visit_count]);
        visit_count += checking->groups.items[i]->is_in_pass;
    }
    for (int i = 0; i < checking->mandates.count; i++)
        mandate_check_place(checking->mandates.items[i], &visits[visit_count++]);
    if (!plan_hold(&checking->plan))
        return false;
    bool good = plan_run(&checking->plan, visits, visit_count);
    for (int i = 0; i < checking->groups.count && good; i++)
        good = checking->groups.items[i]->is_in_pass || check_group(checking->groups.items[i]);
    store_release(checking->inputs->store);
    return good && !checking->plan.has_failed;
}

/* *failed: the position of the rule or mandate that could not be evaluated for an element, rules first; else -1. */
static bool run_once(const struct engine_inputs *inputs, const struct checks *checks, const struct check_sink *sink, int *failed, struct failure *failure) {
    struct checking *checking = calloc(1, sizeof *checking);
    if (!checking)
        abort();
    *checking = (struct checking){.inputs = inputs, .want_messages = checks->want_messages, .sink = sink, .failure = failure, .failed = -1};
    walker_start(&checking->walker, inputs, failure);
    plan_start(&checking->plan, &checking->walker, &checking->ignored);
    checking->walker.failure = &checking->ignored;
    for (int i = 0; i < checks->rule_count; i++)
        add_rule(group_of(checking, checks->rules[i]->record), checks->rules[i], i);
    for (int i = 0; i < checks->mandate_count; i++)
        mandate_check_add(checking, checks->mandates[i], checks->rule_count + i);
    bool good = run_checks(checking);
    plan_finish(&checking->plan);
    walker_finish(&checking->walker);
    operator_context_release_texts(inputs->operators);
    *failed = checking->failed;
    free(checking);
    return good;
}

static bool pass_over_found(void *context, const struct trule *rule, int64_t id, const char *message, size_t length, struct failure *failure) {
    (void)context, (void)rule, (void)id, (void)message, (void)length, (void)failure;
    return true;
}

static bool pass_over_asked(void *context, const struct tmandate *mandate, const struct asked *asked, struct failure *failure) {
    (void)context, (void)mandate, (void)asked, (void)failure;
    return true;
}

/* An element at which one rule fails may come before that at which a rule written before it does: the message is of the first of the rules and mandates, whatever way the elements were taken. */
static void blame_first(const struct engine_inputs *inputs, const struct checks *checks, int failed, struct failure *failure) {
    static const struct check_sink nobody = {NULL, pass_over_found, pass_over_asked};
    while (failed > 0) {
        struct failure earlier = {0};
        struct checks before = *checks;
        before.rule_count = failed < checks->rule_count ? failed : checks->rule_count;
        before.mandate_count = failed - before.rule_count;
        if (!run_once(inputs, &before, &nobody, &failed, &earlier) && failed >= 0)
            *failure = earlier;
    }
}

bool eval_check(const struct engine_inputs *inputs, const struct checks *checks, const struct check_sink *sink, struct failure *failure) {
    int failed;
    if (checks->rule_count + checks->mandate_count == 0 || run_once(inputs, checks, sink, &failed, failure))
        return true;
    blame_first(inputs, checks, failed, failure);
    return false;
}
