/* remit manual, remit completion: what `make install` puts beside the command, written from the same rows as the help, so that they cannot say something else.
 * Knows: the commands, the options, how man pages and bash completions are written. Does not know: what commands do. */
#include "lang/lint/lint.h"
#include "runtime/cli/cli.h"

#include <string.h>

struct entry {
    const char *name, *value, *summary;
    const char *example; /* of a command; the commands that take an option */
};
static const struct entry commands[] = {
#define COMMAND(name, usage, summary, example) {#name, usage, summary, example},
#include "runtime/cli/commands.def"
#undef COMMAND
};
static const struct entry options[] = {
#define OPTION(constant, name, value, help, commands) {name, value, help, commands},
#include "runtime/cli/options.def"
#undef OPTION
};
enum { COMMAND_COUNT = sizeof commands / sizeof *commands, OPTION_COUNT_HERE = sizeof options / sizeof *options };

/* ---- the manual page (man(7)) ---- */

/* Hyphens that are to be typed, backslashes, and a full stop or an apostrophe at the start of a line mean something to troff. */
static void print_troff(const char *text) {
    if (*text == '.' || *text == '\'')
        fputs("\\&", stdout);
    for (; *text; text++)
        if (*text == '-')
            fputs("\\-", stdout);
        else if (*text == '\\')
            fputs("\\e", stdout);
        else
            putchar(*text);
}

static void print_term(const char *before, const char *bold, const char *value, const char *text) {
    printf(".TP\n\\fB%s", before);
    print_troff(bold);
    printf("\\fR");
    if (value) {
        printf(" \\fI");
        print_troff(value);
        printf("\\fR");
    }
    printf("\n");
    print_troff(text);
    printf("\n");
}

int cli_manual(const struct arguments *arguments) {
    if (!cli_words(arguments, 0, 0))
        return cli_misuse(arguments, "manual", "it takes no word");
    printf(".TH REMIT 1\n.SH NAME\nremit \\- a language for governance policy\n.SH SYNOPSIS\n.B remit\n[\\fICOMMAND\\fR] [\\fIoptions\\fR]\n.SH DESCRIPTION\n"
           "Offices declare initiatives, rules, mandates and reports in policy files; remit checks them, and answers questions, over a store in one file.\n"
           "Without a command it is a session on a terminal, and a script is read from standard input otherwise.\n.SH COMMANDS\n");
    for (int i = 0; i < COMMAND_COUNT; i++) {
        const char *rest = strchr(commands[i].value, ' ');
        print_term("", commands[i].name, rest ? rest + 1 : NULL, commands[i].summary);
        printf(".br\nFor example: \\fB");
        print_troff(commands[i].example);
        printf("\\fR\n");
    }
    printf(".SH OPTIONS\n");
    for (int i = 0; i < OPTION_COUNT_HERE; i++) {
        print_term("\\-\\-", options[i].name, options[i].value, options[i].summary);
        if (strcmp(options[i].example, "*") != 0)
            printf("(%s)\n", options[i].example);
    }
    printf(".SH EXIT STATUS\n");
    print_term("", "0", NULL, "All is well.");
    print_term("", "1", NULL, "A check or lint found something at or above --fail-on, an expectation or a test failed, or files are not in their canonical form.");
    print_term("", "2", NULL, "The policy or the command is wrong.");
    print_term("", "3", NULL, "The store or the machine is.");
    printf(".SH ENVIRONMENT\n");
    print_term("", "REMIT_STORE", NULL, "The store, when --store is not given.");
    print_term("", "NO_COLOR", NULL, "No colours, when it is set.");
    print_term("", "TMPDIR", NULL, "Where temporary files are made, else in /var/tmp.");
    return STATUS_FINE;
}

/* ---- completion in bash ---- */

int cli_completion(const struct arguments *arguments) {
    if (!cli_words(arguments, 0, 0))
        return cli_misuse(arguments, "completion", "it takes no word");
    printf("# Completion of remit's commands and options in bash.\n_remit() {\n    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n    case $before in\n"
           "    --engine) COMPREPLY=($(compgen -W 'sql interpreter' -- \"$word\")); return ;;\n"
           "    --color) COMPREPLY=($(compgen -W 'auto always never' -- \"$word\")); return ;;\n    --format) COMPREPLY=($(compgen -W '");
    for (int i = 0; i < RENDER_FORMAT_COUNT; i++)
        printf("%s%s", i ? " " : "", render_format_name((enum render_format)i));
    printf(" text html junit sarif github' -- \"$word\")); return ;;\n    --rule|--allow) COMPREPLY=($(compgen -W '");
    for (int rule = 0; rule < LINT_COUNT; rule++)
        printf("%s%s", rule ? " " : "", lint_row((enum lint_rule)rule)->name);
    printf("' -- \"$word\")); return ;;\n    --fail-on) COMPREPLY=($(compgen -W 'info low medium high critical note warning error none' -- \"$word\")); return ;;\n    --coverage) COMPREPLY=($(compgen -W 'none short full' -- \"$word\")); return ;;\n    esac\n    if [[ $word == -* ]]; then\n        COMPREPLY=($(compgen -W '");
    for (int i = 0; i < OPTION_COUNT_HERE; i++)
        printf("%s--%s", i ? " " : "", options[i].name);
    printf("' -- \"$word\"))\n    elif (( COMP_CWORD == 1 )); then\n        COMPREPLY=($(compgen -W '");
    for (int i = 0; i < COMMAND_COUNT; i++)
        printf("%s%s", i ? " " : "", commands[i].name);
    printf("' -- \"$word\"))\n    else\n        COMPREPLY=($(compgen -f -- \"$word\"))\n    fi\n}\ncomplete -o filenames -F _remit remit\n");
    return STATUS_FINE;
}
