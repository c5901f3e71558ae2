/* Tables of the past, for questions and scans: remit_past_TYPE(change) has the rows of t_TYPE as they were after that change, with its columns; remit_past_TYPE__FIELD(change) the members of a
 * set. Without rows when the change is NULL. The argument may come from items on the left.
 * Knows: SQLite's virtual tables, which rows a change left. Does not know: who asks, days.
 *
 * A row as of a change is one of t_TYPE written by then or one of h_TYPE written by then and replaced later. A virtual table and not a subquery, since SQLite looks for rows in a union of two
 * tables by an index only in few places, and never for a change that another row says; here each equality that the question has goes into both halves of a statement of our own.
 * Statements are kept by the shape of what is asked, and stand idle between uses. */
#include "runtime/store/past.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    COSTLY_ROWS = 1000000, /* of a table that has to be read through, */
    FOUND_ROWS  = 40       /* and of those that a reference finds */
};

/* A column in both halves. */
struct past_column {
    char *name;      /* quoted */
    char *before;    /* in h_TYPE: the column, and for one that is never missing its default, for rows that are older than the column */
    bool is_path;    /* rows are found by it */
    bool is_row;     /* one row at most is */
};
struct idle_statement {
    struct idle_statement *next;
    char *shape;
    sqlite3_stmt *statement;
};
struct past_table {
    sqlite3_vtab base; /* first: SQLite knows it by this */
    sqlite3 *db;
    char *table, *history; /* quoted; history NULL: rows of the journal, which never change */
    struct past_column *columns;
    int column_count;      /* the argument comes after them */
    struct idle_statement *idle;
};
struct past_cursor {
    sqlite3_vtab_cursor base; /* first */
    struct idle_statement *statement;
    bool at_end;
};
/* Of what a table is: rows of a record, or members of one of its sets. It lives as long as the definition; what the table looks like is worked out when it is first asked for. */
struct past_subject {
    struct store *store;
    const struct storage *storage;
    struct field *set; /* or NULL */
};

/* ---- what it looks like ---- */

static char *copy_text(const char *text) {
    char *copy = text ? strdup(text) : NULL;
    assert(copy || !text);
    return copy;
}

static void add_column(struct past_table *table, const char *name, const char *before, bool is_path, bool is_row) {
    table->columns[table->column_count++] = (struct past_column){copy_text(name), copy_text(before), is_path, is_row};
}

static const char *declared_type(const struct field *field) {
    enum representation representation = type_representation(field->type);
    return representation == REPRESENTATION_TEXT ? "TEXT" : representation == REPRESENTATION_NUMBER ? "REAL" : "INTEGER";
}

static struct past_table *table_create_past(const char *table, const char *history, int column_count) {
    struct past_table *made = calloc(1, sizeof *made);
    assert(made);
    made->table = copy_text(table);
    made->history = copy_text(history);
    made->columns = calloc((size_t)column_count, sizeof *made->columns);
    assert(made->columns);
    return made;
}

/* The declaration goes to out. */
static struct past_table *make_rows(struct arena *arena, const struct past_subject *subject, struct buffer *out) {
    const struct storage *storage = subject->storage;
    struct past_table *table = table_create_past(storage->table, storage->is_view ? NULL : storage->history, storage->column_count + 2);
    buffer_add_string(out, "CREATE TABLE x(\"_id\" INTEGER, \"_since\" INTEGER");
    add_column(table, "\"_id\"", "\"_id\"", true, true);
    add_column(table, "\"_since\"", "\"_since\"", false, false);
    for (int i = 0; i < storage->column_count; i++) {
        const struct field *field = storage->columns[i];
        const char *column = store_column_name(arena, field);
        buffer_add_format(out, ", %s %s", column, declared_type(field));
        add_column(table, column, past_column(subject->store, arena, field), field->type.kind == TYPE_RECORD || i == FIELD_OWN_KEY, false);
    }
    buffer_add_string(out, ", \"_as_of\" HIDDEN)");
    return table;
}

static struct past_table *make_members(struct arena *arena, const struct past_subject *subject, struct buffer *out) {
    const struct field *set = subject->set;
    bool is_text = type_representation(*set->type.element) == REPRESENTATION_TEXT;
    struct past_table *table = table_create_past(store_members_table_name(arena, set), name_quote_set(arena, "h_", set->record->name, set->name), 2);
    add_column(table, "\"_id\"", "\"_id\"", true, false);
    add_column(table, "\"member\"", past_column(subject->store, arena, set), false, false);
    buffer_add_format(out, "CREATE TABLE x(\"_id\" INTEGER, \"member\" %s, \"_as_of\" HIDDEN)", is_text ? "TEXT" : "INTEGER");
    return table;
}

const char *store_past_table_name(struct arena *arena, const struct record_type *record) {
    return name_quote(arena, "remit_past_", record->name);
}

