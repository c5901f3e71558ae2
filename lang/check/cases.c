/* `if` and `case`: branches of one type, rows that are never reached, values that no row takes.
 * Knows: conditions, the facts they give, enums. Does not know: which operation a sign means. */
#include "lang/base/text.h"
#include "lang/check/checker.h"

#include <assert.h>

/* ---- branches ---- */

/* Brings the branches to one type; the result is optional when one of them is. */
static struct texpr *make_case(struct context *context, struct node *node, struct texpr **parts, struct node **nodes, int count) {
    struct checker *checker = context->checker;
    struct texpr *first = NULL;
    bool optional = false;
    for (int i = 0; i < count; i++) {
        bool is_value = i % 2 == 1 || i == count - 1;
        if (is_poison(parts[i]))
            return poison(context, node);
        /* One number among whole ones makes numbers of all. */
        bool widens = first && first->type.kind == TYPE_INT && (parts[i]->type.kind == TYPE_NUMBER || parts[i]->type.kind == TYPE_DECIMAL);
        if (is_value && (!first || first->type.kind == TYPE_NOTHING || widens))
            first = parts[i];
    }
    assert(first); /* the last part is always a value */
    if (first->type.kind == TYPE_DECIMAL)
        first = convert_to(checker, first, type_of_kind(TYPE_NUMBER));
    if (first->type.kind == TYPE_NOTHING || first->type.kind == TYPE_COLLECTION) {
        diagnostic_add(checker->diagnostics, first->type.kind == TYPE_NOTHING ? DIAG_ONLY_MISSING : DIAG_CASE_OF_COLLECTIONS, node->span);
        return poison(context, node);
    }
    for (int i = 0; i < count; i++) {
        if (i % 2 == 0 && i != count - 1)
            continue;
        struct texpr *converted = convert_to(checker, parts[i], type_optional(first->type, true));
        if (!converted) {
            diagnostic_add(checker->diagnostics, DIAG_BRANCHES_DIFFER, nodes[i]->span, type_words(checker, type_optional(parts[i]->type, false)),
                           type_words(checker, type_optional(first->type, false)));
            return poison(context, node);
        }
        parts[i] = converted;
        optional = optional || converted->type.optional;
    }
    return texpr_with(checker->arena, TEXPR_CASE, type_optional(first->type, optional), node->span, count, parts);
}

struct texpr *check_if(struct context *context, struct node *node, const struct type *expected) {
    struct node_if_expression *branch = AS(if_expression, IF, node);
    struct texpr *condition = check_condition(context, branch->condition, "what follows `if`");
    struct context then = *context, otherwise = *context;
    learn(&then, branch->condition, condition, true);
    learn(&otherwise, branch->condition, condition, false);
    struct texpr *value = check_expression(&then, branch->then, expected);
    const struct type *wish = expected ? expected : is_poison(value) ? NULL : &value->type;
    struct texpr *parts[] = {condition, value, check_expression(&otherwise, branch->otherwise, wish)};
    struct node *nodes[] = {branch->condition, branch->then, branch->otherwise};
    return make_case(context, node, parts, nodes, 3);
}

/* ---- rows ---- */

/* What rows of a case leave open: the values that one subject may have and no row names. Of an enum they are its values, of a condition true and false, of anything else
 * only that it is known. */
enum { BIT_FALSE = 0, BIT_TRUE = 1, BIT_KNOWN = 0, BIT_MISSING = 63, BITS_MAX = 63 /* values of an enum that is followed */ };

struct coverage {
    const struct texpr *subject;
    uint64_t all, left; /* a bit for each value */
    bool applies;  /* every condition so far is about the subject alone */
    bool is_taken; /* a row so far takes everything */
    uint64_t *hashes; /* of the conditions so far, at their positions: few tables are long, but those have thousands of rows */
};

static uint64_t bit(int place) {
    return (uint64_t)1 << place;
}

/* The bits that a value of the type may be. */
static uint64_t values_of(struct type type) {
    uint64_t known = type.kind == TYPE_ENUM ? bit(type.enumeration->value_count) - 1 : type.kind == TYPE_BOOL ? bit(BIT_FALSE) | bit(BIT_TRUE) : bit(BIT_KNOWN);
    return type.optional ? known | bit(BIT_MISSING) : known;
}

static bool compares(enum operation operation, int64_t value, int64_t constant) {
    switch (operation) {
    case OPERATION_EQUAL: return value == constant;
    case OPERATION_NOT_EQUAL: return value != constant;
    case OPERATION_LESS: return value < constant;
    case OPERATION_AT_MOST: return value <= constant;
    case OPERATION_GREATER: return value > constant;
    default: return value >= constant;
    }
}

/* The enum value that a condition is about, and which of its values make it hold; NULL when it is about something else. */
static const struct texpr *enum_subject(const struct texpr *condition, uint64_t *values) {
    const struct texpr *subject = condition->argument_count ? condition->arguments[0] : NULL;
    if (!subject || subject->type.kind != TYPE_ENUM || subject->type.enumeration->value_count > BITS_MAX)
        return NULL;
    bool is_comparison = condition->kind == TEXPR_OPERATION && condition->argument_count == 2 && condition->operation >= OPERATION_EQUAL && condition->operation <= OPERATION_AT_LEAST;
    if (!is_comparison && condition->kind != TEXPR_IN)
        return NULL;
    for (int i = 1; i < condition->argument_count; i++)
        if (condition->arguments[i]->kind != TEXPR_CONSTANT)
            return NULL;
    *values = 0;
    for (int i = 1; condition->kind == TEXPR_IN && i < condition->argument_count; i++)
        *values |= bit((int)condition->arguments[i]->constant.integer);
    for (int value = 0; is_comparison && value < subject->type.enumeration->value_count; value++)
        if (compares(condition->operation, value, condition->arguments[1]->constant.integer))
            *values |= bit(value);
    return subject;
}

