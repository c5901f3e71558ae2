/* An account as JSON: one object, with the same data as the text. See account.h.
 * Knows: JSON. Does not know: sentences. */
#include "runtime/engine/account.h"
#include "runtime/engine/json_tree.h"
#include "lang/check/texpr.h"

#include <string.h>

static void add_value(struct buffer *out, struct value value, struct type type) {
    value_write(out, value, type.kind == TYPE_RECORD ? type_of_kind(TYPE_TEXT) : type, VALUE_JSON);
}

static void write_value(struct json *json, const char *name, struct value value, struct type type) {
    json_begin(json, name);
    add_value(json->out, value, type);
}

/* ---- parts ---- */

static void write_shown(struct json *json, const struct account_rows *rows) {
    json_open(json, "shown", '[');
    for (int r = 0; r < rows->row_count; r++) {
        json_begin(json, NULL);
        buffer_add_char(json->out, '{');
        for (int c = 0; c < rows->column_count; c++) {
            buffer_add_string(json->out, c ? ", " : "");
            json_write_text(json->out, rows->columns[c].label, strlen(rows->columns[c].label));
            buffer_add_string(json->out, ": ");
            add_value(json->out, rows->values[r * rows->column_count + c], rows->columns[c].type);
        }
        buffer_add_char(json->out, '}');
    }
    json_close(json, ']');
}

static void write_rows(struct json *json, const struct account_rows *rows) {
    static const char *const orders[] = {[ROWS_AS_THEY_STAND] = "as they stand", [ROWS_GREATEST_FIRST] = "greatest first", [ROWS_LEAST_FIRST] = "least first",
                                         [ROWS_NEWEST_FIRST] = "newest first", [ROWS_LATEST] = "the latest", [ROWS_EARLIEST] = "the earliest", [ROWS_NEAREST_FIRST] = "nearest first"};
    json_open(json, "rows", '{');
    json_string(json, "of", rows->of);
    json_number(json, "all", rows->all);
    json_number(json, "matching", rows->matching);
    json_string(json, "order", orders[rows->order]);
    write_shown(json, rows);
    json_close(json, '}');
}

static void write_table(struct json *json, const struct account_table *table) {
    json_open(json, table->name, '{');
    json_number(json, "all", table->rows.all);
    write_shown(json, &table->rows);
    json_close(json, '}');
}

static void write_part(struct json *json, const struct account_part *part) {
    static const char *const kinds[ACCOUNT_KIND_COUNT] = {[ACCOUNT_ALL] = "all", [ACCOUNT_ANY] = "any", [ACCOUNT_NOT] = "not", [ACCOUNT_CONDITION] = "condition", [ACCOUNT_ROWS] = "rows", [ACCOUNT_VALUE] = "value"};
    json_open(json, NULL, '{');
    json_string(json, "kind", kinds[part->kind]);
    json_string(json, "words", part->words);
    if (part->made_of)
        json_string(json, "made_of", part->made_of);
    if (part->kind == ACCOUNT_VALUE)
        write_value(json, "value", part->value, part->type);
    else if (part->state == ACCOUNT_NOT_ASKED)
        json_string(json, "holds", NULL);
    else
        json_bool(json, "holds", part->state == ACCOUNT_HOLDS);
    if (part->parts.count) {
        json_open(json, "parts", '[');
        for (int i = 0; i < part->parts.count; i++)
            write_part(json, part->parts.items[i]);
        json_close(json, ']');
    }
    if (part->rows)
        write_rows(json, part->rows);
    json_close(json, '}');
}

static void write_clause(struct json *json, const struct account_clause *clause) {
    json_open(json, NULL, '{');
    json_string(json, "clause", clause->name);
    if (clause->label && *clause->label)
        json_string(json, "label", clause->label);
    json_bool(json, "must_hold", clause->must_hold);
    json_bool(json, "holds", clause->part->state == ACCOUNT_HOLDS);
    json_open(json, "parts", '[');
    if (clause->part->kind == ACCOUNT_ALL)
        for (int i = 0; i < clause->part->parts.count; i++)
            write_part(json, clause->part->parts.items[i]);
    else
        write_part(json, clause->part);
    json_close(json, ']');
    json_close(json, '}');
}

/* ---- changes ---- */

static void write_mends(struct json *json, const char *name, const struct mend_list *mends);

static void write_value_change(struct json *json, const struct account_change *change) {
    json_string(json, "of", change->words);
    write_value(json, "now", change->now, change->type);
    if (change->is_order) {
        write_value(json, "nearest", change->nearest, change->type);
        write_value(json, "least", change->least, change->type);
        write_value(json, "most", change->most, change->type);
    }
    if (change->verb)
        json_string(json, "how", change->verb);
    if (change->values.count) {
        json_open(json, "one_of", '[');
        for (int i = 0; i < change->values.count; i++)
            write_value(json, NULL, change->values.items[i], change->type);
        json_close(json, ']');
    }
    if (change->is_other)
        json_bool(json, "any_other", true);
    if (change->or_missing)
        json_bool(json, "or_missing", true);
}

static void write_change(struct json *json, const struct account_change *change) {
    static const char *const kinds[] = {[CHANGE_VALUE] = "value", [CHANGE_TO_ROWS] = "a row", [CHANGE_TO_NO_ROWS] = "no row"};
    json_open(json, NULL, '{');
    json_string(json, "change", kinds[change->kind]);
    if (change->kind == CHANGE_VALUE)
        write_value_change(json, change);
    else {
        json_string(json, "of", change->words);
        if (change->is_member)
            write_value(json, "member", change->nearest, change->type);
        if (change->condition)
            json_string(json, "with", change->condition);
        json_number(json, "all", change->all);
        json_number(json, "matching", change->matching);
        if (change->mends.count) {
            json_string(json, "nearest", change->row);
            write_mends(json, "if", &change->mends);
        }
    }
    json_close(json, '}');
}

/* A list of lists: all of the outer, of each any of the inner. */
static void write_mends(struct json *json, const char *name, const struct mend_list *mends) {
    json_open(json, name, '[');
    for (int m = 0; m < mends->count; m++) {
        json_open(json, NULL, '[');
        for (int c = 0; c < mends->items[m]->choices.count; c++)
            write_change(json, mends->items[m]->choices.items[c]);
        json_close(json, ']');
    }
    json_close(json, ']');
}

/* ---- all ---- */

void account_write_json(struct buffer *out, const struct account *account) {
    struct json json = {out, 0, false};
    json_open(&json, NULL, '{');
    json_string(&json, "asked", account->asked);
    json_string(&json, account->kind, account->name);
    json_string(&json, "title", account->title);
    json_string(&json, "record", account->record);
    json_string(&json, "element", account->element);
    json_string(&json, "name", account->element_name);
    json_bool(&json, "holds", account->holds);
    for (int i = 0; i < account->facts.count; i++)
        if (account->facts.items[i].name)
            write_value(&json, account->facts.items[i].name, account->facts.items[i].value, account->facts.items[i].type);
    for (int i = 0; i < account->tables.count; i++)
        write_table(&json, account->tables.items[i]);
    json_open(&json, "clauses", '[');
    for (int i = 0; i < account->clauses.count; i++)
        write_clause(&json, account->clauses.items[i]);
    json_close(&json, ']');
    if (account->is_cut)
        json_bool(&json, "is_cut", true);
    if (account->has_mends)
        write_mends(&json, "would_if", &account->mends);
    json_close(&json, '}');
    buffer_add_char(out, '\n');
}
