/* The changes that --mutate tries: how many there may be, and that each puts another text in its place. */
#include "lang/base/limits.h"
#include "runtime/engine/mutants.h"
#include "tests/unit/unit.h"

static struct session *load(const char *text) {
    struct session_options options = {.store_path = ":memory:", .out = stdout, .err = stdout};
    struct session *session = session_create(&options);
    struct policy_file file = {"test.remit", text};
    struct failure failure = {0};
    CHECK(session_load_texts(session, &file, 1, &failure));
    session_show_diagnostics(session);
    return session;
}

/* A rule with `count` numbers in a list: two changes each, and two of its own. */
static struct session *load_numbers(int count) {
    struct buffer text = {0};
    buffer_add_string(&text, "record n \"N\" { a: int } rule r \"R\" { for n when a in [");
    for (int i = 0; i < count; i++)
        buffer_add_format(&text, "%s%d", i ? ", " : "", i + 10);
    buffer_add_string(&text, "] raise low }");
    struct session *session = load(buffer_string(&text));
    buffer_free(&text);
    return session;
}

static void are_so_many_at_most(void) {
    static const struct {
        int numbers, count, left_out;
    } cases[] = {{1, 4, 0}, {998, 1998, 0}, {999, 2000, 0}, {1000, 2000, 2}};
    CHECK_INT(LIMIT_MUTANTS, 2000);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct session *session = load_numbers(cases[i].numbers);
        struct mutant_list list = mutants_find(session);
        CHECK_INT(list.count, cases[i].count);
        CHECK_INT(list.left_out, cases[i].left_out);
        session_destroy(session);
    }
}

static void differ_from_what_was(void) {
    struct session *session = load("enum e { p, q, s } record n \"N\" { a: int  b: e  d: date  m: money }\n"
                                   "rule r \"R\" { for n where b in [p, q] and not (a = 0 or a != 99_999) when d < 2026-03-01 + 9 days and m >= 0.99 USD and true raise low \"{a > 7}\" }\n"
                                   "rule s \"S\" { for n raise low }");
    struct mutant_list list = mutants_find(session);
    CHECK(list.count > 20);
    for (int i = 0; i < list.count; i++) {
        const char *before = session_source_words(session, list.items[i].span);
        CHECK_TEXT(list.items[i].name, "r");
        if (strcmp(before, list.items[i].replacement) == 0)
            CHECK_TEXT(before, "something else");
        if (strcmp(before, "99_999") == 0)
            CHECK(strcmp(list.items[i].replacement, "100000") == 0 || strcmp(list.items[i].replacement, "99998") == 0);
        if (strcmp(before, "0.99 USD") == 0)
            CHECK(strcmp(list.items[i].replacement, "1.00 USD") == 0 || strcmp(list.items[i].replacement, "0.98 USD") == 0);
        if (strcmp(before, "p") == 0 || strcmp(before, "q") == 0)
            CHECK_TEXT(list.items[i].replacement, "s");
        if (strcmp(before, "9 days") == 0)
            CHECK(strcmp(list.items[i].replacement, "10 days") == 0 || strcmp(list.items[i].replacement, "8 days") == 0);
    }
    session_destroy(session);
}

int main(void) {
    RUN(are_so_many_at_most);
    RUN(differ_from_what_was);
    return UNIT_END("engine_mutants");
}
