/* The list of diagnostics and the table of messages. See diagnostics.h. */
#include "lang/source/diagnostics.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>

static const struct {
    int number;
    enum severity severity;
    const char *format, *help;
} messages[DIAG_COUNT] = {
#define DIAGNOSTIC(symbol, number, severity, message, help) [DIAG_##symbol] = {number, severity, message, help},
#include "lang/source/diagnostics.def"
#undef DIAGNOSTIC
};

struct diagnostics *diagnostics_create(struct arena *arena, const struct source_set *sources) {
    struct diagnostics *list = ARENA_NEW(arena, struct diagnostics);
    list->arena = arena;
    list->sources = sources;
    return list;
}

struct diagnostic *diagnostic_add(struct diagnostics *list, enum diagnostic_code code, struct span span, ...) {
    struct diagnostic *diagnostic = ARENA_NEW(list->arena, struct diagnostic);
    diagnostic->code = code;
    diagnostic->severity = messages[code].severity;
    diagnostic->span = span;
    va_list arguments;
    va_start(arguments, span);
    diagnostic->message = arena_format_list(list->arena, messages[code].format, arguments);
    va_end(arguments);
    LIST_ADD(list->arena, &list->list, diagnostic);
    list->error_count += diagnostic->severity == SEVERITY_ERROR;
    return diagnostic;
}

void diagnostic_hint(struct diagnostics *list, struct diagnostic *diagnostic, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    diagnostic->hint = arena_format_list(list->arena, format, arguments);
    va_end(arguments);
}

void diagnostic_second(struct diagnostics *list, struct diagnostic *diagnostic, struct span span, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    diagnostic->second_label = arena_format_list(list->arena, format, arguments);
    diagnostic->second = span;
    va_end(arguments);
}

static bool comes_before(const struct diagnostic *a, const struct diagnostic *b) {
    return a->span.file != b->span.file ? a->span.file < b->span.file : a->span.start < b->span.start;
}

void diagnostics_sort(struct diagnostics *list) { /* by insertion: lists are short and nearly sorted */
    for (int i = 1; i < list->list.count; i++) {
        struct diagnostic *moved = list->list.items[i];
        int at = i;
        for (; at > 0 && comes_before(moved, list->list.items[at - 1]); at--)
            list->list.items[at] = list->list.items[at - 1];
        list->list.items[at] = moved;
    }
}

const char *diagnostic_code_text(struct arena *arena, enum diagnostic_code code) {
    return arena_format(arena, "R%04d", messages[code].number);
}

enum diagnostic_code diagnostic_code_parse(const char *text) {
    if (*text == 'R' || *text == 'r')
        text++;
    char *end;
    long number = strtol(text, &end, 10);
    if (end == text || *end)
        return DIAG_COUNT;
    for (int i = 0; i < DIAG_COUNT; i++)
        if (messages[i].number == number)
            return (enum diagnostic_code)i;
    return DIAG_COUNT;
}

const char *diagnostic_help(enum diagnostic_code code) {
    return messages[code].help;
}

const char *diagnostic_format(enum diagnostic_code code) {
    return messages[code].format;
}
