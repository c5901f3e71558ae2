/* Failures: made from a row of the table of messages. See failure.h. */
#include "runtime/value/failure.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The numbers of the messages: the kind of a failure follows from its range. */
static const int numbers[DIAG_COUNT] = {
#define DIAGNOSTIC(symbol, number, severity, message, help) [DIAG_##symbol] = number,
#include "lang/source/diagnostics.def"
#undef DIAGNOSTIC
};

enum { STORE_NUMBER_FIRST = 700, STORE_NUMBER_LAST = 799 };

/* A message cut in the middle of a character would not be UTF-8 any more. */
static void end_at_a_character(char *text, size_t capacity, int wanted) {
    if (wanted < 0) {
        text[0] = 0;
        return;
    }
    if ((size_t)wanted < capacity)
        return;
    size_t end = capacity - 1;
    while (end > 0 && ((unsigned char)text[end - 1] & 0xC0) == 0x80)
        end--;
    if (end > 0 && ((unsigned char)text[end - 1] & 0x80))
        end--; /* the first byte of a character whose rest may be gone; a whole character more or less is no matter */
    text[end] = 0;
}

bool failure_set(struct failure *failure, enum diagnostic_code code, ...) {
    if (failure->kind != FAILURE_NONE)
        return false;
    failure->kind = numbers[code] >= STORE_NUMBER_FIRST && numbers[code] <= STORE_NUMBER_LAST ? FAILURE_STORE : FAILURE_PROGRAM;
    failure->code = code;
    failure->hint[0] = 0;
    va_list arguments;
    va_start(arguments, code);
    int wanted = vsnprintf(failure->message, sizeof failure->message, diagnostic_format(code), arguments);
    va_end(arguments);
    end_at_a_character(failure->message, sizeof failure->message, wanted);
    return false;
}

/* A hint that is there already is kept, and the new one follows it: the first cause knows best, but whoever passes it up may know where it happened. */
void failure_hint(struct failure *failure, const char *format, ...) {
    size_t used = strlen(failure->hint);
    if (used > 0 && used + 2 < sizeof failure->hint) {
        failure->hint[used++] = ' ';
        failure->hint[used] = 0;
    }
    va_list arguments;
    va_start(arguments, format);
    int wanted = vsnprintf(failure->hint + used, sizeof failure->hint - used, format, arguments);
    va_end(arguments);
    end_at_a_character(failure->hint + used, sizeof failure->hint - used, wanted);
}
