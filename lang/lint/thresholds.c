/* Rules and mandates beside one another: thresholds that overlap or leave a gap, the same asked twice, names too alike, numbers that stand in several places.
 * Knows: pairs of rules, and ranges of conditions (reason.h). Does not know: single conditions. */
#include "lang/lint/linter.h"
#include "lang/lint/reason.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- the same under other names ---- */

struct pairing {
    const struct tvar *first[2], *second[2]; /* the element, the period */
};

static bool is_paired(void *context, const struct tvar *a, const struct tvar *b) {
    const struct pairing *pairing = context;
    return (a == pairing->first[0] && b == pairing->second[0]) || (a && a == pairing->first[1] && b == pairing->second[1]);
}

static bool is_same(const struct texpr *a, const struct texpr *b, struct pairing *pairing) {
    return (!a && !b) || (a && b && texpr_equal_under(a, b, is_paired, pairing));
}

static struct span head_of(const struct linter *linter, struct span span) {
    const char *text = source_get(linter->input->sources, span.file)->text;
    span.end = span.start + (uint32_t)strcspn(text + span.start, "{\n");
    while (span.end > span.start && text[span.end - 1] == ' ')
        span.end--;
    return span;
}

static const char *office_words(struct arena *arena, const char *office) {
    return office ? arena_format(arena, " of %s", office) : "";
}

/* ---- rules ---- */

static bool is_in_order(const struct trule *a, const struct trule *b) {
    return a->span.file != b->span.file ? a->span.file < b->span.file : a->span.start < b->span.start;
}

static bool say_if_duplicate(struct linter *linter, const struct trule *first, const struct trule *second, struct pairing *pairing) {
    if (!is_same(first->when, second->when, pairing) || first->exception_count || second->exception_count)
        return false;
    struct lint_finding *finding = lint_say(linter, LINT_DUPLICATE_RULE, head_of(linter, second->span), second->name, office_words(linter->arena, second->office), first->name, office_words(linter->arena, first->office));
    if (is_own_file(linter, first->span.file))
        lint_second(linter, finding, head_of(linter, first->span), "`%s` finds the same", first->name);
    return true;
}

static bool is_apart(const struct range *low, const struct range *high) {
    return low->high < high->low || (low->high == high->low && (low->high_open || high->low_open || low->is_whole));
}

/* In steps that people think in: days of lengths of time, hundredths of money. */
static long double unit_of(const struct range *range) {
    if (range->is_ratio || !range->is_whole)
        return 0;
    return range->of->type.kind == TYPE_DURATION ? 86400 : range->of->type.kind == TYPE_MONEY ? 100 : 1;
}

/* Is there a value between? only_one: and is it the only one? */
static bool has_gap(const struct range *low, const struct range *high, bool *only_one) {
    long double unit = unit_of(low), from = low->high, to = high->low;
    *only_one = false;
    if (unit == 0) {
        *only_one = from == to && low->high_open && high->low_open;
        return from < to || *only_one;
    }
    long double first = (floorl(from / unit) + 1) * unit, last = (ceill(to / unit) - 1) * unit;
    *only_one = first == last;
    return first <= last;
}

enum { CLAIMS_MAX = 32 };

/* A condition of the one said of the element of the other. */
static const struct texpr *said_of(struct linter *linter, const struct texpr *condition, const struct trule *of, const struct trule *other) {
    int64_t budget = 4000;
    struct texpr *element = texpr_variable(linter->arena, other->element, condition->span);
    const struct texpr *result = texpr_substitute(linter->arena, condition, of->element, element, &linter->variable_count, &budget);
    return budget >= 0 ? result : NULL;
}

/* Is there an element that both find, their exceptions left out? */
static bool find_together(struct linter *linter, const struct trule *first, const struct trule *second) {
    struct claim claims[CLAIMS_MAX] = {{first->where, false}, {first->when, false}, {said_of(linter, second->when, second, first), false}};
    int count = 3;
    for (int i = 0; i < first->exception_count && count < CLAIMS_MAX; i++)
        claims[count++] = (struct claim){first->exceptions[i].condition, true};
    for (int i = 0; i < second->exception_count && count < CLAIMS_MAX; i++)
        claims[count++] = (struct claim){said_of(linter, second->exceptions[i].condition, second, first), true};
    return claims_can_hold(claims, count, &linter->variable_count);
}

static void compare_ranges(struct linter *linter, const struct trule *first, const struct trule *second, struct range low, struct range high) {
    if (high.low < low.low || (high.low == low.low && high.high < low.high)) {
        struct range swap = low;
        low = high;
        high = swap;
    }
    if (!is_apart(&low, &high) && find_together(linter, first, second)) {
        struct lint_finding *finding = lint_say(linter, LINT_OVERLAPPING_THRESHOLDS, second->when->span, first->name, second->name, lint_short(linter, second->when->span), lint_short(linter, first->when->span));
        lint_second(linter, finding, first->when->span, "the threshold of `%s`", first->name);
    }
}

