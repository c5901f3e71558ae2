/* Checking rules: which elements they find. See eval.h.
 * Knows: rules. Does not know: findings that are kept. */
#include "runtime/eval/walk.h"

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
    const struct engine_inputs *inputs;
    const struct trule *const *rules;
    int rule_count;
    bool want_messages;
    const struct finding_sink *sink;
    struct failure *failure;
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

static enum step check_element(void *context, struct element element) {
    struct checking *checking = context;
    walker_release(&checking->walker);
    for (int i = 0; i < checking->rule_count; i++) {
        const struct trule *rule = checking->rules[i];
        bool finds, by_sink = false;
        struct slot before = walker_bind(&checking->walker, rule->element, element);
        bool good = rule_finds(&checking->walker, rule, &finds) && (!finds || hand_over(checking, rule, element.value.integer, &by_sink));
        walker_unbind(&checking->walker, rule->element, before);
        if (good)
            continue;
        if (!by_sink && checking->failure->kind == FAILURE_PROGRAM && checking->failure->code != DIAG_UNKNOWN_KEY)
            name_element(checking->inputs, rule, element.value.integer, checking->failure);
        return STEP_FAILED;
    }
    return STEP_ON;
}

bool eval_check_rules(const struct engine_inputs *inputs, const struct trule *const *rules, int rule_count, bool want_messages,
                      const struct finding_sink *sink, struct failure *failure) {
    if (rule_count == 0)
        return true;
    struct checking checking = {.inputs = inputs, .rules = rules, .rule_count = rule_count, .want_messages = want_messages, .sink = sink, .failure = failure};
    walker_start(&checking.walker, inputs, failure);
    for (int i = 0; i < rule_count; i++) {
        if (rules[i]->where)
            walker_note(&checking.walker, rules[i]->where);
        if (rules[i]->when)
            walker_note(&checking.walker, rules[i]->when);
        for (int e = 0; e < rules[i]->exception_count; e++)
            walker_note(&checking.walker, rules[i]->exceptions[e].condition);
        if (want_messages)
            walker_note(&checking.walker, rules[i]->message);
    }
    bool good = walk_rows(&checking.walker, rules[0]->record, NULL, 0, check_element, &checking) != STEP_FAILED;
    walker_finish(&checking.walker);
    operator_context_release_texts(inputs->operators);
    return good;
}
