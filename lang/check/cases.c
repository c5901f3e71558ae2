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
    if (!is_poison(condition)) {
        then.facts = facts_when(context->checker, context->facts, condition, true);
        otherwise.facts = facts_when(context->checker, context->facts, condition, false);
    }
    struct texpr *value = check_expression(&then, branch->then, expected);
    const struct type *wish = expected ? expected : is_poison(value) ? NULL : &value->type;
    struct texpr *parts[] = {condition, value, check_expression(&otherwise, branch->otherwise, wish)};
    struct node *nodes[] = {branch->condition, branch->then, branch->otherwise};
    return make_case(context, node, parts, nodes, 3);
}

/* ---- rows ---- */

/* What rows of a case leave open: the values of one enum-typed expression not named yet. */
struct coverage {
    const struct texpr *subject;
    uint64_t left; /* a bit for each value of an enum of at most 64 */
    bool applies;  /* every condition so far is about the subject alone */
    bool is_taken; /* a row so far takes everything */
    uint64_t *hashes; /* of the conditions so far, at their positions: few tables are long, but those have thousands of rows */
};

static const struct texpr *enum_subject(const struct texpr *condition, uint64_t *values) {
    const struct texpr *subject = condition->argument_count ? condition->arguments[0] : NULL;
    if (!subject || subject->type.kind != TYPE_ENUM || subject->type.enumeration->value_count > 64)
        return NULL;
    uint64_t all = subject->type.enumeration->value_count == 64 ? ~(uint64_t)0 : ((uint64_t)1 << subject->type.enumeration->value_count) - 1;
    *values = 0;
    if (condition->kind == TEXPR_IN) {
        for (int i = 1; i < condition->argument_count; i++) {
            if (condition->arguments[i]->kind != TEXPR_CONSTANT)
                return NULL;
            *values |= (uint64_t)1 << condition->arguments[i]->constant.integer;
        }
        return subject;
    }
    if (condition->kind != TEXPR_OPERATION || condition->argument_count != 2 || condition->arguments[1]->kind != TEXPR_CONSTANT)
        return NULL;
    for (int value = 0; value < subject->type.enumeration->value_count; value++) {
        int64_t constant = condition->arguments[1]->constant.integer;
        bool holds = condition->operation == OPERATION_EQUAL       ? value == constant
                     : condition->operation == OPERATION_NOT_EQUAL ? value != constant
                     : condition->operation == OPERATION_LESS      ? value < constant
                     : condition->operation == OPERATION_AT_MOST   ? value <= constant
                     : condition->operation == OPERATION_GREATER   ? value > constant
                     : condition->operation == OPERATION_AT_LEAST  ? value >= constant
                                                                   : false;
        if (holds)
            *values |= (uint64_t)1 << value;
    }
    *values &= all;
    return condition->operation >= OPERATION_EQUAL && condition->operation <= OPERATION_AT_LEAST ? subject : NULL;
}

/* True when an earlier row already takes everything this one could. */
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
    const struct texpr *subject = enum_subject(condition, &values);
    if (!subject || (coverage->subject && !texpr_equal(subject, coverage->subject))) {
        coverage->applies = false;
        return false;
    }
    if (!coverage->subject) {
        coverage->subject = subject;
        int count = subject->type.enumeration->value_count;
        coverage->left = count == 64 ? ~(uint64_t)0 : ((uint64_t)1 << count) - 1;
    }
    bool is_unreachable = coverage->applies && (coverage->left & values) == 0;
    coverage->left &= ~values;
    return is_unreachable;
}

static void say_uncovered(struct context *context, struct node *node, const struct coverage *coverage) {
    struct checker *checker = context->checker;
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_CASE_WITHOUT_ROW, node->span);
    if (!coverage->applies || !coverage->subject) {
        diagnostic_hint(checker->diagnostics, said, "Add a last row, `| otherwise -> …`.");
        return;
    }
    struct buffer names = {0};
    const struct enum_type *enumeration = coverage->subject->type.enumeration;
    for (int i = 0; i < enumeration->value_count; i++)
        if (coverage->left >> i & 1)
            buffer_add_format(&names, "%s`%s`", names.length ? ", " : "", enumeration->values[i].name);
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
            if (!is_poison(condition)) {
                then.facts = facts_when(checker, inner.facts, condition, true);
                inner.facts = facts_when(checker, inner.facts, condition, false);
                if (good && note_row(&coverage, parts, count - 1))
                    diagnostic_add(checker->diagnostics, DIAG_ROW_UNREACHABLE, row->head.span);
            }
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
