/* An account as JSON: one object, with the same data as the text. See account.h.
 * Knows: JSON. Does not know: sentences. */
#include "runtime/engine/account.h"
#include "lang/check/texpr.h"

#include <string.h>

/* What is being written: how deep, and whether something stands before on the same level. */
struct json {
    struct buffer *out;
    int depth;
    bool has_before;
};

static void begin_item(struct json *json) {
    if (json->has_before)
        buffer_add_char(json->out, ',');
    if (json->depth) {
        buffer_add_char(json->out, '\n');
        buffer_add_repeated(json->out, ' ', json->depth * 2);
    }
    json->has_before = true;
}

static void write_name(struct json *json, const char *name) {
    begin_item(json);
    if (!name) /* of a list */
        return;
    json_write_text(json->out, name, strlen(name));
    buffer_add_string(json->out, ": ");
}

static void open_with(struct json *json, const char *name, char bracket) {
    write_name(json, name);
    buffer_add_char(json->out, bracket);
    json->depth++;
    json->has_before = false;
}

static void close_with(struct json *json, char bracket) {
    json->depth--;
    if (json->has_before) {
        buffer_add_char(json->out, '\n');
        buffer_add_repeated(json->out, ' ', json->depth * 2);
    }
    buffer_add_char(json->out, bracket);
    json->has_before = true;
}

static void write_string(struct json *json, const char *name, const char *text) {
    write_name(json, name);
    if (text)
        json_write_text(json->out, text, strlen(text));
    else
        buffer_add_string(json->out, "null");
}

static void write_bool(struct json *json, const char *name, bool value) {
    write_name(json, name);
    buffer_add_string(json->out, value ? "true" : "false");
}

static void write_count(struct json *json, const char *name, int64_t count) {
    write_name(json, name);
    buffer_add_format(json->out, "%lld", (long long)count);
}

static void add_value(struct buffer *out, struct value value, struct type type) {
    value_write(out, value, type.kind == TYPE_RECORD ? type_of_kind(TYPE_TEXT) : type, VALUE_JSON);
}

static void write_value(struct json *json, const char *name, struct value value, struct type type) {
    write_name(json, name);
    add_value(json->out, value, type);
}

/* ---- parts ---- */

static void write_shown(struct json *json, const struct account_rows *rows) {
    open_with(json, "shown", '[');
    for (int r = 0; r < rows->row_count; r++) {
        begin_item(json);
        buffer_add_char(json->out, '{');
        for (int c = 0; c < rows->column_count; c++) {
            buffer_add_string(json->out, c ? ", " : "");
            json_write_text(json->out, rows->columns[c].label, strlen(rows->columns[c].label));
            buffer_add_string(json->out, ": ");
            add_value(json->out, rows->values[r * rows->column_count + c], rows->columns[c].type);
        }
        buffer_add_char(json->out, '}');
    }
    close_with(json, ']');
}

static void write_rows(struct json *json, const struct account_rows *rows) {
    static const char *const orders[] = {[ROWS_AS_THEY_STAND] = "as they stand", [ROWS_GREATEST_FIRST] = "greatest first", [ROWS_LEAST_FIRST] = "least first",
                                         [ROWS_NEWEST_FIRST] = "newest first", [ROWS_LATEST] = "the latest", [ROWS_EARLIEST] = "the earliest", [ROWS_NEAREST_FIRST] = "nearest first"};
    open_with(json, "rows", '{');
    write_string(json, "of", rows->of);
    write_count(json, "all", rows->all);
    write_count(json, "matching", rows->matching);
    write_string(json, "order", orders[rows->order]);
    write_shown(json, rows);
    close_with(json, '}');
}

static void write_table(struct json *json, const struct account_table *table) {
    open_with(json, table->name, '{');
    write_count(json, "all", table->rows.all);
    write_shown(json, &table->rows);
    close_with(json, '}');
}

static void write_part(struct json *json, const struct account_part *part) {
    static const char *const kinds[ACCOUNT_KIND_COUNT] = {[ACCOUNT_ALL] = "all", [ACCOUNT_ANY] = "any", [ACCOUNT_NOT] = "not", [ACCOUNT_CONDITION] = "condition", [ACCOUNT_ROWS] = "rows", [ACCOUNT_VALUE] = "value"};
    open_with(json, NULL, '{');
    write_string(json, "kind", kinds[part->kind]);
    write_string(json, "words", part->words);
    if (part->made_of)
        write_string(json, "made_of", part->made_of);
    if (part->kind == ACCOUNT_VALUE)
        write_value(json, "value", part->value, part->type);
    else if (part->state == ACCOUNT_NOT_ASKED)
        write_string(json, "holds", NULL);
    else
        write_bool(json, "holds", part->state == ACCOUNT_HOLDS);
    if (part->parts.count) {
        open_with(json, "parts", '[');
        for (int i = 0; i < part->parts.count; i++)
            write_part(json, part->parts.items[i]);
        close_with(json, ']');
    }
    if (part->rows)
        write_rows(json, part->rows);
    close_with(json, '}');
}

