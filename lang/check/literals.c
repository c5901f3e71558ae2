/* Literals: numbers with their suffixes, money, dates, periods, quantities, text with expressions in it.
 * Knows: how values are written. Does not know: names. */
#include "lang/base/civil.h"
#include "lang/base/text.h"
#include "lang/check/checker.h"

#include <string.h>

bool read_number(const char *text, struct decimal *value) {
    size_t length = strlen(text);
    int power = 0;
    if (length > 2 && strcmp(text + length - 2, "bn") == 0)
        power = 9, length -= 2;
    else if (length > 1 && text[length - 1] == 'M')
        power = 6, length--;
    else if (length > 1 && text[length - 1] == 'k')
        power = 3, length--;
    else if (length > 1 && text[length - 1] == '%')
        power = -2, length--;
    return decimal_parse(text, length, value, NULL) == DECIMAL_OK && decimal_shift(*value, power, value) == DECIMAL_OK;
}

static struct texpr *too_large(struct context *context, struct node *node) {
    diagnostic_add(context->checker->diagnostics, DIAG_NUMBER_TOO_LARGE, node->span, source_words(context->checker, node));
    return poison(context, node);
}

static struct texpr *check_int(struct context *context, struct node *node, const struct type *expected) {
    const char *text = AS(int_literal, INT_LITERAL, node)->text;
    int64_t period;
    if (expected && expected->kind == TYPE_PERIOD && period_parse(text, strlen(text), &period))
        return texpr_int(context->checker->arena, TYPE_PERIOD, period, node->span);
    struct decimal value;
    int64_t whole;
    if (!read_number(text, &value) || !decimal_to_int(value, &whole))
        return too_large(context, node);
    return texpr_int(context->checker->arena, TYPE_INT, whole, node->span);
}

static struct texpr *check_decimal(struct context *context, struct node *node) {
    struct decimal value;
    if (!read_number(AS(decimal_literal, DECIMAL_LITERAL, node)->text, &value))
        return too_large(context, node);
    int64_t whole;
    const char *text = AS(decimal_literal, DECIMAL_LITERAL, node)->text;
    if (!strchr(text, '%') && decimal_to_int(value, &whole) && strpbrk(text, "kMb")) /* 2.4M is a whole number */
        return texpr_int(context->checker->arena, TYPE_INT, whole, node->span);
    struct texpr *expression = texpr_create(context->checker->arena, TEXPR_CONSTANT, type_of_kind(TYPE_DECIMAL), node->span);
    expression->constant.decimal = value;
    return expression;
}

/* `50.000 USD`, by whoever groups digits with full stops: one to three digits, the first no 0, a full stop, three digits. */
static void warn_grouped(struct checker *checker, const struct node *node, const struct node_money_literal *literal) {
    const char *amount = literal->amount, *currency = literal->currency;
    size_t whole = strspn(amount, "0123456789"), parts = amount[whole] == '.' ? strspn(amount + whole + 1, "0123456789") : 0;
    if (whole < 1 || whole > 3 || amount[0] == '0' || parts != 3 || amount[whole + 4] != '\0')
        return;
    const char *after = amount + whole + 1;
    bool is_round = strcmp(after, "000") == 0;
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_MONEY_GROUPED, node->span, source_words(checker, node),
                                             arena_format(checker->arena, "%.*s%s%s", (int)whole, amount, is_round ? "" : ".", is_round ? "" : after), currency);
    diagnostic_hint(checker->diagnostics, said, "Thousands are written `%.*s%s%s %s`; this amount, if it is meant, `%.*s%s%s %s`.", (int)whole, amount, is_round ? "k" : "_", is_round ? "" : after, currency, (int)whole, amount,
                    is_round ? "" : ".", is_round ? "" : arena_format(checker->arena, "%s0", after), currency);
}

static struct texpr *check_money(struct context *context, struct node *node) {
    struct checker *checker = context->checker;
    struct node_money_literal *literal = AS(money_literal, MONEY_LITERAL, node);
    struct decimal value;
    int64_t amount;
    bool was_rounded = false;
    if (!read_number(literal->amount, &value) || decimal_to_money(value, &amount, &was_rounded) != DECIMAL_OK)
        return too_large(context, node);
    if (was_rounded)
        diagnostic_add(checker->diagnostics, DIAG_MONEY_ROUNDED, node->span, source_words(checker, node));
    warn_grouped(checker, node, literal);
    struct texpr *expression = texpr_int(checker->arena, TYPE_MONEY, amount, node->span);
    expression->type.currency = intern_string(checker->names, literal->currency);
    return expression;
}

