/* Policy tests: what a test gives, does and expects, and on which days.
 * Each test stands on its own: it knows what the policy set declares, no store, and nothing of other tests.
 * Knows: the items of tests. Does not know: how a test is run. */
#include "lang/base/civil.h"
#include "lang/base/text.h"
#include "lang/check/checker.h"

#include <string.h>

/* ---- commands ---- */

static bool fits_a_test(enum node_kind kind) {
    return kind != NODE_IMPORT && kind != NODE_EXPORT && kind != NODE_TRANSACTION && kind != NODE_COMPARE;
}

static const char *command_word(struct node *node) {
    static const char *const steps[] = {[TRANSACTION_BEGIN] = "begin", [TRANSACTION_COMMIT] = "commit", [TRANSACTION_ROLLBACK] = "rollback"};
    return node->kind == NODE_TRANSACTION ? steps[AS(transaction, TRANSACTION, node)->step] : node_label(node->kind);
}

bool refuse_in_test(struct context *context, struct node *node) {
    struct checker *checker = context->checker;
    if (!checker->test || fits_a_test(node->kind))
        return false;
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_COMMAND_IN_TEST, node->span, command_word(node));
    if (node->kind == NODE_IMPORT)
        diagnostic_hint(checker->diagnostics, said, "Give the records that the test needs: `given cost { … }`.");
    else if (node->kind == NODE_TRANSACTION)
        diagnostic_hint(checker->diagnostics, said, "What should leave nothing stands in `expect refused { … }`.");
    return true;
}

/* ---- keys ---- */

/* Does an item of the test, from `from` on, give or add a record of that type and key? */
static const struct node *find_later(const struct node_list items, const struct record_type *record, const char *key) {
    for (int i = 0; i < items.count; i++) {
        struct node *node = items.items[i];
        const struct node *type = NULL, *given = NULL;
        if (node->kind == NODE_GIVEN) {
            type = AS(instance, INSTANCE, AS(given, GIVEN, node)->instance)->type;
            given = AS(instance, INSTANCE, AS(given, GIVEN, node)->instance)->key;
        } else if (node->kind == NODE_ADD) {
            type = AS(add, ADD, node)->type;
            given = AS(add, ADD, node)->key;
        }
        if (given && strcmp(name_text(type), record->name) == 0 && strcmp(name_text(given), key) == 0)
            return given;
    }
    return NULL;
}

struct making {
    const char *record;
    bool found;
};

static void note_making(struct node *node, void *context) {
    struct making *making = context;
    const struct node *type = node->kind == NODE_INSTANCE ? AS(instance, INSTANCE, node)->type : node->kind == NODE_ADD ? AS(add, ADD, node)->type : NULL;
    if (type && strcmp(name_text(type), making->record) == 0)
        making->found = true;
    else
        node_each_child(node, note_making, making);
}

bool test_makes_key(struct checker *checker, const struct record_type *record) {
    struct making making = {record->name, false};
    if (checker->test && record->key_count)
        node_each_child(checker->test, note_making, &making);
    return making.found;
}

bool hint_test_key(struct checker *checker, struct diagnostic *said, const struct record_type *record, const char *key) {
    if (!checker->test)
        return false;
    const struct node *later = find_later(AS(test, TEST, checker->test)->items, record, key);
    if (later) {
        diagnostic_hint(checker->diagnostics, said, "What a test refers to stands before: move this %s up.", record->name);
        diagnostic_second(checker->diagnostics, said, later->span, "it comes only here");
        return true;
    }
    for (int i = 0; i < checker->test_keys.count; i++) {
        const struct declared_key *other = &checker->test_keys.items[i];
        if (other->record == record && strcmp(other->key, key) == 0) {
            diagnostic_hint(checker->diagnostics, said, "Each test has only what it gives itself: `given %s %s { … }`.", record->name, key);
            diagnostic_second(checker->diagnostics, said, other->span, "this one is another test's");
            return true;
        }
    }
    return false;
}

/* ---- items ---- */

/* Whatever is wrong with its fields, what is given is known from there on. */
static struct tinstance *check_given(struct context *context, struct node *node) {
    struct checker *checker = context->checker;
    struct node_instance *written = AS(instance, INSTANCE, AS(given, GIVEN, node)->instance);
    struct tinstance *instance = check_instance(context, node, written->type, written->key, written->title, written->fields, true);
    struct record_type *record = program_find_record(checker->program, name_text(written->type));
    if (!record || !written->key || record->key_count)
        return instance;
    const struct declared_key *same = key_find(checker, record, name_text(written->key));
    if (!same) {
        key_declare(checker, record, name_text(written->key), written->title ? name_text(written->title) : NULL, written->key->span, KEY_OF_GIVEN);
        return instance;
    }
    if (same->origin == KEY_OF_COMMAND)
        return instance;
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_DECLARED_TWICE, written->key->span, arena_format(checker->arena, "the %s", record->name), name_text(written->key));
    diagnostic_second(checker->diagnostics, said, same->span, same->origin == KEY_OF_GIVEN ? "it is given here" : "it is declared here");
    if (same->origin == KEY_OF_DECLARATION)
        diagnostic_hint(checker->diagnostics, said, "What the policy set declares is there in every test; `set %s { … }` changes it.", name_text(written->key));
    return NULL;
}

