/* An account as text for people: in the terminal, or as Markdown; and its values on one line, for messages. See account.h, account_say.h.
 * Knows: how an account is laid out. Does not know: where values come from, how changes are put into words (account_change.c). */
#include "lang/check/texpr.h"
#include "runtime/engine/account_say.h"

#include <stdlib.h>
#include <string.h>

enum { WIDTH_LEAST = 40 };

/* ---- values ---- */

void say_plain(struct saying *text, const char *bytes, size_t length) {
    struct buffer *out = text->out;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)bytes[i], next = i + 1 < length ? (unsigned char)bytes[i + 1] : 0;
        bool is_two = byte == 0xC2 && next >= 0x80 && next < 0xA0;
        if (text->is_markdown && byte && strchr("\\`*_<>[]|#", byte))
            buffer_add_char(out, '\\');
        buffer_add_char(out, byte < ' ' || byte == 0x7F || is_two ? ' ' : bytes[i]);
        i += is_two;
    }
}

void say_value(struct saying *text, struct value value, struct type type) {
    struct buffer *out = text->out;
    if (value.kind == VALUE_MISSING) {
        buffer_add_string(out, "missing");
        return;
    }
    if (type.kind == TYPE_RECORD || type.kind == TYPE_TEXT) {
        buffer_add_string(out, type.kind == TYPE_TEXT ? "\"" : "");
        say_plain(text, value.text, value.length);
        buffer_add_string(out, type.kind == TYPE_TEXT ? "\"" : "");
        return;
    }
    value_write(out, value, type, VALUE_SHOWN);
    if (type.kind == TYPE_ENUM && value.integer >= 0 && value.integer < type.enumeration->value_count && strcmp(type.enumeration->values[value.integer].name, type.enumeration->values[value.integer].title) != 0)
        buffer_add_format(out, " (%s)", type.enumeration->values[value.integer].name);
}

/* ---- lines ---- */

void say_line(struct saying *text, int depth, const char *bullet) {
    buffer_add_repeated(text->out, ' ', depth * INDENT);
    if (text->is_markdown)
        buffer_add_string(text->out, "- ");
    buffer_add_string(text->out, bullet);
}

void say_words(struct saying *text, const char *words) {
    const char *quote = text->is_markdown ? "`" : "";
    buffer_add_format(text->out, "%s%s%s", quote, words, quote);
}

void say_end(struct saying *text) {
    buffer_add_char(text->out, '\n');
}

const char *say_count(char *out, size_t size, int64_t count) {
    struct buffer shown = {0};
    value_write(&shown, value_int(count), type_of_kind(TYPE_INT), VALUE_SHOWN);
    snprintf(out, size, "%s", buffer_string(&shown));
    buffer_free(&shown);
    return out;
}

/* ---- rows ---- */

static bool is_one(const struct account_rows *rows) {
    return rows->order == ROWS_LATEST || rows->order == ROWS_EARLIEST;
}

static void write_caption(struct saying *text, const struct account_rows *rows) {
    static const char *const orders[] = {[ROWS_GREATEST_FIRST] = ", the greatest first", [ROWS_LEAST_FIRST] = ", the least first", [ROWS_NEWEST_FIRST] = ", the newest first",
                                         [ROWS_NEAREST_FIRST] = ", the nearest first", [ROWS_AS_THEY_STAND] = "", [ROWS_LATEST] = "", [ROWS_EARLIEST] = ""};
    char all_text[32], matching_text[32];
    int64_t all = rows->all, matching = rows->matching;
    say_count(all_text, sizeof all_text, all);
    say_count(matching_text, sizeof matching_text, matching);
    if (all == 0) {
        say_words(text, rows->of);
        buffer_add_string(text->out, " has no rows");
        return;
    }
    if (is_one(rows))
        buffer_add_format(text->out, "the %s of %s row%s of ", rows->order == ROWS_LATEST ? "latest" : "earliest", matching_text, matching == 1 ? "" : "s");
    else if (rows->is_filtered && matching == 0)
        buffer_add_format(text->out, "none of %s row%s of ", all_text, all == 1 ? "" : "s");
    else if (rows->is_filtered)
        buffer_add_format(text->out, "%s of %s row%s of ", matching_text, all_text, all == 1 ? "" : "s");
    else
        buffer_add_format(text->out, "%s row%s of ", all_text, all == 1 ? "" : "s");
    say_words(text, rows->of);
    if (rows->row_count > 1)
        buffer_add_string(text->out, orders[rows->order]);
}

