/* A small frame for unit tests: each file has test functions and a main that runs them; every check that fails is printed with its
 * place and counted. The last line is "unit NAME: N passed, N failed", which the test runner adds up. */
#ifndef REMIT_TESTS_UNIT_H
#define REMIT_TESTS_UNIT_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int unit_passed, unit_failed;
static bool unit_ok;

#define CHECK(condition)                                                                        \
    do {                                                                                        \
        if (!(condition)) {                                                                     \
            printf("%s:%d: failed: %s\n", __FILE__, __LINE__, #condition);                      \
            unit_ok = false;                                                                    \
        }                                                                                       \
    } while (0)
#define CHECK_INT(actual, expected)                                                             \
    do {                                                                                        \
        long long unit_a = (long long)(actual), unit_e = (long long)(expected);                 \
        if (unit_a != unit_e) {                                                                 \
            printf("%s:%d: %s is %lld, expected %lld\n", __FILE__, __LINE__, #actual, unit_a, unit_e); \
            unit_ok = false;                                                                    \
        }                                                                                       \
    } while (0)
#define CHECK_TEXT(actual, expected)                                                            \
    do {                                                                                        \
        const char *unit_a = (actual), *unit_e = (expected);                                    \
        if (unit_a == NULL || strcmp(unit_a, unit_e) != 0) {                                    \
            printf("%s:%d: %s is\n%s\nexpected\n%s\n", __FILE__, __LINE__, #actual, unit_a ? unit_a : "(null)", unit_e); \
            unit_ok = false;                                                                    \
        }                                                                                       \
    } while (0)
#define RUN(test)                                                                               \
    do {                                                                                        \
        unit_ok = true;                                                                         \
        test();                                                                                 \
        if (unit_ok)                                                                            \
            unit_passed++;                                                                      \
        else {                                                                                  \
            unit_failed++;                                                                      \
            printf("failed: %s\n", #test);                                                      \
        }                                                                                       \
    } while (0)
/* What cannot be tested here is said, and is neither passed nor failed. */
#define RUN_WHERE(condition, test, wanted)                                                      \
    do {                                                                                        \
        if (condition)                                                                          \
            RUN(test);                                                                          \
        else                                                                                    \
            printf("left out: %s: there is no %s here\n", #test, (wanted));                    \
    } while (0)
#define UNIT_END(name) (printf("unit %s: %d passed, %d failed\n", (name), unit_passed, unit_failed), unit_failed ? 1 : 0)

#endif