/* Rules of one thing asked of the same records, in order of their ranges. */
struct ladder_step {
    const struct trule *rule;
    struct range range;
};

static int compare_steps(const void *a, const void *b) {
    const struct ladder_step *first = a, *second = b;
    return first->range.low < second->range.low ? -1 : first->range.low > second->range.low;
}

static void look_for_gaps(struct linter *linter, struct ladder_step *steps, int count) {
    if (count < 2)
        return;
    qsort(steps, (size_t)count, sizeof *steps, compare_steps);
    for (int i = 0; i + 1 < count; i++) {
        bool only_one, outside = !isfinite(steps[i].range.low) && !isfinite(steps[i + 1].range.high); /* below and above: what lies between is meant to be fine */
        if (!is_apart(&steps[i].range, &steps[i + 1].range) || !has_gap(&steps[i].range, &steps[i + 1].range, &only_one) || (outside && !only_one))
            continue;
        const struct trule *low = steps[i].rule, *high = steps[i + 1].rule;
        struct lint_finding *finding = lint_say(linter, LINT_GAP_BETWEEN_THRESHOLDS, high->when->span, low->name, high->name, lint_short(linter, low->when->span), lint_short(linter, high->when->span));
        lint_second(linter, finding, low->when->span, "the threshold of `%s`", low->name);
    }
}

static bool is_asked_of_same(const struct trule *first, const struct trule *second, struct pairing *pairing) {
    *pairing = (struct pairing){{first->element, NULL}, {second->element, NULL}};
    bool at_one_time = first->effective_from <= second->effective_until && second->effective_from <= first->effective_until;
    return at_one_time && first->record == second->record && is_same(first->where, second->where, pairing);
}

static void look_at_rules(struct linter *linter) {
    const struct program *program = linter->program;
    int count = program->rules.count;
    bool *is_done = ARENA_ARRAY(linter->arena, bool, count + 1);
    struct ladder_step *steps = ARENA_ARRAY(linter->arena, struct ladder_step, count + 1);
    for (int i = 0; i < count; i++) {
        const struct trule *first = program->rules.items[i];
        struct range range;
        bool has_range = first->when && condition_range(first->when, &range) && !range_is_empty(&range);
        int step_count = 0;
        if (has_range && !first->exception_count && is_own_file(linter, first->span.file))
            steps[step_count++] = (struct ladder_step){first, range};
        for (int k = i + 1; k < count; k++) {
            const struct trule *second = program->rules.items[k];
            struct pairing pairing;
            struct range other;
            if (!is_asked_of_same(first, second, &pairing) || say_if_duplicate(linter, is_in_order(first, second) ? first : second, is_in_order(first, second) ? second : first, &pairing) || !has_range)
                continue;
            if (!second->when || !condition_range(second->when, &other) || other.is_ratio != range.is_ratio)
                continue;
            if (!is_same(range.of, other.of, &pairing) || !is_same(range.less, other.less, &pairing) || !is_own_file(linter, second->span.file) || !is_own_file(linter, first->span.file))
                continue;
            compare_ranges(linter, first, second, range, other);
            if (!is_done[i] && step_count && !second->exception_count)
                steps[step_count++] = (struct ladder_step){second, other};
            is_done[k] = true;
        }
        look_for_gaps(linter, steps, step_count);
    }
}

/* ---- mandates ---- */

static bool requires_same(const struct tmandate *first, const struct tmandate *second) {
    struct pairing pairing = {{first->element, first->period}, {second->element, second->period}};
    bool same_time = first->timing == second->timing && first->gate_field == second->gate_field && is_same(first->gate_value, second->gate_value, &pairing) && is_same(first->by, second->by, &pairing) &&
                     first->cadence.unit == second->cadence.unit && first->cadence.count == second->cadence.count &&
                     first->effective_from <= second->effective_until && second->effective_from <= first->effective_until;
    return first->record == second->record && same_time && is_same(first->where, second->where, &pairing) && is_same(first->requirement, second->requirement, &pairing);
}

static void look_at_mandates(struct linter *linter) {
    const struct program *program = linter->program;
    for (int i = 0; i < program->mandates.count; i++)
        for (int k = i + 1; k < program->mandates.count; k++) {
            const struct tmandate *first = program->mandates.items[i], *second = program->mandates.items[k];
            if (!requires_same(first, second))
                continue;
            struct lint_finding *finding = lint_say(linter, LINT_DUPLICATE_MANDATE, head_of(linter, second->span), second->name, second->office, first->name, first->office);
            if (is_own_file(linter, first->span.file))
                lint_second(linter, finding, head_of(linter, first->span), "%s requires it here", first->office);
        }
}

/* ---- names ---- */

struct named {
    const char *name;
    struct span span;
};