static void write_clause(struct json *json, const struct account_clause *clause) {
    open_with(json, NULL, '{');
    write_string(json, "clause", clause->name);
    if (clause->label && *clause->label)
        write_string(json, "label", clause->label);
    write_bool(json, "must_hold", clause->must_hold);
    write_bool(json, "holds", clause->part->state == ACCOUNT_HOLDS);
    open_with(json, "parts", '[');
    if (clause->part->kind == ACCOUNT_ALL)
        for (int i = 0; i < clause->part->parts.count; i++)
            write_part(json, clause->part->parts.items[i]);
    else
        write_part(json, clause->part);
    close_with(json, ']');
    close_with(json, '}');
}

/* ---- changes ---- */

static void write_mends(struct json *json, const char *name, const struct mend_list *mends);

static void write_value_change(struct json *json, const struct account_change *change) {
    write_string(json, "of", change->words);
    write_value(json, "now", change->now, change->type);
    if (change->is_order) {
        write_value(json, "nearest", change->nearest, change->type);
        write_value(json, "least", change->least, change->type);
        write_value(json, "most", change->most, change->type);
    }
    if (change->verb)
        write_string(json, "how", change->verb);
    if (change->values.count) {
        open_with(json, "one_of", '[');
        for (int i = 0; i < change->values.count; i++)
            write_value(json, NULL, change->values.items[i], change->type);
        close_with(json, ']');
    }
    if (change->is_other)
        write_bool(json, "any_other", true);
    if (change->or_missing)
        write_bool(json, "or_missing", true);
}

static void write_change(struct json *json, const struct account_change *change) {
    static const char *const kinds[] = {[CHANGE_VALUE] = "value", [CHANGE_TO_ROWS] = "a row", [CHANGE_TO_NO_ROWS] = "no row"};
    open_with(json, NULL, '{');
    write_string(json, "change", kinds[change->kind]);
    if (change->kind == CHANGE_VALUE)
        write_value_change(json, change);
    else {
        write_string(json, "of", change->words);
        if (change->is_member)
            write_value(json, "member", change->nearest, change->type);
        if (change->condition)
            write_string(json, "with", change->condition);
        write_count(json, "all", change->all);
        write_count(json, "matching", change->matching);
        if (change->mends.count) {
            write_string(json, "nearest", change->row);
            write_mends(json, "if", &change->mends);
        }
    }
    close_with(json, '}');
}

/* A list of lists: all of the outer, of each any of the inner. */
static void write_mends(struct json *json, const char *name, const struct mend_list *mends) {
    open_with(json, name, '[');
    for (int m = 0; m < mends->count; m++) {
        open_with(json, NULL, '[');
        for (int c = 0; c < mends->items[m]->choices.count; c++)
            write_change(json, mends->items[m]->choices.items[c]);
        close_with(json, ']');
    }
    close_with(json, ']');
}

/* ---- all ---- */

void account_write_json(struct buffer *out, const struct account *account) {
    struct json json = {out, 0, false};
    open_with(&json, NULL, '{');
    write_string(&json, "asked", account->asked);
    write_string(&json, account->kind, account->name);
    write_string(&json, "title", account->title);
    write_string(&json, "record", account->record);
    write_string(&json, "element", account->element);
    write_string(&json, "name", account->element_name);
    write_bool(&json, "holds", account->holds);
    for (int i = 0; i < account->facts.count; i++)
        if (account->facts.items[i].name)
            write_value(&json, account->facts.items[i].name, account->facts.items[i].value, account->facts.items[i].type);
    for (int i = 0; i < account->tables.count; i++)
        write_table(&json, account->tables.items[i]);
    open_with(&json, "clauses", '[');
    for (int i = 0; i < account->clauses.count; i++)
        write_clause(&json, account->clauses.items[i]);
    close_with(&json, ']');
    if (account->is_cut)
        write_bool(&json, "is_cut", true);
    if (account->has_mends)
        write_mends(&json, "would_if", &account->mends);
    close_with(&json, '}');
    buffer_add_char(out, '\n');
}
