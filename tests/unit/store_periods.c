/* The table of periods for questions: its columns, and where its arguments may come from. */
#include "tests/unit/store_fixture.h"

static struct fixture fixture;
static struct store *store;

/* The periods as text; their days are those that the calendar says. */
static const char *periods(enum period_kind unit, int count, const char *from, const char *until) {
    struct failure failure = {0};
    struct buffer out = {0};
    int64_t days[2] = {0};
    CHECK(date_parse(from, strlen(from), &days[0]) && date_parse(until, strlen(until), &days[1]));
    struct statement *statement = store_prepare(store, "SELECT period, number, starts, ends FROM remit_periods(?1, ?2, 4, ?3, ?4) ORDER BY number", &failure);
    statement_bind(statement, 1, value_int(unit));
    statement_bind(statement, 2, value_int(count));
    statement_bind(statement, 3, value_int(days[0]));
    statement_bind(statement, 4, value_int(days[1]));
    for (int64_t number = 1; statement_step(statement, &failure) == STATEMENT_ROW; number++) {
        buffer_add_string(&out, number > 1 ? " / " : "");
        period_write(&out, statement_value(statement, 0).integer);
        CHECK_INT(statement_value(statement, 1).integer, number);
        CHECK_INT(statement_value(statement, 2).integer, period_first_day(statement_value(statement, 0).integer, 4));
        CHECK_INT(statement_value(statement, 3).integer, period_last_day(statement_value(statement, 0).integer, 4));
    }
    CHECK_TEXT(failure.message, "");
    statement_close(statement);
    const char *result = arena_copy_string(fixture.arena, buffer_string(&out));
    buffer_free(&out);
    return result;
}

static void gives_periods_in_order(void) {
    CHECK_TEXT(periods(PERIOD_WEEK, 1, "2026-06-28", "2026-06-29"), "2026-W26 / 2026-W27");
    CHECK_TEXT(periods(PERIOD_DAY, 10, "2026-06-28", "2026-07-08"), "2026-06-28..2026-07-07 / 2026-07-08..2026-07-17");
    CHECK_TEXT(periods(PERIOD_FISCAL_YEAR, 1, "2026-03-31", "2026-04-01"), "FY2025 / FY2026");
    CHECK_TEXT(periods(PERIOD_MONTH, 2, "9999-11-30", "9999-12-31"), "9999-11..9999-12");
    CHECK_TEXT(periods(PERIOD_DAY, 1, "9999-12-31", "9999-12-31"), "9999-12-31");
    CHECK_TEXT(periods(PERIOD_WEEK, 1, "2026-06-29", "2026-06-28"), "");
}

/* In a store as it is opened: defensive, its schema not trusted. */
static void takes_arguments_from_its_left(void) {
    CHECK_TEXT(ask(store, fixture.arena, "WITH t(x, y) AS (VALUES (20000, 20007), (NULL, 5), (20100, NULL), (20200, 20200)) SELECT x, count(period)" END
                                         " FROM t LEFT JOIN remit_periods(1, 1, 1, t.x, t.y) GROUP BY x"),
               "-|0\n20000|2\n20100|0\n20200|1\n");
    CHECK_TEXT(ask(store, fixture.arena, "WITH t(x, y) AS (VALUES (20000, 20007), (20200, 20200)) SELECT x, (SELECT count(*) FROM remit_periods(1, 1, 1, t.x, t.y) a,"
                                         " remit_periods(7, 1, 1, a.starts, a.ends) b WHERE b.starts > t.x)" END " FROM t"),
               "20000|9\n20200|5\n");
    CHECK_TEXT(ask(store, fixture.arena, "WITH t(x) AS (VALUES (20000), (20200)) SELECT x" END " FROM t WHERE EXISTS (SELECT 1 FROM remit_periods(2, 1, 1, t.x, 20050) WHERE ends > 20040)"), "20000\n");
}

static void is_for_questions_only(void) {
    struct failure failure = {0};
    CHECK(!store_execute(store, "CREATE VIEW v AS SELECT * FROM remit_periods(1, 1, 1, 1, 1); SELECT * FROM v", &failure));
    failure = (struct failure){0};
    CHECK(!store_execute(store, "SELECT * FROM remit_periods", &failure)); /* without arguments there is no end to them */
}

int main(void) {
    fixture = fixture_open("");
    store = store_in_memory(&fixture);
    RUN(gives_periods_in_order);
    RUN(takes_arguments_from_its_left);
    RUN(is_for_questions_only);
    store_close(store);
    fixture_close(&fixture);
    return UNIT_END("store_periods");
}