static bool check_day(struct context *context, struct node *node, int64_t *day) {
    struct checker *checker = context->checker;
    struct texpr *value = check_as(context, node, type_of_kind(TYPE_DATE), "the day of a test");
    if (!is_poison(value) && value->kind != TEXPR_CONSTANT)
        diagnostic_add(checker->diagnostics, DIAG_TEST_DAY_NOT_FIXED, node->span);
    bool is_fixed = !is_poison(value) && value->kind == TEXPR_CONSTANT;
    if (is_fixed)
        *day = value->constant.integer;
    return is_fixed;
}

static const char *day_words(struct checker *checker, int64_t day) {
    struct buffer words = {0};
    date_write(&words, day);
    const char *copy = arena_copy_string(checker->arena, buffer_string(&words));
    buffer_free(&words);
    return copy;
}

static void check_item(struct context *context, struct ttest *test, struct node *node, int64_t *today) {
    struct checker *checker = context->checker;
    struct ttest_item item = {.kind = TEST_COMMAND, .span = node->span};
    budget_renew(checker);
    if (node->kind == NODE_ON_DATE) {
        item.kind = TEST_ON;
        if (!check_day(context, AS(on_date, ON_DATE, node)->date, &item.day))
            return;
        if (item.day < *today)
            diagnostic_add(checker->diagnostics, DIAG_TEST_GOES_BACK, node->span, day_words(checker, *today), day_words(checker, item.day));
        *today = item.day;
    } else if (node->kind == NODE_GIVEN) {
        item.kind = TEST_GIVEN;
        item.given = check_given(context, node);
    } else
        item.command = check_command(context, node);
    if (item.kind == TEST_ON || item.given || item.command)
        test->items[test->item_count++] = item;
}

/* ---- the whole ---- */

static void note_expectation(struct node *node, void *found) {
    if (node->kind == NODE_EXPECT || node->kind == NODE_EXPECT_OUTCOME || node->kind == NODE_EXPECT_REFUSED)
        *(bool *)found = true;
    else
        node_each_child(node, note_expectation, found);
}

static void check_whole(struct checker *checker, struct node_test *written) {
    bool expects = false;
    const struct node *day = NULL;
    for (int i = 0; i < written->items.count; i++) {
        note_expectation(written->items.items[i], &expects);
        day = !day && written->items.items[i]->kind == NODE_ON_DATE ? written->items.items[i] : day;
    }
    if (!expects)
        diagnostic_add(checker->diagnostics, DIAG_TEST_EXPECTS_NOTHING, written->title->span);
    if (!written->items.count || day == written->items.items[0])
        return;
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_TEST_WITHOUT_DAY, day ? written->items.items[0]->span : written->title->span);
    if (day)
        diagnostic_second(checker->diagnostics, said, day->span, "its day comes only here");
}

static bool title_is_free(struct checker *checker, const struct node *title) {
    int same = name_table_find(&checker->program->test_titles, name_text(title));
    if (same < 0)
        return true;
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_DECLARED_TWICE, title->span, "the test", name_text(title));
    diagnostic_second(checker->diagnostics, said, checker->program->tests.items[same]->span, "it is declared here");
    return false;
}

void check_test(struct checker *checker, struct node *node) {
    struct node_test *written = AS(test, TEST, node);
    struct ttest *test = ARENA_NEW(checker->arena, struct ttest);
    *test = (struct ttest){.title = name_text(written->title), .doc = written->doc, .span = node->span, .items = ARENA_ARRAY(checker->arena, struct ttest_item, written->items.count)};
    int64_t today = INT64_MIN;
    int keys = checker->keys.count;
    struct context context = {.checker = checker};
    const struct world *world = checker->world;
    checker->world = NULL; /* a test has a store of its own, with what the policy set declares and no more */
    checker->test = node;
    check_whole(checker, written);
    for (int i = 0; i < written->items.count; i++)
        check_item(&context, test, written->items.items[i], &today);
    checker->test = NULL;
    checker->world = world;
    for (int i = keys; i < checker->keys.count; i++)
        LIST_ADD(checker->arena, &checker->test_keys, checker->keys.items[i]);
    keys_cut(checker, keys);
    if (!title_is_free(checker, written->title))
        return;
    LIST_ADD(checker->arena, &checker->program->tests, test);
    name_table_add(checker->arena, &checker->program->test_titles, test->title);
}
