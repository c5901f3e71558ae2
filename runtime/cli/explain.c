/* remit explain CODE, of a message or of a rule of lint; remit version. */
#include "lang/lint/lint.h"
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

/* A rule of lint by code or name; all of them as a page. False: it is neither. */
static bool explain_lint(const char *word) {
    struct buffer out = {0};
    enum lint_rule rule = lint_find(word);
    bool is_page = strcmp(word, "lint") == 0;
    if (is_page)
        lint_write_page(&out);
    else if (rule < LINT_COUNT)
        lint_explain(&out, rule);
    fputs(buffer_string(&out), stdout);
    buffer_free(&out);
    return is_page || rule < LINT_COUNT;
}

int cli_explain(const struct arguments *arguments) {
    if (!cli_words(arguments, 1, 1))
        return cli_misuse(arguments, "explain", "which code?");
    if (explain_lint(arguments->words[0]))
        return STATUS_FINE;
    enum diagnostic_code code = diagnostic_code_parse(arguments->words[0]);
    if (code == DIAG_COUNT)
        return cli_misuse(arguments, "explain", "there is no message with that code, and no rule of lint");
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
