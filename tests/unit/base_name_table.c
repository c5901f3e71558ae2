/* Positions of names, against a search from the front: growing, cutting back, names that differ in case alone, names that come twice. */
#include "lang/base/arena.h"
#include "lang/base/name_table.h"
#include "tests/unit/unit.h"

#include <stdint.h>
#include <strings.h>

enum { LIST_MAX = 3000 };

static const char *list[LIST_MAX];
static int list_count;

static int search(const char *name, int (*compare)(const char *, const char *)) {
    for (int i = 0; i < list_count; i++)
        if (compare(list[i], name) == 0)
            return i;
    return -1;
}

static void test_few_names(void) {
    struct arena *arena = arena_create();
    struct name_table table = {0};
    CHECK_INT(name_table_find(&table, "budget"), -1);
    CHECK_INT(name_table_find_any_case(&table, ""), -1);
    name_table_add(arena, &table, "budget");
    name_table_add(arena, &table, "Spent");
    name_table_add(arena, &table, "budget");
    CHECK_INT(name_table_find(&table, "budget"), 0);
    CHECK_INT(name_table_find(&table, "Budget"), -1);
    CHECK_INT(name_table_find_any_case(&table, "BUDGET"), 0);
    CHECK_INT(name_table_find(&table, "spent"), -1);
    CHECK_INT(name_table_find_any_case(&table, "spent"), 1);
    CHECK_INT(name_table_find(&table, "budge"), -1);
    name_table_cut(&table, 1);
    CHECK_INT(name_table_find_any_case(&table, "spent"), -1);
    CHECK_INT(name_table_find(&table, "budget"), 0);
    name_table_cut(&table, 0);
    CHECK_INT(name_table_find(&table, "budget"), -1);
    arena_destroy(arena);
}

/* Letters with the bit that upper case lacks, and signs that differ in that bit alone, are told apart. */
static void test_signs_are_no_letters(void) {
    struct arena *arena = arena_create();
    struct name_table table = {0};
    static const char *const names[] = {"a@b", "a`b", "a[b", "a{b", "é", "É"};
    for (int i = 0; i < 6; i++)
        name_table_add(arena, &table, names[i]);
    for (int i = 0; i < 6; i++) {
        CHECK_INT(name_table_find(&table, names[i]), i);
        CHECK_INT(name_table_find_any_case(&table, names[i]), i);
    }
    arena_destroy(arena);
}

static void test_against_a_search(void) {
    struct arena *arena = arena_create();
    struct name_table table = {0};
    uint32_t state = 7;
    int wrong = 0;
    list_count = 0;
    for (int turn = 0; turn < 20000; turn++) {
        state = state * 1664525u + 1013904223u;
        uint32_t random = state >> 12;
        if (random % 400 == 0 || list_count == LIST_MAX) {
            list_count -= list_count * (int)(random % 7) / 10;
            name_table_cut(&table, list_count);
        }
        char *name = arena_format(arena, "%s_%u", random % 3 ? "field" : "Field", (random / 8) % 4000);
        if (random % 5 == 0) {
            list[list_count++] = name;
            name_table_add(arena, &table, name);
        }
        wrong += name_table_find(&table, name) != search(name, strcmp);
        wrong += name_table_find_any_case(&table, name) != search(name, strcasecmp);
    }
    CHECK_INT(wrong, 0);
    CHECK_INT(table.count, list_count);
    arena_destroy(arena);
}

int main(void) {
    RUN(test_few_names);
    RUN(test_signs_are_no_letters);
    RUN(test_against_a_search);
    return UNIT_END("base_name_table");
}