static struct texpr *check_quantity(struct context *context, struct node *node) {
    struct node_quantity *quantity = AS(quantity, QUANTITY, node);
    static const struct {
        enum type_kind kind;
        int64_t size;
    } units[] = {
        [UNIT_SECOND] = {TYPE_DURATION, 1},          [UNIT_MINUTE] = {TYPE_DURATION, 60},
        [UNIT_HOUR] = {TYPE_DURATION, 3600},         [UNIT_DAY] = {TYPE_DURATION, DAY_SECONDS},
        [UNIT_WEEK] = {TYPE_DURATION, 7 * DAY_SECONDS}, [UNIT_MONTH] = {TYPE_SPAN, 1},
        [UNIT_QUARTER] = {TYPE_SPAN, 3},             [UNIT_YEAR] = {TYPE_SPAN, 12},
        [UNIT_WORKING_DAY] = {TYPE_WORKING_DAYS, 1},
    };
    struct decimal value, size = {units[quantity->unit].size, 0};
    int64_t amount;
    if (!read_number(quantity->amount, &value) || !decimal_multiply(value, size, &value))
        return too_large(context, node);
    if (!decimal_to_int(value, &amount)) {
        diagnostic_add(context->checker->diagnostics, DIAG_PART_OF_UNIT, node->span, source_words(context->checker, node),
                       units[quantity->unit].kind == TYPE_DURATION ? "second" : unit_name((enum unit)quantity->unit));
        return poison(context, node);
    }
    return texpr_int(context->checker->arena, units[quantity->unit].kind, amount, node->span);
}

struct texpr *check_literal(struct context *context, struct node *node, const struct type *expected) {
    struct arena *arena = context->checker->arena;
    int64_t value;
    switch (node->kind) {
    case NODE_INT_LITERAL:
        return check_int(context, node, expected);
    case NODE_DECIMAL_LITERAL:
        return check_decimal(context, node);
    case NODE_MONEY_LITERAL:
        return check_money(context, node);
    case NODE_QUANTITY:
        return check_quantity(context, node);
    case NODE_BOOL_LITERAL:
        return texpr_int(arena, TYPE_BOOL, AS(bool_literal, BOOL_LITERAL, node)->value, node->span);
    case NODE_DATE_LITERAL: {
        const char *text = AS(date_literal, DATE_LITERAL, node)->text;
        if (!date_parse(text, strlen(text), &value))
            return poison(context, node); /* the lexer has said so */
        return texpr_int(arena, TYPE_DATE, value, node->span);
    }
    case NODE_DATETIME_LITERAL: {
        const char *text = AS(datetime_literal, DATETIME_LITERAL, node)->text;
        if (!datetime_parse(text, strlen(text), &value))
            return poison(context, node); /* the lexer has said so */
        return texpr_int(arena, TYPE_DATETIME, value, node->span);
    }
    case NODE_PERIOD_LITERAL: {
        const char *text = AS(period_literal, PERIOD_LITERAL, node)->text;
        if (!period_parse(text, strlen(text), &value))
            return poison(context, node); /* the lexer has said so */
        return texpr_int(arena, TYPE_PERIOD, value, node->span);
    }
    default:
        return texpr_create(arena, TEXPR_MISSING, (struct type){.kind = TYPE_NOTHING, .optional = true}, node->span);
    }
}

/* ---- text ---- */

static struct texpr *constant_text(struct context *context, const struct node_text_literal *literal, struct span span) {
    const char *text = literal->parts.count ? ((const struct node_text_part *)(const void *)literal->parts.items[0])->text : "";
    return texpr_text(context->checker->arena, text, strlen(text), span);
}

/* Text where an enum's value or a record's key is wanted. */
static struct texpr *text_as_constant(struct context *context, struct node *node, const struct type *expected) {
    struct checker *checker = context->checker;
    const char *text = name_text(node);
    if (expected->kind == TYPE_RECORD)
        return key_reference(context, expected->record, text, node->span);
    const struct enum_type *enumeration = expected->enumeration;
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_ENUM_IN_QUOTES, node->span, text, enumeration->name);
    struct nearest nearest;
    nearest_start(&nearest, text);
    for (int i = 0; i < enumeration->value_count; i++) {
        if (strcmp(enumeration->values[i].title, text) == 0) {
            diagnostic_hint(checker->diagnostics, said, "Write `%s`, without quotes.", enumeration->values[i].name);
            return poison(context, node);
        }
        nearest_offer(&nearest, enumeration->values[i].name);
    }
    diagnostic_hint(checker->diagnostics, said, "Write `%s`, without quotes.", nearest.best ? nearest.best : enumeration->values[0].name);
    return poison(context, node);
}

struct texpr *check_text(struct context *context, struct node *node, const struct type *expected) {
    struct checker *checker = context->checker;
    struct node_text_literal *literal = AS(text_literal, TEXT_LITERAL, node);
    bool is_constant = literal->parts.count == 0 || (literal->parts.count == 1 && literal->parts.items[0]->kind == NODE_TEXT_PART);
    if (is_constant && expected && literal->parts.count && (expected->kind == TYPE_RECORD || expected->kind == TYPE_ENUM))
        return text_as_constant(context, node, expected);
    if (is_constant)
        return constant_text(context, literal, node->span);
    struct texpr **parts = ARENA_ARRAY(checker->arena, struct texpr *, literal->parts.count);
    bool good = true;
    for (int i = 0; i < literal->parts.count; i++) {
        struct node *part = literal->parts.items[i];
        if (part->kind == NODE_TEXT_PART) {
            const char *text = AS(text_part, TEXT_PART, part)->text;
            parts[i] = texpr_text(checker->arena, text, strlen(text), part->span);
        } else
            parts[i] = to_text(context, check_expression(context, part, NULL), part);
        good = good && !is_poison(parts[i]);
    }
    return good ? texpr_with(checker->arena, TEXPR_TEXT, type_of_kind(TYPE_TEXT), node->span, literal->parts.count, parts) : poison(context, node);
}