/* The table, each line moved in. */
static void write_table(struct saying *text, const struct account_rows *rows, int depth) {
    char *bytes = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&bytes, &length);
    struct rows *list = list_rows(rows->columns, rows->column_count, rows->values, rows->row_count);
    struct render_options options = {.format = text->is_markdown ? RENDER_MARKDOWN : RENDER_TABLE};
    int indent = depth * INDENT + (text->is_markdown ? INDENT : 0);
    if (text->options->width > 0)
        options.width = text->options->width - indent > WIDTH_LEAST ? text->options->width - indent : WIDTH_LEAST;
    struct failure ignored = {0}; /* memory is written, not a file */
    if (memory)
        render_rows(memory, list, &options, NULL, &ignored);
    rows_close(list);
    if (memory)
        fclose(memory);
    if (text->is_markdown)
        say_end(text);
    for (const char *line = bytes; line && *line;) {
        size_t size = strcspn(line, "\n");
        buffer_add_repeated(text->out, ' ', indent);
        buffer_add(text->out, line, size);
        say_end(text);
        line += size + (line[size] == '\n');
    }
    free(bytes);
    int64_t of = rows->matching ? rows->matching : rows->all;
    if (!is_one(rows) && of > rows->row_count) {
        if (text->is_markdown)
            say_end(text);
        buffer_add_repeated(text->out, ' ', indent);
        char more[32];
        buffer_add_format(text->out, "… and %s more", say_count(more, sizeof more, of - rows->row_count));
        say_end(text);
    }
    if (text->is_markdown)
        say_end(text);
}

/* Of one column, all on the line; keys without quotes. */
static void write_in_line(struct saying *text, const struct account_rows *rows) {
    struct type type = rows->columns[0].type;
    if (strcmp(rows->columns[0].label, "key") == 0)
        type.kind = TYPE_RECORD;
    for (int r = 0; r < rows->row_count; r++) {
        buffer_add_string(text->out, r ? ", " : ": ");
        say_value(text, rows->values[r], type);
    }
    char more[32];
    if (rows->matching > rows->row_count)
        buffer_add_format(text->out, " and %s more", say_count(more, sizeof more, rows->matching - rows->row_count));
}

static void write_rows(struct saying *text, const struct account_rows *rows, int depth) {
    bool is_list = rows->column_count == 1 && (strcmp(rows->columns[0].label, "key") == 0 || strcmp(rows->columns[0].label, "value") == 0);
    say_line(text, depth, "");
    write_caption(text, rows);
    if (is_list)
        write_in_line(text, rows);
    say_end(text);
    if (rows->row_count && !is_list)
        write_table(text, rows, depth);
}

/* ---- parts ---- */

static const char *mark_of(const struct account_part *part) {
    return part->state == ACCOUNT_HOLDS ? "✓ " : part->state == ACCOUNT_FAILS ? "✗ " : "· ";
}

static void write_reading(struct saying *text, const struct account_part *part) {
    say_words(text, part->words);
    if (part->state == ACCOUNT_NOT_ASKED) {
        buffer_add_string(text->out, " has no value");
        return;
    }
    buffer_add_string(text->out, " is ");
    say_value(text, part->value, part->type);
    if (part->made_of && strcmp(part->made_of, part->words) != 0) {
        buffer_add_string(text->out, ": ");
        say_words(text, part->made_of);
    }
}

/* One value that is not opened stands on the line of what read it. */
static bool is_short(const struct account_part *part) {
    const struct account_part *only = part->parts.count == 1 ? part->parts.items[0] : NULL;
    return part->kind == ACCOUNT_CONDITION && !part->rows && only && only->kind == ACCOUNT_VALUE && !only->parts.count && !only->rows && !only->made_of;
}

static void write_part(struct saying *text, const struct account_part *part, int depth) {
    say_line(text, depth, part->kind == ACCOUNT_VALUE ? "" : mark_of(part));
    if (part->kind == ACCOUNT_VALUE)
        write_reading(text, part);
    else {
        say_words(text, part->words);
        if (part->state == ACCOUNT_NOT_ASKED)
            buffer_add_string(text->out, " (not asked)");
        if (part->made_of) {
            buffer_add_string(text->out, ": ");
            say_words(text, part->made_of);
        }
    }
    if (is_short(part)) {
        buffer_add_string(text->out, ": ");
        write_reading(text, part->parts.items[0]);
        say_end(text);
        return;
    }
    say_end(text);
    for (int i = 0; i < part->parts.count; i++)
        write_part(text, part->parts.items[i], depth + 1);
    if (part->rows)
        write_rows(text, part->rows, depth + 1);
}

static void write_clause(struct saying *text, const struct account_clause *clause) {
    const char *strong = text->is_markdown ? "**" : "";
    const struct account_part *part = clause->part;
    buffer_add_format(text->out, "\n%s%s", strong, clause->name);
    if (clause->label && *clause->label)
        buffer_add_format(text->out, " \"%s\"", clause->label);
    bool is_so = part->state == ACCOUNT_HOLDS;
    const char *outcome = clause->label ? is_so ? " applies" : " does not apply" : clause->must_hold ? "" : is_so ? ", but it is so" : ", and it is not so";
    buffer_add_format(text->out, "%s%s\n", strong, outcome);
    if (text->is_markdown)
        say_end(text);
    if (part->kind != ACCOUNT_ALL) {
        write_part(text, part, text->is_markdown ? 0 : 1);
        return;
    }
    for (int i = 0; i < part->parts.count; i++)
        write_part(text, part->parts.items[i], text->is_markdown ? 0 : 1);
}