/* What a condition is about, and which of its values make it hold. */
static const struct texpr *find_subject(const struct texpr *condition, uint64_t *values) {
    bool is_missing = condition->kind == TEXPR_IS_MISSING, is_known = condition->kind == TEXPR_IS_KNOWN;
    const struct texpr *subject = is_missing || is_known ? condition->arguments[0] : enum_subject(condition, values);
    if (is_missing || is_known) {
        if (subject->type.kind == TYPE_ENUM && subject->type.enumeration->value_count > BITS_MAX)
            return NULL;
        *values = is_missing ? bit(BIT_MISSING) : values_of(type_optional(subject->type, false));
    }
    if (subject)
        return subject;
    bool is_not = condition->kind == TEXPR_NOT;
    *values = bit(is_not ? BIT_FALSE : BIT_TRUE);
    return is_not ? condition->arguments[0] : condition;
}

/* True when earlier rows already take everything this one could. */
static bool note_row(struct coverage *coverage, struct texpr *const *parts, int position) {
    const struct texpr *condition = parts[position];
    if (condition->kind == TEXPR_CONSTANT && condition->constant.integer == 0)
        return true;
    coverage->hashes[position] = texpr_hash(condition);
    for (int earlier = 0; earlier < position; earlier += 2)
        if (coverage->hashes[earlier] == coverage->hashes[position] && texpr_equal(parts[earlier], condition))
            return true;
    if (coverage->is_taken)
        return true;
    coverage->is_taken = condition->kind == TEXPR_CONSTANT && condition->constant.integer == 1;
    uint64_t values;
    const struct texpr *subject = find_subject(condition, &values);
    if (!subject || (coverage->subject && !texpr_equal(subject, coverage->subject))) {
        coverage->applies = false;
        return false;
    }
    if (!coverage->subject) {
        coverage->subject = subject;
        coverage->all = coverage->left = values_of(subject->type);
    }
    bool is_unreachable = coverage->applies && (coverage->left & values) == 0;
    coverage->left &= ~values;
    return is_unreachable;
}

static void say_uncovered(struct context *context, struct node *node, const struct coverage *coverage) {
    struct checker *checker = context->checker;
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_CASE_WITHOUT_ROW, node->span);
    if (!coverage->applies || !coverage->subject || coverage->subject->type.kind != TYPE_ENUM) {
        diagnostic_hint(checker->diagnostics, said, "Add a last row, `| otherwise -> …`.");
        return;
    }
    struct buffer names = {0};
    const struct enum_type *enumeration = coverage->subject->type.enumeration;
    for (int i = 0; i < enumeration->value_count; i++)
        if (coverage->left & bit(i))
            buffer_add_format(&names, "%s`%s`", names.length ? ", " : "", enumeration->values[i].name);
    if (coverage->left & bit(BIT_MISSING))
        buffer_add_format(&names, "%sa missing one", names.length ? " or " : "");
    diagnostic_hint(checker->diagnostics, said, "No row takes %s: add rows for them, or `| otherwise -> …`.", buffer_string(&names));
    buffer_free(&names);
}

struct texpr *check_case(struct context *context, struct node *node, const struct type *expected) {
    struct checker *checker = context->checker;
    struct node_case_expression *written = AS(case_expression, CASE, node);
    int row_count = written->rows.count;
    struct texpr **parts = ARENA_ARRAY(checker->arena, struct texpr *, row_count * 2 + 1);
    struct node **nodes = ARENA_ARRAY(checker->arena, struct node *, row_count * 2 + 1);
    struct coverage coverage = {.applies = true, .hashes = ARENA_ARRAY(checker->arena, uint64_t, row_count * 2 + 1)};
    struct context inner = *context;
    int count = 0;
    bool good = true, has_otherwise = false;
    for (int i = 0; i < row_count; i++) {
        struct node_case_row *row = AS(case_row, CASE_ROW, written->rows.items[i]);
        if (has_otherwise) {
            diagnostic_add(checker->diagnostics, DIAG_ROW_UNREACHABLE, row->head.span);
            continue;
        }
        struct context then = inner;
        if (row->condition) {
            struct texpr *condition = check_condition(&inner, row->condition, "the condition of a row");
            parts[count] = condition;
            nodes[count++] = row->condition;
            good = good && !is_poison(condition);
            learn(&then, row->condition, condition, true);
            learn(&inner, row->condition, condition, false);
            if (good && note_row(&coverage, parts, count - 1))
                diagnostic_add(checker->diagnostics, DIAG_ROW_UNREACHABLE, row->head.span);
        } else
            has_otherwise = true;
        parts[count] = check_expression(&then, row->value, expected);
        good = good && !is_poison(parts[count]);
        if (!expected && !is_poison(parts[count]) && parts[count]->type.kind != TYPE_NOTHING)
            expected = &parts[count]->type;
        nodes[count++] = row->value;
    }
    if (!good || row_count == 0)
        return poison(context, node);
    bool is_covered = coverage.applies && coverage.subject && coverage.left == 0;
    if (has_otherwise && is_covered)
        diagnostic_add(checker->diagnostics, DIAG_ROW_UNREACHABLE, written->rows.items[row_count - 1]->span);
    if (!has_otherwise && !is_covered) {
        say_uncovered(context, node, &coverage);
        return poison(context, node);
    }
    if (!has_otherwise) { /* the last condition must hold when no other did */
        parts[count - 2] = parts[count - 1];
        nodes[count - 2] = nodes[count - 1];
        count--;
    }
    return make_case(context, node, parts, nodes, count);
}
