/* remit explain CODE, remit version. */
#include "runtime/cli/cli.h"
#include "runtime/store/store.h"

#include <string.h>

/* The message as it would be said, with `…` for what it names. */
static void print_headline(const char *format) {
    for (const char *at = format; *at; at++)
        if (at[0] == '%' && at[1] == '%')
            putchar(*at++);
        else if (*at == '%') {
            at += strspn(at + 1, "-+ #.*0123456789hlz") + 1; /* the letter of the conversion */
            fputs("…", stdout);
        } else
            putchar(*at);
}

int cli_explain(const struct arguments *arguments) {
    if (!cli_words(arguments, 1, 1))
        return cli_misuse(arguments, "explain", "which code?");
    enum diagnostic_code code = diagnostic_code_parse(arguments->words[0]);
    if (code == DIAG_COUNT)
        return cli_misuse(arguments, "explain", "there is no message with that code");
    struct arena *arena = arena_create();
    printf("%s: ", diagnostic_code_text(arena, code));
    print_headline(diagnostic_format(code));
    printf("\n\n%s\n", diagnostic_help(code));
    arena_destroy(arena);
    return STATUS_FINE;
}

int cli_version(const struct arguments *arguments) {
    (void)arguments;
    printf("remit 0.1 (language 1), SQLite %s\n", store_library_version());
    return STATUS_FINE;
}
