/* Diagnostics: what is wrong with a program, where, and how to mend it.
 * Messages live in diagnostics.def, one row each. Knows: places and messages. Does not know: the language's rules, terminals. */
#ifndef REMIT_LANG_SOURCE_DIAGNOSTICS_H
#define REMIT_LANG_SOURCE_DIAGNOSTICS_H

#include "lang/base/arena.h"
#include "lang/source/source.h"
#include <stdbool.h>

struct buffer;

enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE };

/* One constant for each row: DIAG_UNKNOWN_NAME and so on. */
enum diagnostic_code {
#define DIAGNOSTIC(symbol, number, severity, message, help) DIAG_##symbol,
#include "lang/source/diagnostics.def"
#undef DIAGNOSTIC
    DIAG_COUNT
};

struct diagnostic {
    enum diagnostic_code code;
    enum severity severity;
    const char *label;         /* shown in place of the code: "L001 unused_let", of findings of lint; else NULL */
    struct span span;
    struct span second;        /* a place that explains the first; valid when second_label is not NULL */
    const char *second_label;  /* "`spent` is declared here" */
    const char *message;       /* one line, lower-case, no full stop, names in backquotes */
    const char *hint;          /* a sentence; NULL where the code's advice serves */
};

struct diagnostics {
    struct arena *arena;
    const struct source_set *sources;
    LIST_OF(struct diagnostic *) list;
    int error_count;
};

struct diagnostics *diagnostics_create(struct arena *arena, const struct source_set *sources);
/* Adds one. The message is made from the row's printf format and the arguments after the span. Gives the diagnostic for
 * diagnostic_hint and diagnostic_second. Never NULL. */
struct diagnostic *diagnostic_add(struct diagnostics *list, enum diagnostic_code code, struct span span, ...);
void diagnostic_hint(struct diagnostics *list, struct diagnostic *diagnostic, const char *format, ...) __attribute__((format(printf, 3, 4)));
void diagnostic_second(struct diagnostics *list, struct diagnostic *diagnostic, struct span span, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* In order of file and place (files in the order they were read); keeps the order of equals. */
void diagnostics_sort(struct diagnostics *list);
/* "R0123". */
const char *diagnostic_code_text(struct arena *arena, enum diagnostic_code code);
/* The code of a text like "R0123", "r123" or "123", or DIAG_COUNT. */
enum diagnostic_code diagnostic_code_parse(const char *text);
/* The long form that `remit explain` prints: sentences, may have several lines and an example. */
const char *diagnostic_help(enum diagnostic_code code);
/* The first sentences of that form, for a message that has no hint of its own, with the example where it is one line; NULL where they would say nothing to do. In the arena or static. */
const char *diagnostic_advice(struct arena *arena, enum diagnostic_code code);
/* The printf format of the message, for lists of all messages. */
const char *diagnostic_format(enum diagnostic_code code);

/* Draws one diagnostic as
 *
 *     error[R0123]: there is no `bugdet` in initiative
 *       --> policy/spend.remit:12:8
 *        |
 *     12 |   when bugdet > 1M USD
 *        |        ^^^^^^ did you mean `budget`?
 *        |
 *
 * The hint stands after the carets when short and on a line `= hint` otherwise; without one that line has the code's advice. The second place is drawn with ~~~~. Tabs are widened, wide
 * characters counted, long lines cut round the place, a span over lines marks its first line. Whatever the source and the messages hold, what
 * is drawn is well-formed UTF-8 without control characters: those become dots. use_color adds ANSI colours. */
void diagnostic_draw(struct buffer *out, const struct diagnostics *list, const struct diagnostic *diagnostic, bool use_color);
/* A text of one line, such as a message, which may quote what stands in a file: well-formed and without control characters, as above. */
void diagnostic_draw_text(struct buffer *out, const char *text);
/* All of them, at most LIMIT_DIAGNOSTICS_SHOWN, then how many more there are. */
void diagnostics_draw(struct buffer *out, const struct diagnostics *list, bool use_color);

#endif
