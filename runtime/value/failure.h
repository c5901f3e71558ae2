/* What goes wrong at run time: a data error of the user's, or the world. One failure, filled by the function that saw it and passed up.
 * Knows: message codes. Does not know: where it is shown. */
#ifndef REMIT_RUNTIME_VALUE_FAILURE_H
#define REMIT_RUNTIME_VALUE_FAILURE_H

#include "lang/source/diagnostics.h"
#include <stdbool.h>

enum failure_kind {
    FAILURE_NONE,
    FAILURE_PROGRAM, /* exit status 2: the policy, the data given or the command is wrong */
    FAILURE_STORE,   /* exit status 3: the store or the machine */
    FAILURE_STOPPED  /* by Ctrl-C or --timeout */
};
struct failure {
    enum failure_kind kind;
    enum diagnostic_code code;
    struct span span;      /* of the expression or command, when has_span */
    bool has_span;
    char message[1000];    /* one line, as in diagnostics */
    char hint[800];        /* a sentence or "" */
};
/* Fills it from the row's format; gives false, so that `return failure_set(…)` reads well. A failure already set is kept (the first cause counts). kind follows
 * from the code's number: 0700-0799 are FAILURE_STORE, else FAILURE_PROGRAM. */
bool failure_set(struct failure *failure, enum diagnostic_code code, ...);
void failure_hint(struct failure *failure, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