static void write_what_would_do(struct saying *text) {
    const struct account *account = text->account;
    const char *strong = text->is_markdown ? "**" : "";
    if (!account->mends.count) {
        buffer_add_format(text->out, "\nno change of these values was found with which it would %s\n", account->would);
        return;
    }
    buffer_add_format(text->out, "\n%sit would %s if%s%s\n", strong, account->would, account->mends.count > 1 ? " all of these were so" : "", strong);
    if (text->is_markdown)
        say_end(text);
    say_mends(text, &account->mends, text->is_markdown ? 0 : 1);
}

/* ---- the head and the facts ---- */

static void write_head(struct saying *text) {
    const struct account *account = text->account;
    const char *before = text->is_markdown ? "## " : text->options->color ? "\033[1m" : "", *after = text->is_markdown ? "\n" : text->options->color ? "\033[0m" : "";
    bool is_named = account->element_name && strcmp(account->element_name, account->element) != 0;
    buffer_add_format(text->out, "%s%s %s ", before, account->name, account->verdict);
    say_plain(text, account->element, strlen(account->element));
    if (is_named) {
        buffer_add_string(text->out, " \"");
        say_plain(text, account->element_name, strlen(account->element_name));
        buffer_add_char(text->out, '"');
    }
    if (account->is_turned)
        buffer_add_format(text->out, ", so this is %s", account->holds ? "why" : "why not");
    buffer_add_format(text->out, "%s\n", after);
    bool has_title = strcmp(account->title, account->name) != 0;
    if (has_title)
        buffer_add_format(text->out, "%s\n", account->title);
    if (account->statement) {
        if (text->is_markdown && has_title)
            say_end(text);
        say_plain(text, account->statement, strlen(account->statement));
        say_end(text);
    }
}

static void write_facts(struct saying *text) {
    const struct account *account = text->account;
    int widest = 0;
    for (int i = 0; i < account->facts.count; i++)
        if (account->facts.items[i].label && (int)strlen(account->facts.items[i].label) > widest)
            widest = (int)strlen(account->facts.items[i].label);
    buffer_add_string(text->out, text->is_markdown ? "\n**known of it**\n\n" : "\n");
    for (int i = 0; i < account->facts.count; i++) {
        const struct account_fact *fact = &account->facts.items[i];
        if (!fact->label)
            continue;
        if (text->is_markdown)
            buffer_add_format(text->out, "- **%s** ", fact->label);
        else
            buffer_add_format(text->out, "%-*s  ", widest, fact->label);
        struct buffer value = {0};
        if (fact->value.kind != VALUE_MISSING)
            value_write(&value, fact->value, fact->type, VALUE_SHOWN);
        say_plain(text, buffer_string(&value), value.length);
        if (fact->note)
            buffer_add_format(text->out, "%s%s", value.length ? ", " : "", fact->note);
        buffer_free(&value);
        say_end(text);
    }
}

static void write_account_table(struct saying *text, const struct account_table *table) {
    const char *strong = text->is_markdown ? "**" : "";
    buffer_add_format(text->out, "\n%s%s%s\n", strong, table->name, strong);
    write_table(text, &table->rows, text->is_markdown ? 0 : 1);
}

void account_write_text(struct buffer *out, const struct account *account, const struct render_options *options) {
    struct saying text = {out, account, options, options->format == RENDER_MARKDOWN};
    write_head(&text);
    for (int i = 0; i < account->clauses.count; i++)
        write_clause(&text, account->clauses.items[i]);
    if (account->is_cut)
        buffer_add_string(out, "\nit has more parts than are shown\n");
    if (account->has_mends)
        write_what_would_do(&text);
    for (int i = 0; i < account->tables.count; i++)
        write_account_table(&text, account->tables.items[i]);
    write_facts(&text);
}

bool account_show(struct account *account, struct failure *failure) {
    struct session *session = account->session;
    const struct render_options *options = &session->options.render;
    if (options->format == RENDER_CSV || options->format == RENDER_JSONL)
        return failure_set(failure, DIAG_ACCOUNT_FORMAT, render_format_name(options->format));
    struct buffer out = {0};
    if (options->format == RENDER_JSON)
        account_write_json(&out, account);
    else {
        buffer_add_string(&out, session->has_accounted ? "\n" : "");
        account_write_text(&out, account, options);
    }
    session->has_accounted = true;
    session_speaks(session);
    fputs(buffer_string(&out), session->options.out);
    buffer_free(&out);
    return true;
}
