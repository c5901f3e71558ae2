/* Completion. See complete.h. */
#include "runtime/repl/complete.h"
#include "runtime/repl/inside.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <readline/readline.h>

static struct session *const *completed; /* readline's callbacks take no context */
static const struct buffer *lines_before;

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

static bool is_name_byte(char byte) {
    return isalnum((unsigned char)byte) || byte == '_' || (byte & 0x80);
}

/* The type of record that `name in TYPE` gave the name last, or NULL. */
static const struct record_type *record_of_alias(const char *text, const char *name, size_t length) {
    const struct record_type *found = NULL;
    for (const char *at = strstr(text, " in "); at; at = strstr(at + 1, " in ")) {
        const char *type = at + 4;
        size_t type_length = 0;
        while (is_name_byte(type[type_length]))
            type_length++;
        bool is_named = (size_t)(at - text) >= length && strncmp(at - length, name, length) == 0 && (at - length == text || !is_name_byte(at[-(ptrdiff_t)length - 1]));
        for (int r = 0; is_named && r < (*completed)->program->records.count; r++) {
            const struct record_type *record = (*completed)->program->records.items[r];
            if (strlen(record->name) == type_length && strncmp(record->name, type, type_length) == 0)
                found = record;
        }
    }
    return found;
}

/* After a dot: the fields of the record that the name before it is, or may be. */
static void offer_after_dot(const char *text, const char *base, size_t length, const char *start) {
    const struct program *program = (*completed)->program;
    const struct record_type *alias = record_of_alias(text, base, length);
    if (alias) {
        offer_fields(alias, start);
        return;
    }
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
    const struct program *program = (*completed)->program;
    for (int r = 0; r < program->records.count; r++) {
        offer(program->records.items[r]->name, start);
        offer_fields(program->records.items[r], start);
    }
    for (int e = 0; e < program->enums.count; e++)
        for (int v = 0; v < program->enums.items[e]->value_count; v++)
            offer(program->enums.items[e]->values[v].name, start);
    for (int i = 0; i < program->rules.count; i++)
        offer(program->rules.items[i]->name, start);
    for (int i = 0; i < program->mandates.count; i++)
        offer(program->mandates.items[i]->name, start);
    for (int i = 0; i < program->reports.count; i++)
        offer(program->reports.items[i]->name, start);
    static const char *const functions[] = {
#define BUILTIN(name, parameters, result, operation, help) #name,
#include "lang/check/builtins.def"
#undef BUILTIN
        "count", "sum", "avg", "latest", "earliest", "streak", "longest_gap", "join", "distinct", "transitive", "periods", "convert", "today", "now"};
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        offer(functions[i], start);
}

static void offer_grammar(const char *text, size_t length, const char *start) {
    struct arena *scratch = arena_create();
    struct expected_list expected = parse_expected_after(scratch, text, length, PARSE_INPUT);
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

static void offer_words(const char *const *words, const char *start) {
    for (; *words; words++)
        offer(*words, start);
}

static bool offer_key(void *context, const char *key, int64_t id) {
    (void)id;
    offer(key, context);
    return true;
}

/* Does the name stand in the line, with something after it? */
static bool is_in_line(const char *name) {
    const char *at = strstr(rl_line_buffer, name);
    return at && at[-1] == ' ' && at[strlen(name)] == ' ';
}

/* A rule or a mandate; after it a key of one of its records. */
static void offer_account(const char *start) {
    enum { KEYS_OFFERED = 2000 };
    const struct program *program = (*completed)->program;
    struct record_type *record = NULL;
    for (int i = 0; i < program->rules.count; i++)
        record = is_in_line(program->rules.items[i]->name) ? program->rules.items[i]->record : record;
    for (int i = 0; i < program->mandates.count; i++)
        record = is_in_line(program->mandates.items[i]->name) ? program->mandates.items[i]->record : record;
    struct failure ignored = {0}; /* then there is nothing to offer */
    char *copy = strdup(start);
    if (record && record->storage && copy)
        store_each_key((*completed)->store, record, KEYS_OFFERED, offer_key, copy, &ignored);
    free(copy);
    if (record)
        return;
    offer("not", start);
    for (int i = 0; i < program->rules.count; i++)
        offer(program->rules.items[i]->name, start);
    for (int i = 0; i < program->mandates.count; i++)
        offer(program->mandates.items[i]->name, start);
}

/* What may stand after a dot command; false where it is the name of a file. */
static bool offer_argument(enum dot_argument argument, const char *start) {
    switch (argument) {
    case DOT_NOTHING: break;
    case DOT_NAME: offer_names(start); break;
    case DOT_RULE: offer_account(start); break;
    case DOT_LIST:
        offer_words(repl_lists, start);
        for (int r = 0; r < (*completed)->program->records.count; r++)
            offer((*completed)->program->records.items[r]->name, start);
        break;
    case DOT_FORMAT:
        for (int i = 0; i < RENDER_FORMAT_COUNT; i++)
            offer(render_format_name((enum render_format)i), start);
        break;
    case DOT_ENGINE: offer_words(repl_engines, start); break;
    case DOT_FILE: return false;
    }
    return true;
}

static const struct dot_command *command_of_line(void) {
    size_t length = strcspn(rl_line_buffer, " \t");
    for (const struct dot_command *command = repl_dot_commands; command->name; command++)
        if (strlen(command->name) == length && strncmp(command->name, rl_line_buffer, length) == 0)
            return command;
    return NULL;
}

/* Is the line that is being entered a command of the session? */
static bool is_dot_line(void) {
    return rl_line_buffer[0] == '.' && !lines_before->length;
}

static void offer_of_input(int from, const char *start) {
    struct buffer text = {0};
    if (lines_before->length)
        buffer_add_format(&text, "%s\n", buffer_string(lines_before));
    buffer_add(&text, rl_line_buffer, (size_t)from);
    const char *bytes = buffer_string(&text);
    if (text.length && bytes[text.length - 1] == '.') {
        size_t base = text.length - 1;
        while (base > 0 && is_name_byte(bytes[base - 1]))
            base--;
        offer_after_dot(bytes, bytes + base, text.length - 1 - base, start);
    } else
        offer_grammar(bytes, text.length, start);
    buffer_free(&text);
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
    for (int i = 0; i < matches.count; i++)
        free(matches.items[i]);
    matches.count = matches.at = 0;
    if (!is_dot_line())
        offer_of_input(start, text);
    else if (start == 0)
        for (const struct dot_command *command = repl_dot_commands; command->name; command++)
            offer(command->name, text);
    else {
        const struct dot_command *command = command_of_line();
        rl_attempted_completion_over = !command || offer_argument(command->argument, text);
    }
    return rl_completion_matches(text, next_match);
}

/* In a command of the session words end at spaces; elsewhere a dot, a bracket or an operator ends one too. */
static char *word_ends(void) {
    static char spaces[] = " \t", signs[] = " \t\n\"\\'`@$><=;|&{}()[],.:+-*/";
    return is_dot_line() ? spaces : signs;
}

void complete_start(struct session *const *session, const struct buffer *before) {
    completed = session;
    lines_before = before;
    rl_attempted_completion_function = complete;
    rl_completion_word_break_hook = word_ends;
    rl_completion_append_character = '\0';
}
