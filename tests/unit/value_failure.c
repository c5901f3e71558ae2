/* Failures: kinds by number, the first cause, hints, long messages. */
#include "lang/base/text.h"
#include "runtime/value/failure.h"
#include "tests/unit/unit.h"

static void takes_its_kind_from_the_number(void) {
    struct failure failure = {0};
    CHECK(!failure_set(&failure, DIAG_STORE_NOT_FOUND, "x.db"));
    CHECK_INT(failure.kind, FAILURE_STORE);
    CHECK_TEXT(failure.message, "there is no store `x.db`");
    failure = (struct failure){0};
    failure_set(&failure, DIAG_KEY_TAKEN, "office", "PMO");
    CHECK_INT(failure.kind, FAILURE_PROGRAM);
    CHECK_INT(failure.code, DIAG_KEY_TAKEN);
    CHECK(!failure.has_span);
}

static void keeps_the_first_cause(void) {
    struct failure failure = {0};
    failure_set(&failure, DIAG_KEY_TAKEN, "office", "PMO");
    failure_set(&failure, DIAG_STORE_NOT_FOUND, "x.db");
    CHECK_INT(failure.code, DIAG_KEY_TAKEN);
    failure_hint(&failure, "Say `%s`.", "set");
    CHECK_TEXT(failure.hint, "Say `set`.");
    failure_hint(&failure, "In initiative `%s`.", "A");
    CHECK_TEXT(failure.hint, "Say `set`. In initiative `A`.");
}

/* At every length near the limit the message stays UTF-8. */
static void cuts_between_characters(void) {
    char key[1200];
    for (int start = 0; start < 5; start++) {
        struct failure failure = {0};
        memset(key, 'a', (size_t)start);
        for (size_t i = (size_t)start; i + 4 < sizeof key; i += 3)
            memcpy(key + i, "\342\202\254", 4);
        failure_set(&failure, DIAG_KEY_TAKEN, "office", key);
        size_t length = strlen(failure.message);
        CHECK(length > 990 && length < sizeof failure.message);
        CHECK_INT(text_find_bad_utf8(failure.message, length), length);
    }
}

int main(void) {
    RUN(takes_its_kind_from_the_number);
    RUN(keeps_the_first_cause);
    RUN(cuts_between_characters);
    return UNIT_END("value_failure");
}
