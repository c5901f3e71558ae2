/* Interned names: one pointer a spelling; the nearest name, against a distance worked out by its definition. */
#include "lang/base/arena.h"
#include "lang/base/intern.h"
#include "tests/unit/unit.h"

#include <stdint.h>
#include <stdlib.h>

static void test_one_pointer_for_each_spelling(void) {
    struct arena *arena = arena_create();
    struct intern *names = intern_create(arena);
    char written[] = "budget";
    const char *budget = intern_name(names, written, 6);
    CHECK(budget != written);
    CHECK_TEXT(budget, "budget");
    memset(written, 'x', 6); /* the name is a copy */
    CHECK_TEXT(budget, "budget");
    CHECK(intern_string(names, "budget") == budget);
    CHECK(intern_name(names, "budgets", 6) == budget);
    CHECK(intern_string(names, "budgets") != budget);
    CHECK(intern_string(names, "Budget") != budget);
    CHECK(intern_name(names, "", 0) == intern_string(names, ""));
    CHECK_TEXT(intern_string(names, ""), "");
    CHECK(intern_name(names, "a\0b", 3) != intern_name(names, "a\0c", 3));
    CHECK(intern_name(names, "a\0b", 3) != intern_name(names, "a", 1));
    CHECK(intern_string(names, "Zürich") == intern_string(names, "Zürich"));
    struct intern *others = intern_create(arena);
    CHECK(intern_string(others, "budget") != budget);
    arena_destroy(arena);
}

static void test_many_names(void) {
    enum { COUNT = 100000 };
    struct arena *arena = arena_create();
    struct intern *names = intern_create(arena);
    const char **first = malloc(COUNT * sizeof *first);
    char text[32];
    for (int i = 0; i < COUNT; i++) {
        int length = snprintf(text, sizeof text, "field_%d", i * 7919);
        first[i] = intern_name(names, text, (size_t)length);
    }
    int wrong = 0;
    for (int i = COUNT - 1; i >= 0; i--) {
        snprintf(text, sizeof text, "field_%d", i * 7919);
        wrong += intern_string(names, text) != first[i] || strcmp(first[i], text) != 0;
    }
    CHECK_INT(wrong, 0);
    free(first);
    arena_destroy(arena);
}

/* ---- distances ---- */

static void test_distance(void) {
    CHECK_INT(nearest_distance("", "", 3), 0);
    CHECK_INT(nearest_distance("budget", "budget", 3), 0);
    CHECK_INT(nearest_distance("bugdet", "budget", 3), 1); /* a swap of neighbours */
    CHECK_INT(nearest_distance("budgt", "budget", 3), 1);
    CHECK_INT(nearest_distance("budgeet", "budget", 3), 1);
    CHECK_INT(nearest_distance("butget", "budget", 3), 1);
    CHECK_INT(nearest_distance("BUDGET", "budget", 3), 0);
    CHECK_INT(nearest_distance("BUgdeT", "budget", 3), 1);
    CHECK_INT(nearest_distance("ca", "abc", 5), 3); /* 2 if a swapped pair could be changed again */
    CHECK_INT(nearest_distance("kitten", "sitting", 5), 3);
    CHECK_INT(nearest_distance("kitten", "sitting", 2), 3);
    CHECK_INT(nearest_distance("kitten", "sitting", 1), 2);
    CHECK_INT(nearest_distance("", "abc", 3), 3);
    CHECK_INT(nearest_distance("abc", "", 2), 3);
    CHECK_INT(nearest_distance("abc", "xyz", 0), 1);
    CHECK_INT(nearest_distance("abc", "abc", 0), 0);
}

/* A letter is one step, however many bytes it has. */
static void test_distance_of_letters(void) {
    CHECK_INT(nearest_distance("Zurich", "Zürich", 3), 1);
    CHECK_INT(nearest_distance("Übung", "übung", 3), 0);
    CHECK_INT(nearest_distance("東京", "京東", 3), 1);
    CHECK_INT(nearest_distance("été", "ete", 3), 2);
}

static int least(int a, int b) {
    return a < b ? a : b;
}

/* The definition, by recursion over both ends. */
static int distance_by_definition(const char *a, int a_length, const char *b, int b_length) {
    if (!a_length || !b_length)
        return a_length + b_length;
    int distance = distance_by_definition(a, a_length - 1, b, b_length - 1) + (a[a_length - 1] != b[b_length - 1]);
    distance = least(distance, distance_by_definition(a, a_length - 1, b, b_length) + 1);
    distance = least(distance, distance_by_definition(a, a_length, b, b_length - 1) + 1);
    if (a_length > 1 && b_length > 1 && a[a_length - 1] == b[b_length - 2] && a[a_length - 2] == b[b_length - 1])
        distance = least(distance, distance_by_definition(a, a_length - 2, b, b_length - 2) + 1);
    return distance;
}

static void test_distance_against_its_definition(void) {
    uint32_t state = 12345;
    for (int turn = 0; turn < 3000; turn++) {
        char words[2][8] = {{0}};
        for (int w = 0; w < 2; w++) {
            state = state * 1664525u + 1013904223u;
            int length = (int)(state >> 20) % 7;
            for (int i = 0; i < length; i++) {
                state = state * 1664525u + 1013904223u;
                words[w][i] = (char)('a' + (state >> 20) % 3);
            }
        }
        int expected = distance_by_definition(words[0], (int)strlen(words[0]), words[1], (int)strlen(words[1]));
        for (int most = 0; most < 8; most++) {
            CHECK_INT(nearest_distance(words[0], words[1], most), least(expected, most + 1));
            CHECK_INT(nearest_distance(words[1], words[0], most), least(expected, most + 1));
        }
    }
}

