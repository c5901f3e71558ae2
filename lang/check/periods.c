/* Collections of periods, and the cadences by which periods follow one another.
 * Knows: words and lengths of cadences. Does not know: calendars (lang/base). */
#include "lang/base/limits.h"
#include "lang/check/checker.h"

#include <string.h>

/* ---- cadences ---- */

static void hint_word(struct checker *checker, struct diagnostic *said, const char *word) {
    static const struct {
        const char *said, *meant;
    } others[] = {
        {"daily", "day"}, {"weekly", "week"}, {"monthly", "month"}, {"quarterly", "quarter"}, {"yearly", "year"}, {"annually", "year"},
        {"fortnight", "2 weeks"}, {"fortnightly", "2 weeks"}, {"biweekly", "2 weeks"}, {"half_year", "6 months"}, {"semester", "6 months"},
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(others[i].said, word) == 0) {
            diagnostic_hint(checker->diagnostics, said, "Write `%s`.", others[i].meant);
            return;
        }
    struct nearest nearest;
    nearest_start(&nearest, word);
    for (enum period_kind kind = PERIOD_WEEK; kind <= PERIOD_DAY; kind++)
        nearest_offer(&nearest, period_kind_word(kind));
    if (nearest.best)
        diagnostic_hint(checker->diagnostics, said, "did you mean `%s`?", nearest.best);
}

static bool refuse_word(struct checker *checker, const struct node *node) {
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_CADENCE_UNKNOWN, node->span, source_words(checker, node));
    enum period_kind kind;
    if (node->kind == NODE_TEXT_LITERAL && period_kind_parse(name_text(node), &kind))
        diagnostic_hint(checker->diagnostics, said, "Write `%s`, without quotes.", name_text(node));
    else if (node->kind == NODE_NAME)
        hint_word(checker, said, name_text(node));
    return false;
}

static bool check_quantity_cadence(struct checker *checker, const struct node_quantity *quantity, struct cadence *cadence) {
    const struct node *node = &quantity->head;
    struct decimal amount;
    int64_t count;
    if (!period_kind_parse(unit_name((enum unit)quantity->unit), &cadence->unit)) {
        diagnostic_add(checker->diagnostics, DIAG_CADENCE_UNIT, node->span, unit_name((enum unit)quantity->unit));
        return false;
    }
    cadence->count = 1;
    bool is_whole = read_number(quantity->amount, &amount) && decimal_to_int(amount, &count) && count >= 1 && count <= LIMIT_PERIOD_UNITS;
    if (is_whole)
        cadence->count = (int)count;
    if (is_whole && cadence_units(*cadence) <= LIMIT_PERIOD_UNITS)
        return true;
    diagnostic_add(checker->diagnostics, DIAG_CADENCE_COUNT, node->span, source_words(checker, node), (int)LIMIT_PERIOD_UNITS);
    return false;
}

bool check_cadence(struct checker *checker, const struct node *node, struct cadence *cadence) {
    *cadence = (struct cadence){PERIOD_DAY, 1};
    if (node->kind == NODE_QUANTITY)
        return check_quantity_cadence(checker, (const struct node_quantity *)node, cadence);
    return (node->kind == NODE_NAME && period_kind_parse(name_text(node), &cadence->unit)) || refuse_word(checker, node);
}

/* ---- the period that a question names ---- */

struct texpr *check_named_period(struct context *context, struct node *node) {
    static const char what[] = "what follows `in`";
    struct type period = type_of_kind(TYPE_PERIOD);
    struct texpr *named = check_expression(context, node, &period);
    if (named->type.kind != TYPE_DATE)
        return accept_as(context, node, named, period, what);
    struct texpr *day = accept_as(context, node, named, type_of_kind(TYPE_DATE), what);
    return is_poison(day) ? day : texpr_operation(context->checker->arena, OPERATION_DAY_OF, period, node->span, 1, &day);
}

/* ---- collections of periods ---- */

static bool is_plain(const struct node_argument *argument) {
    return argument->value && !argument->name && !argument->by && !argument->condition;
}

struct texpr *check_periods(struct context *context, struct node *node) {
    struct checker *checker = context->checker;
    struct node_list arguments = AS(call, CALL, node)->arguments;
    bool is_used_well = arguments.count == 3;
    for (int i = 0; i < arguments.count; i++)
        is_used_well = is_used_well && is_plain(AS(argument, ARGUMENT, arguments.items[i]));
    if (!is_used_well) {
        diagnostic_add(checker->diagnostics, DIAG_ARGUMENT_COUNT, node->span, "periods", "a length and two dates, as `periods(week, start, today)`");
        return poison(context, node);
    }
    struct cadence cadence;
    if (!check_cadence(checker, AS(argument, ARGUMENT, arguments.items[0])->value, &cadence))
        return poison(context, node);
    static const char *const words[] = {"the first day of `periods`", "the last day of `periods`"};
    struct texpr *days[2];
    bool good = true;
    for (int i = 0; i < 2; i++) {
        days[i] = check_as(context, AS(argument, ARGUMENT, arguments.items[i + 1])->value, type_optional(type_of_kind(TYPE_DATE), true), words[i]);
        good = good && !is_poison(days[i]);
    }
    if (!good)
        return poison(context, node);
    struct texpr *periods = texpr_with(checker->arena, TEXPR_PERIODS, type_of_collection(checker->arena, type_of_kind(TYPE_PERIOD)), node->span, 2, days);
    periods->cadence = cadence;
    return periods;
}
