/* remit explain CODE, remit version. */
#include "runtime/cli/cli.h"
#include "runtime/store/store.h"

int cli_explain(const struct arguments *arguments) {
    if (!cli_words(arguments, 1, 1))
        return cli_misuse(arguments, "explain", "which code?");
    enum diagnostic_code code = diagnostic_code_parse(arguments->words[0]);
    if (code == DIAG_COUNT)
        return cli_misuse(arguments, "explain", "there is no message with that code");
    struct arena *arena = arena_create();
    printf("%s: %s\n\n%s\n", diagnostic_code_text(arena, code), diagnostic_format(code), diagnostic_help(code));
    arena_destroy(arena);
    return STATUS_FINE;
}

int cli_version(const struct arguments *arguments) {
    (void)arguments;
    printf("remit 0.1 (language 1), SQLite %s\n", store_library_version());
    return STATUS_FINE;
}
