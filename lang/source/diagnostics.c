/* The list of diagnostics and the table of messages. See diagnostics.h. */
#include "lang/source/diagnostics.h"

#include <stdarg.h>
#include <string.h>

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

/* Merges from[low .. middle-1] and from[middle .. high-1], each sorted, into to; of equals the first comes first. */
static void merge_runs(struct diagnostic **from, struct diagnostic **to, int low, int middle, int high) {
    int left = low, right = middle;
    for (int at = low; at < high; at++) {
        bool take_right = left == middle || (right < high && comes_before(from[right], from[left]));
        to[at] = take_right ? from[right++] : from[left++];
    }
}

void diagnostics_sort(struct diagnostics *list) { /* by merging: a damaged file can have as many messages as lines */
    struct diagnostic **items = list->list.items;
    int count = list->list.count, sorted = 1;
    while (sorted < count && !comes_before(items[sorted], items[sorted - 1]))
        sorted++;
    if (sorted >= count)
        return;
    struct diagnostic **from = items, **to = ARENA_ARRAY(list->arena, struct diagnostic *, count);
    for (int64_t run = 1; run < count; run *= 2) {
        for (int64_t low = 0; low < count; low += 2 * run) {
            int64_t middle = low + run < count ? low + run : count, high = low + 2 * run < count ? low + 2 * run : count;
            merge_runs(from, to, (int)low, (int)middle, (int)high);
        }
        struct diagnostic **swap = from;
        from = to;
        to = swap;
    }
    if (from != items)
        memcpy(items, from, (size_t)count * sizeof(struct diagnostic *));
}

const char *diagnostic_code_text(struct arena *arena, enum diagnostic_code code) {
    return arena_format(arena, "R%04d", messages[code].number);
}

enum diagnostic_code diagnostic_code_parse(const char *text) {
    if (*text == 'R' || *text == 'r')
        text++;
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 4 || text[digits])
        return DIAG_COUNT;
    int number = 0;
    for (size_t i = 0; i < digits; i++)
        number = number * 10 + (text[i] - '0');
    for (int i = 0; i < DIAG_COUNT; i++)
        if (messages[i].number == number)
            return (enum diagnostic_code)i;
    return DIAG_COUNT;
}

const char *diagnostic_help(enum diagnostic_code code) {
    return messages[code].help;
}

/* What these help texts begin with tells what the message means, not what to do: the expected words stand in the message itself. */
static bool is_mended_by_its_words(enum diagnostic_code code) {
    return code == DIAG_UNEXPECTED || code == DIAG_UNCLOSED || code == DIAG_MISSPELT_WORD;
}

const char *diagnostic_advice(struct arena *arena, enum diagnostic_code code) {
    static const char indent[] = "\n\n    ";
    const char *help = messages[code].help, *end = strstr(help, "\n\n");
    if (is_mended_by_its_words(code))
        return NULL;
    if (end == NULL)
        return help;
    const char *example = end + strlen(indent), *rest = strchr(example, '\n');
    bool is_one_line = strncmp(end, indent, strlen(indent)) == 0 && (rest == NULL || strncmp(rest, "\n\n", 2) == 0);
    const char *joint = end[-1] == '.' ? " Example:" : "";
    return is_one_line ? arena_format(arena, "%.*s%s `%.*s`", (int)(end - help), help, joint, (int)strcspn(example, "\n"), example) : arena_format(arena, "%.*s", (int)(end - help), help);
}

const char *diagnostic_format(enum diagnostic_code code) {
    return messages[code].format;
}