const char *store_past_members_table_name(struct arena *arena, const struct field *set) {
    return name_quote_set(arena, "remit_past_", set->record->name, set->name);
}

/* ---- the table ---- */

static int disconnect_past(sqlite3_vtab *base);

static int connect_past(sqlite3 *db, void *context, int count, const char *const *arguments, sqlite3_vtab **table, char **message) {
    (void)count, (void)arguments, (void)message;
    const struct past_subject *subject = context;
    struct arena *arena = arena_create();
    struct buffer declaration = {0};
    struct past_table *made = subject->set ? make_members(arena, subject, &declaration) : make_rows(arena, subject, &declaration);
    made->db = db;
    int result = sqlite3_declare_vtab(db, declaration.bytes);
    buffer_free(&declaration);
    arena_destroy(arena);
    if (result != SQLITE_OK) {
        disconnect_past(&made->base);
        return result;
    }
    sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS);
    *table = &made->base;
    return SQLITE_OK;
}

static void free_statement(struct idle_statement *statement) {
    sqlite3_finalize(statement->statement);
    free(statement->shape);
    free(statement);
}

static int disconnect_past(sqlite3_vtab *base) {
    struct past_table *table = (struct past_table *)base;
    while (table->idle) {
        struct idle_statement *statement = table->idle;
        table->idle = statement->next;
        free_statement(statement);
    }
    for (int i = 0; i < table->column_count; i++) {
        free(table->columns[i].name);
        free(table->columns[i].before);
    }
    free(table->columns);
    free(table->table);
    free(table->history);
    free(table);
    return SQLITE_OK;
}

/* ---- planning: the shape of what is asked is "used columns:equal column,equal column", in numbers ---- */

static double expected_rows(const struct past_table *table, int column, double rows) {
    if (table->columns[column].is_row)
        return 1;
    return table->columns[column].is_path ? (rows < FOUND_ROWS ? rows : FOUND_ROWS) : rows / 4 + 1;
}

static int plan_past(sqlite3_vtab *base, sqlite3_index_info *info) {
    const struct past_table *table = (const struct past_table *)base;
    bool has_change = false, is_found = false;
    double rows = COSTLY_ROWS;
    int given = 1;
    struct buffer shape = {0};
    buffer_add_format(&shape, "%llx:", (unsigned long long)info->colUsed);
    for (int i = 0; i < info->nConstraint; i++) {
        const struct sqlite3_index_constraint *constraint = &info->aConstraint[i];
        bool is_change = constraint->iColumn == table->column_count;
        if (constraint->op != SQLITE_INDEX_CONSTRAINT_EQ || constraint->iColumn < 0 || (!constraint->usable && !is_change))
            continue;
        if (!constraint->usable || (is_change && has_change)) {
            buffer_free(&shape);
            return SQLITE_CONSTRAINT;
        }
        info->aConstraintUsage[i].argvIndex = is_change ? 1 : ++given;
        info->aConstraintUsage[i].omit = is_change;
        has_change = has_change || is_change;
        if (is_change)
            continue;
        buffer_add_format(&shape, "%d,", constraint->iColumn);
        rows = expected_rows(table, constraint->iColumn, rows);
        is_found = is_found || table->columns[constraint->iColumn].is_path;
    }
    if (has_change) {
        info->estimatedRows = (sqlite3_int64)rows;
        info->estimatedCost = is_found ? rows * 4 + 8 : COSTLY_ROWS * 2.0;
        info->idxFlags = rows <= 1 ? SQLITE_INDEX_SCAN_UNIQUE : 0;
        info->idxStr = sqlite3_mprintf("%s", buffer_string(&shape));
        info->needToFreeIdxStr = 1;
    }
    buffer_free(&shape);
    return !has_change ? SQLITE_CONSTRAINT : info->idxStr ? SQLITE_OK : SQLITE_NOMEM;
}

/* ---- statements ---- */

static bool is_used(unsigned long long used, int column) {
    return used >> (column < 63 ? column : 63) & 1;
}

static void write_half(struct buffer *sql, const struct past_table *table, const char *shape, bool is_before) {
    char *equal;
    unsigned long long used = strtoull(shape, &equal, 16);
    buffer_add_string(sql, "SELECT ");
    for (int i = 0; i < table->column_count; i++) {
        const char *column = is_before ? table->columns[i].before : table->columns[i].name;
        buffer_add_format(sql, "%s%s", i ? ", " : "", is_used(used, i) ? column : "NULL");
    }
    buffer_add_format(sql, " FROM main.%s WHERE \"_since\" <= ?1%s", is_before ? table->history : table->table, is_before ? " AND \"_until\" > ?1" : "");
    int given = 1;
    for (const char *at = equal + 1; *at; at = strchr(at, ',') + 1) {
        const struct past_column *column = &table->columns[atoi(at)];
        buffer_add_format(sql, " AND %s = ?%d", is_before ? column->before : column->name, ++given);
    }
}