/* milestone_b and milestone_c go together, as stage_1_late and stage_2_late do: numbers, and a last word of one letter, tell them apart well enough. */
static bool is_series(const char *a, const char *b) {
    const char *last_a = strrchr(a, '_'), *last_b = strrchr(b, '_');
    if (last_a && last_b && last_a[1] && last_b[1] && last_a[2] == '\0' && last_b[2] == '\0')
        return true;
    for (;; a++, b++) {
        a += strspn(a, "0123456789");
        b += strspn(b, "0123456789");
        if (*a != *b || !*a)
            return *a == *b;
    }
}

static void look_at_names(struct linter *linter) {
    const struct program *program = linter->program;
    LIST_OF(struct named) all = {0};
    for (int i = 0; i < program->rules.count; i++) {
        struct named named = {program->rules.items[i]->name, head_of(linter, program->rules.items[i]->span)};
        LIST_ADD(linter->arena, &all, named);
    }
    for (int i = 0; i < program->mandates.count; i++) {
        struct named named = {program->mandates.items[i]->name, program->mandates.items[i]->name_span};
        LIST_ADD(linter->arena, &all, named);
    }
    enum { LENGTH_LEAST = 6 };
    for (int i = 0; i < all.count; i++)
        for (int k = i + 1; k < all.count; k++) {
            bool is_long = strlen(all.items[i].name) >= LENGTH_LEAST && strlen(all.items[k].name) >= LENGTH_LEAST;
            if (!is_long || is_series(all.items[i].name, all.items[k].name) || !is_own_file(linter, all.items[i].span.file) || nearest_distance(all.items[i].name, all.items[k].name, 1) > 1)
                continue;
            struct lint_finding *finding = lint_say(linter, LINT_NAMES_ALIKE, all.items[k].span, all.items[k].name, all.items[i].name);
            lint_second(linter, finding, all.items[i].span, "`%s` is declared here", all.items[i].name);
        }
}

/* ---- numbers that stand in several places ---- */

struct number_use {
    const char *of, *number;
    struct span span;
    const struct node *declaration;
    int times; /* in how many declarations, at the first of them */
    const struct node *last;
};
struct numbers {
    struct linter *linter;
    const struct node *declaration;
    LIST_OF(struct number_use) uses;
};

static bool is_number(const struct node *node) {
    if (node->kind == NODE_INT_LITERAL)
        return strlen(((const struct node_int_literal *)(const void *)node)->text) > 1; /* 0 to 9 speak for themselves */
    return node->kind == NODE_MONEY_LITERAL || node->kind == NODE_QUANTITY || node->kind == NODE_DECIMAL_LITERAL;
}

static void note_number(struct numbers *numbers, const struct node *of, const struct node *number) {
    struct linter *linter = numbers->linter;
    struct number_use fresh = {lint_words(linter, of->span), lint_words(linter, number->span), number->span, numbers->declaration, 1, numbers->declaration};
    for (int i = 0; i < numbers->uses.count; i++) {
        struct number_use *use = &numbers->uses.items[i];
        if (strcmp(use->of, fresh.of) == 0 && strcmp(use->number, fresh.number) == 0) {
            use->times += use->last != numbers->declaration;
            use->last = numbers->declaration;
            return;
        }
    }
    LIST_ADD(linter->arena, &numbers->uses, fresh);
}

static bool look_at_number(struct node *node, void *context) {
    if (node->kind != NODE_BINARY)
        return true;
    const struct node_binary *binary = AS(binary, BINARY, node);
    if (binary->operator < OPERATOR_EQUAL || binary->operator > OPERATOR_AT_LEAST)
        return true;
    if (is_number(binary->right) && !is_number(binary->left))
        note_number(context, binary->left, binary->right);
    if (is_number(binary->left) && !is_number(binary->right))
        note_number(context, binary->right, binary->left);
    return true;
}

static void look_at_numbers(struct linter *linter) {
    enum { TIMES_LEAST = 3 };
    struct numbers numbers = {.linter = linter};
    for (int f = 0; f < linter->input->file_count; f++) {
        const struct node_list *items = &AS(program, PROGRAM, linter->input->files[f].tree)->items;
        for (int i = 0; i < items->count && !linter->input->files[f].is_library; i++) {
            numbers.declaration = items->items[i];
            if (items->items[i]->kind == NODE_RULE || items->items[i]->kind == NODE_MANDATE)
                lint_walk(items->items[i], look_at_number, &numbers);
        }
    }
    for (int i = 0; i < numbers.uses.count; i++)
        if (numbers.uses.items[i].times >= TIMES_LEAST)
            lint_say(linter, LINT_REPEATED_NUMBER, numbers.uses.items[i].span, numbers.uses.items[i].of, numbers.uses.items[i].number, numbers.uses.items[i].times);
}

void lint_thresholds(struct linter *linter) {
    look_at_rules(linter);
    look_at_mandates(linter);
    look_at_names(linter);
    look_at_numbers(linter);
}
