/* Tests of the policy set: what none of them looks at, and expectations that say nothing.
 * Knows: tests as they are written. Does not know: what comes of running them (`remit test` tells that: coverage). */
#include "lang/lint/linter.h"

#include <string.h>

/* What the tests expect of a rule or mandate. */
struct expected {
    const char *name;
    bool holds, holds_not;
};
struct expectations {
    struct linter *linter;
    LIST_OF(struct expected) items;
    int test_count;
};

static struct expected *find_expected(struct expectations *expectations, const char *name) {
    for (int i = 0; i < expectations->items.count; i++)
        if (strcmp(expectations->items.items[i].name, name) == 0)
            return &expectations->items.items[i];
    struct expected fresh = {name, false, false};
    LIST_ADD(expectations->linter->arena, &expectations->items, fresh);
    return &expectations->items.items[expectations->items.count - 1];
}

static bool is_word(const struct node *node, const char *word) {
    const char *words = node_words(node);
    return words && strcmp(words, word) == 0;
}

/* Raised and breached are one side of a policy; not raised, met, pending the other. */
static bool note_expectation(struct node *node, void *context) {
    struct expectations *expectations = context;
    if (node->kind == NODE_EXPECT_OUTCOME) {
        const struct node_expect_outcome *outcome = AS(expect_outcome, EXPECT_OUTCOME, node);
        struct expected *expected = find_expected(expectations, node_words(outcome->name));
        bool is_bad = is_word(outcome->outcome, "raised") || is_word(outcome->outcome, "breached");
        bool raised = is_bad != (outcome->negated != 0);
        expected->holds = expected->holds || raised;
        expected->holds_not = expected->holds_not || !raised;
    } else if (node->kind == NODE_EXPECT_REFUSED && AS(expect_refused, EXPECT_REFUSED, node)->gate) {
        const struct node_expect_refused *refused = AS(expect_refused, EXPECT_REFUSED, node);
        struct expected *expected = find_expected(expectations, node_words(refused->gate));
        expected->holds = expected->holds || !refused->negated;
        expected->holds_not = expected->holds_not || refused->negated;
    }
    return true;
}

static bool is_expectation(const struct node *node) {
    return node->kind == NODE_EXPECT || node->kind == NODE_EXPECT_OUTCOME || node->kind == NODE_EXPECT_REFUSED;
}

static void look_at_test(struct linter *linter, struct node_test *test) {
    for (int i = 1; i < test->items.count; i++) /* with nothing between that could change it */
        for (int k = i - 1; k >= 0 && is_expectation(test->items.items[i]) && is_expectation(test->items.items[k]) && test->items.items[k]->kind != NODE_EXPECT_REFUSED; k--)
            if (node_equal(test->items.items[i], test->items.items[k])) {
                struct lint_finding *finding = lint_say(linter, LINT_REPEATED_EXPECTATION, test->items.items[i]->span);
                lint_second(linter, finding, test->items.items[k]->span, "it is expected here already");
                lint_edit_remove(linter, finding, test->items.items[i]->span);
                break;
            }
}

static void look_at_item(struct linter *linter, struct node *item) {
    if (item->kind == NODE_TEST)
        look_at_test(linter, AS(test, TEST, item));
}

static void look_at_tested(struct linter *linter, struct expectations *expectations, const char *kind, const char *name, const struct node *place, bool is_in_texts) {
    const struct expected *expected = find_expected(expectations, name);
    if (!expected->holds && !expected->holds_not && !is_in_texts)
        lint_say(linter, LINT_UNTESTED, place->span, kind, name);
    else if (expected->holds != expected->holds_not)
        lint_say(linter, LINT_ONE_SIDED_TEST, place->span, kind, name, expected->holds ? "fails" : "passes", expected->holds ? "passes" : "fails");
}

static bool has_test(const struct linter *linter) {
    return linter->program->tests.count > 0;
}

/* A test may speak of a rule or gate in other ways: by its name, or in a text. */
static bool is_spoken_of(struct node *node, void *context) {
    const char **wanted = context;
    const char *words = node_words(node);
    if (words && strcmp(words, wanted[0]) == 0)
        wanted[1] = words;
    return wanted[1] == NULL;
}

static bool tests_speak_of(const struct linter *linter, const char *name) {
    const char *wanted[2] = {name, NULL};
    for (int f = 0; f < linter->input->file_count; f++) {
        const struct node_list *items = &AS(program, PROGRAM, linter->input->files[f].tree)->items;
        for (int i = 0; i < items->count && !wanted[1]; i++)
            if (items->items[i]->kind == NODE_TEST)
                lint_walk(items->items[i], is_spoken_of, wanted);
    }
    return wanted[1] != NULL;
}

void lint_tests(struct linter *linter) {
    struct expectations expectations = {.linter = linter};
    lint_each_item(linter, look_at_item);
    if (!has_test(linter))
        return;
    for (int f = 0; f < linter->input->file_count; f++)
        if (!linter->input->files[f].is_library)
            lint_walk(linter->input->files[f].tree, note_expectation, &expectations);
    for (int f = 0; f < linter->input->file_count; f++) {
        const struct node_list *items = &AS(program, PROGRAM, linter->input->files[f].tree)->items;
        for (int i = 0; i < items->count && !linter->input->files[f].is_library; i++) {
            bool is_rule = items->items[i]->kind == NODE_RULE;
            if (!is_rule && items->items[i]->kind != NODE_MANDATE)
                continue;
            const struct node *name = is_rule ? AS(rule, RULE, items->items[i])->name : AS(mandate, MANDATE, items->items[i])->name;
            look_at_tested(linter, &expectations, is_rule ? "rule" : "mandate", node_words(name), name, tests_speak_of(linter, node_words(name)));
        }
    }
}