static void test_long_names(void) {
    char a[300], b[300];
    for (int length = 50; length <= 120; length++) { /* as long as a name may be */
        memset(a, 'n', sizeof a);
        a[length] = '\0';
        memcpy(b, a, sizeof b);
        b[length / 2] = 'm';
        CHECK_INT(nearest_distance(a, a, 3), 0);
        CHECK_INT(nearest_distance(a, b, 3), 1);
    }
    memset(a, 'n', 299);
    a[299] = '\0';
    CHECK_INT(nearest_distance(a, a, 3), 4); /* longer than any name */
    a[121] = '\0';
    CHECK_INT(nearest_distance(a, a, 3), 4);
    CHECK_INT(nearest_distance(a, "n", 3), 4);
}

/* ---- the nearest ---- */

static const char *nearest(const char *wanted, const char *const *candidates) {
    struct nearest search;
    nearest_start(&search, wanted);
    while (*candidates)
        nearest_offer(&search, *candidates++);
    return search.best ? search.best : "-";
}

static void test_nearest(void) {
    static const char *const fields[] = {"name", "sponsor", "budget", "spent", "start", "due", "stage", "health", NULL};
    CHECK_TEXT(nearest("bugdet", fields), "budget");
    CHECK_TEXT(nearest("Budget", fields), "budget");
    CHECK_TEXT(nearest("sponser", fields), "sponsor");
    CHECK_TEXT(nearest("heatlh", fields), "health");
    CHECK_TEXT(nearest("dut", fields), "due");
    CHECK_TEXT(nearest("colour", fields), "-");
    CHECK_TEXT(nearest("", fields), "-");
    CHECK_TEXT(nearest("x", fields), "-");
}

static void test_how_near_is_near(void) {
    static const char *const four[] = {"abcd", NULL}, *const five[] = {"abcde", NULL}, *const eight[] = {"abcdefgh", NULL}, *const nine[] = {"abcdefghi", NULL};
    CHECK_TEXT(nearest("abcx", four), "abcd");
    CHECK_TEXT(nearest("abxy", four), "-");
    CHECK_TEXT(nearest("abcxy", five), "abcde");
    CHECK_TEXT(nearest("abxyz", five), "-");
    CHECK_TEXT(nearest("abcdefxy", eight), "abcdefgh");
    CHECK_TEXT(nearest("abcdexyz", eight), "-");
    CHECK_TEXT(nearest("abcdefxyz", nine), "abcdefghi");
    CHECK_TEXT(nearest("abcdewxyz", nine), "-");
    /* Always less than the whole name: one letter is near to itself alone, two to what shares one. */
    static const char *const letters[] = {"b", "A", NULL}, *const pairs[] = {"xy", "ax", NULL};
    CHECK_TEXT(nearest("a", letters), "A");
    CHECK_TEXT(nearest("ab", pairs), "ax");
    /* Four letters of two bytes are four letters. */
    static const char *const accents[] = {"éèxy", NULL};
    CHECK_TEXT(nearest("éèàü", accents), "-");
}

static void test_first_of_equals_stays(void) {
    static const char *const equals[] = {"cat", "bat", "hat", NULL}, *const better[] = {"planx", "plane", "plan", NULL};
    CHECK_TEXT(nearest("rat", equals), "cat");
    CHECK_TEXT(nearest("plane", better), "plane");
    struct nearest search;
    nearest_start(&search, "plane");
    CHECK(search.best == NULL);
    nearest_offer(&search, "planx");
    CHECK_INT(search.distance, 1);
    nearest_offer(&search, "plane");
    CHECK_INT(search.distance, 0);
    nearest_offer(&search, "plans");
    CHECK_TEXT(search.best, "plane");
}

/* Whatever is passed over without being measured: the nearest is the first of those at the least distance. */
static void test_nearest_against_distances(void) {
    uint32_t state = 99;
    int wrong = 0;
    for (int turn = 0; turn < 3000; turn++) {
        char words[12][16] = {{0}};
        for (int w = 0; w < 12; w++) {
            state = state * 1664525u + 1013904223u;
            int length = (int)(state >> 20) % 11;
            for (int i = 0; i < length; i++) {
                state = state * 1664525u + 1013904223u;
                words[w][i] = "abcdABC_0!"[(state >> 20) % 10];
            }
            if ((state >> 20) % 16 == 0)
                strcat(words[w], "é");
        }
        struct nearest search;
        nearest_start(&search, words[0]);
        int length = (int)strlen(words[0]) - (strstr(words[0], "é") != NULL);
        int most = least(length <= 4 ? 1 : length <= 8 ? 2 : 3, length - 1);
        const char *best = NULL;
        for (int w = 1; w < 12; w++) {
            int distance = nearest_distance(words[0], words[w], 20);
            if (distance <= most) {
                most = distance - 1;
                best = words[w];
            }
            nearest_offer(&search, words[w]);
        }
        wrong += search.best != best;
    }
    CHECK_INT(wrong, 0);
}

int main(void) {
    RUN(test_one_pointer_for_each_spelling);
    RUN(test_many_names);
    RUN(test_distance);
    RUN(test_distance_of_letters);
    RUN(test_distance_against_its_definition);
    RUN(test_long_names);
    RUN(test_nearest);
    RUN(test_how_near_is_near);
    RUN(test_first_of_equals_stays);
    RUN(test_nearest_against_distances);
    return UNIT_END("base_intern");
}