static struct idle_statement *take_statement(struct past_table *table, const char *shape, int *result) {
    for (struct idle_statement **at = &table->idle; *at; at = &(*at)->next)
        if (strcmp((*at)->shape, shape) == 0) {
            struct idle_statement *found = *at;
            *at = found->next;
            return found;
        }
    struct buffer sql = {0};
    struct idle_statement *made = calloc(1, sizeof *made);
    assert(made);
    made->shape = copy_text(shape);
    write_half(&sql, table, shape, false);
    if (table->history) {
        buffer_add_string(&sql, " UNION ALL ");
        write_half(&sql, table, shape, true);
    }
    *result = sqlite3_prepare_v3(table->db, sql.bytes, -1, SQLITE_PREPARE_PERSISTENT, &made->statement, NULL);
    buffer_free(&sql);
    if (*result == SQLITE_OK)
        return made;
    free_statement(made);
    return NULL;
}

/* ---- cursors ---- */

static int open_past(sqlite3_vtab *base, sqlite3_vtab_cursor **cursor) {
    (void)base;
    struct past_cursor *made = calloc(1, sizeof *made);
    assert(made);
    made->at_end = true;
    *cursor = &made->base;
    return SQLITE_OK;
}

static void let_go(struct past_cursor *cursor) {
    struct past_table *table = (struct past_table *)cursor->base.pVtab;
    if (!cursor->statement)
        return;
    sqlite3_reset(cursor->statement->statement);
    sqlite3_clear_bindings(cursor->statement->statement);
    cursor->statement->next = table->idle;
    table->idle = cursor->statement;
    cursor->statement = NULL;
}

static int close_past(sqlite3_vtab_cursor *base) {
    let_go((struct past_cursor *)base);
    free(base);
    return SQLITE_OK;
}

static int next_past(sqlite3_vtab_cursor *base) {
    struct past_cursor *cursor = (struct past_cursor *)base;
    int result = sqlite3_step(cursor->statement->statement);
    cursor->at_end = result != SQLITE_ROW;
    return result == SQLITE_ROW || result == SQLITE_DONE ? SQLITE_OK : result;
}

static int start_past(sqlite3_vtab_cursor *base, int number, const char *shape, int count, sqlite3_value **arguments) {
    (void)number;
    struct past_cursor *cursor = (struct past_cursor *)base;
    int result = SQLITE_OK;
    let_go(cursor);
    cursor->at_end = true;
    if (sqlite3_value_type(arguments[0]) == SQLITE_NULL)
        return SQLITE_OK;
    cursor->statement = take_statement((struct past_table *)base->pVtab, shape, &result);
    if (!cursor->statement)
        return result;
    for (int i = 0; i < count; i++)
        sqlite3_bind_value(cursor->statement->statement, i + 1, arguments[i]);
    return next_past(base);
}

static int past_is_at_end(sqlite3_vtab_cursor *base) {
    return ((struct past_cursor *)base)->at_end;
}

static int give_past(sqlite3_vtab_cursor *base, sqlite3_context *context, int column) {
    const struct past_cursor *cursor = (const struct past_cursor *)base;
    if (column < ((const struct past_table *)base->pVtab)->column_count)
        sqlite3_result_value(context, sqlite3_column_value(cursor->statement->statement, column));
    return SQLITE_OK;
}

static int give_past_number(sqlite3_vtab_cursor *base, sqlite3_int64 *number) {
    *number = sqlite3_column_int64(((struct past_cursor *)base)->statement->statement, 0);
    return SQLITE_OK;
}

/* ---- what is defined ---- */

static bool define(struct store *store, const char *name, const struct storage *storage, struct field *set, struct failure *failure) {
    static const sqlite3_module module = {
        .xConnect = connect_past, .xDisconnect = disconnect_past, .xBestIndex = plan_past, .xOpen = open_past, .xClose = close_past,
        .xFilter = start_past, .xNext = next_past, .xEof = past_is_at_end, .xColumn = give_past, .xRowid = give_past_number,
    };
    struct past_subject *subject = malloc(sizeof *subject);
    assert(subject);
    *subject = (struct past_subject){store, storage, set};
    int result = sqlite3_create_module_v2(store->db, name, &module, subject, free);
    return result == SQLITE_OK || store_fail(store, result, failure);
}

bool past_define(struct store *store, struct arena *arena, const struct storage *storage, struct failure *failure) {
    if (!define(store, arena_format(arena, "remit_past_%s", storage->name), storage, NULL, failure))
        return false;
    for (int i = 0; i < storage->set_count; i++) {
        struct field *set = storage->sets[i].field;
        if (!define(store, arena_format(arena, "remit_past_%s__%s", storage->name, set->name), storage, set, failure))
            return false;
    }
    return true;
}
