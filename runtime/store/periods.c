/* The table remit_periods(unit, count, fiscal month, from, until) for questions: the periods of a cadence that have a day in from .. until, one a row.
 *   period          the period
 *   number          from 1, in order
 *   starts, ends    its first and its last day
 * Empty when one of the days is NULL. The arguments may come from items on its left.
 * Knows: SQLite's virtual tables, periods. Does not know: who asks.
 *
 * A virtual table and not a recursive query, which could not stand beside the items that its arguments come from. */
#include "lang/base/civil.h"
#include "runtime/store/inside.h"


enum { COLUMN_PERIOD, COLUMN_NUMBER, COLUMN_STARTS, COLUMN_ENDS, ARGUMENT_UNIT, ARGUMENT_COUNT, ARGUMENT_FISCAL_MONTH, ARGUMENT_FROM, ARGUMENT_UNTIL, COLUMN_COUNT };
enum { ARGUMENTS = COLUMN_COUNT - ARGUMENT_UNIT, ROWS_EXPECTED = 100 };

struct periods_cursor {
    sqlite3_vtab_cursor base; /* first: SQLite knows it by this */
    int64_t period, number, starts, ends;
    int64_t until;
    int fiscal_month;
    bool at_end;
};

static int connect_periods(sqlite3 *db, void *context, int count, const char *const *arguments, sqlite3_vtab **table, char **message) {
    (void)context, (void)count, (void)arguments, (void)message;
    int result = sqlite3_declare_vtab(db, "CREATE TABLE x(period INTEGER, number INTEGER, starts INTEGER, ends INTEGER,"
                                          " unit HIDDEN, count HIDDEN, fiscal_month HIDDEN, \"from\" HIDDEN, until HIDDEN)");
    if (result != SQLITE_OK)
        return result;
    sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
    *table = sqlite3_malloc(sizeof **table);
    if (!*table)
        return SQLITE_NOMEM;
    **table = (sqlite3_vtab){0};
    return SQLITE_OK;
}

static int disconnect_periods(sqlite3_vtab *table) {
    sqlite3_free(table);
    return SQLITE_OK;
}

/* There is one way: with all arguments, which have to be there by then. */
static int plan_periods(sqlite3_vtab *table, sqlite3_index_info *info) {
    (void)table;
    int given = 0;
    for (int i = 0; i < info->nConstraint; i++) {
        const struct sqlite3_index_constraint *constraint = &info->aConstraint[i];
        if (constraint->iColumn < ARGUMENT_UNIT || constraint->op != SQLITE_INDEX_CONSTRAINT_EQ)
            continue;
        if (!constraint->usable)
            return SQLITE_CONSTRAINT;
        info->aConstraintUsage[i].argvIndex = constraint->iColumn - ARGUMENT_UNIT + 1;
        info->aConstraintUsage[i].omit = 1;
        given++;
    }
    if (given != ARGUMENTS)
        return SQLITE_CONSTRAINT;
    info->orderByConsumed = info->nOrderBy == 1 && !info->aOrderBy[0].desc && info->aOrderBy[0].iColumn == COLUMN_NUMBER;
    info->estimatedCost = ROWS_EXPECTED;
    info->estimatedRows = ROWS_EXPECTED;
    return SQLITE_OK;
}

static int open_periods(sqlite3_vtab *table, sqlite3_vtab_cursor **cursor) {
    (void)table;
    struct periods_cursor *made = sqlite3_malloc(sizeof *made);
    if (!made)
        return SQLITE_NOMEM;
    *made = (struct periods_cursor){.at_end = true};
    *cursor = &made->base;
    return SQLITE_OK;
}

static int close_periods(sqlite3_vtab_cursor *cursor) {
    sqlite3_free(cursor);
    return SQLITE_OK;
}

static int start_periods(sqlite3_vtab_cursor *base, int number, const char *text, int count, sqlite3_value **arguments) {
    (void)number, (void)text, (void)count;
    struct periods_cursor *cursor = (struct periods_cursor *)base;
    bool is_known = sqlite3_value_type(arguments[3]) != SQLITE_NULL && sqlite3_value_type(arguments[4]) != SQLITE_NULL;
    int64_t from = sqlite3_value_int64(arguments[3]);
    cursor->until = sqlite3_value_int64(arguments[4]);
    cursor->at_end = !is_known || cursor->until < from;
    if (cursor->at_end)
        return SQLITE_OK;
    cursor->fiscal_month = sqlite3_value_int(arguments[2]);
    struct cadence cadence = {(enum period_kind)sqlite3_value_int(arguments[0]), sqlite3_value_int(arguments[1])};
    cursor->period = cadence_period(cadence, from, cursor->fiscal_month);
    cursor->number = 1;
    cursor->starts = period_first_day(cursor->period, cursor->fiscal_month);
    cursor->ends = period_last_day(cursor->period, cursor->fiscal_month);
    return SQLITE_OK;
}

static int next_period(sqlite3_vtab_cursor *base) {
    struct periods_cursor *cursor = (struct periods_cursor *)base;
    cursor->at_end = cursor->ends >= cursor->until;
    if (cursor->at_end)
        return SQLITE_OK;
    cursor->period = period_next(cursor->period);
    cursor->number++;
    cursor->starts = cursor->ends + 1;
    cursor->ends = period_last_day(cursor->period, cursor->fiscal_month);
    return SQLITE_OK;
}

static int is_at_end(sqlite3_vtab_cursor *base) {
    return ((struct periods_cursor *)base)->at_end;
}

static int give_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column) {
    const struct periods_cursor *cursor = (const struct periods_cursor *)base;
    switch (column) {
    case COLUMN_PERIOD: sqlite3_result_int64(context, cursor->period); break;
    case COLUMN_NUMBER: sqlite3_result_int64(context, cursor->number); break;
    case COLUMN_STARTS: sqlite3_result_int64(context, cursor->starts); break;
    case COLUMN_ENDS: sqlite3_result_int64(context, cursor->ends); break;
    default: break; /* arguments are for going in */
    }
    return SQLITE_OK;
}

static int give_number(sqlite3_vtab_cursor *base, sqlite3_int64 *number) {
    *number = ((struct periods_cursor *)base)->number;
    return SQLITE_OK;
}

bool periods_define(sqlite3 *db) {
    static const sqlite3_module module = {
        .xConnect = connect_periods, .xDisconnect = disconnect_periods, .xBestIndex = plan_periods, .xOpen = open_periods, .xClose = close_periods,
        .xFilter = start_periods, .xNext = next_period, .xEof = is_at_end, .xColumn = give_column, .xRowid = give_number,
    };
    return sqlite3_create_module(db, "remit_periods", &module, NULL) == SQLITE_OK;
}
