/* Completion. See complete.h. */
#include "runtime/repl/complete.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <readline/readline.h>

static struct session *completed; /* readline's callbacks take no context */

struct matches {
    char **items;
    int count, at;
};
static struct matches matches;

static void offer(const char *word, const char *start) {
    if (strncmp(word, start, strlen(start)) != 0)
        return;
    for (int i = 0; i < matches.count; i++)
        if (strcmp(matches.items[i], word) == 0)
            return;
    char **grown = realloc(matches.items, sizeof *grown * (size_t)(matches.count + 1));
    if (!grown)
        return;
    matches.items = grown;
    matches.items[matches.count++] = strdup(word);
}

static void offer_fields(const struct record_type *record, const char *start) {
    for (int i = FIELD_KEY; i < record->field_count; i++)
        offer(record->fields[i]->name, start);
}

/* After a dot: the fields of the record that the name before it is, or may be. */
static void offer_after_dot(const char *base, size_t length, const char *start) {
    const struct program *program = completed->program;
    for (int r = 0; r < program->records.count; r++) {
        const struct record_type *record = program->records.items[r];
        if (strlen(record->name) == length && strncmp(record->name, base, length) == 0)
            offer_fields(record, start);
        for (int f = FIELD_FIRST_OWN; f < record->field_count; f++) {
            const struct field *field = record->fields[f];
            struct type type = field->type.kind == TYPE_COLLECTION ? *field->type.element : field->type;
            if (type.kind == TYPE_RECORD && strlen(field->name) == length && strncmp(field->name, base, length) == 0)
                offer_fields(type.record, start);
        }
    }
}

static void offer_names(const char *start) {
    const struct program *program = completed->program;
    for (int r = 0; r < program->records.count; r++) {
        offer(program->records.items[r]->name, start);
        offer_fields(program->records.items[r], start);
    }
    for (int e = 0; e < program->enums.count; e++)
        for (int v = 0; v < program->enums.items[e]->value_count; v++)
            offer(program->enums.items[e]->values[v].name, start);
    for (int i = 0; i < program->rules.count; i++)
        offer(program->rules.items[i]->name, start);
    for (int i = 0; i < program->reports.count; i++)
        offer(program->reports.items[i]->name, start);
    static const char *const functions[] = {"count", "sum", "avg", "min", "max", "latest", "earliest", "streak", "longest_gap", "join", "distinct", "transitive", "today", "now"};
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        offer(functions[i], start);
}

static void collect(const char *line, int from, const char *start) {
    for (int i = 0; i < matches.count; i++)
        free(matches.items[i]);
    matches.count = matches.at = 0;
    if (from > 0 && line[from - 1] == '.') {
        int base = from - 1;
        while (base > 0 && (isalnum((unsigned char)line[base - 1]) || line[base - 1] == '_'))
            base--;
        offer_after_dot(line + base, (size_t)(from - 1 - base), start);
        return;
    }
    struct arena *scratch = arena_create();
    struct expected_list expected = parse_expected_after(scratch, line, (size_t)from, PARSE_INPUT);
    bool wants_name = expected.count == 0;
    for (int i = 0; i < expected.count; i++) {
        if (strncmp(expected.items[i], "a ", 2) == 0 || strncmp(expected.items[i], "an ", 3) == 0)
            wants_name = true;
        else if (isalpha((unsigned char)expected.items[i][0]))
            offer(expected.items[i], start);
    }
    if (wants_name)
        offer_names(start);
    arena_destroy(scratch);
}

static char *next_match(const char *text, int state) {
    (void)text;
    if (state == 0)
        matches.at = 0;
    return matches.at < matches.count ? strdup(matches.items[matches.at++]) : NULL;
}

static char **complete(const char *text, int start, int end) {
    (void)end;
    rl_attempted_completion_over = 1; /* no file names */
    collect(rl_line_buffer, start, text);
    return rl_completion_matches(text, next_match);
}

void complete_start(struct session *session) {
    completed = session;
    rl_attempted_completion_function = complete;
    rl_completer_word_break_characters = " \t\n\"\\'`@$><=;|&{}()[],.:+-*/";
    rl_completion_append_character = '\0';
}
