/* The shape of the SQL that questions become: what is bound, what is a subquery, in which order conditions stand. */
#include "tests/unit/engine_world.h"

static const char *compile(const char *text) {
    struct program *program = checker_program(world.checker);
    struct engine_inputs given = inputs();
    struct sql_question question;
    int before = program->commands.count;
    if (!add_program("<question>", text, PARSE_INPUT))
        return "refused";
    if (!sql_compile_query(world.arena, &given, program->commands.items[before]->query, &question, &world.failure)) {
        const char *message = arena_copy_string(world.arena, world.failure.message);
        world.failure = (struct failure){0};
        return message;
    }
    return question.text;
}

static void constants_are_bound(void) {
    CHECK_TEXT(compile("from cost where amount > 5 USD and day < today and amount > 5 USD show day"),
               "SELECT a1.\"day\" AS c0 FROM \"t_cost\" a1 WHERE (a1.\"amount\" > ?1) AND (a1.\"day\" < ?2) AND (a1.\"amount\" > ?1) ORDER BY a1.\"_id\"");
    CHECK_TEXT(compile("from plan where note is known and note = \"it's\" show start take 2"),
               "SELECT a1.\"start\" AS c0 FROM \"t_plan\" a1 WHERE (a1.\"note\" IS NOT NULL) AND (a1.\"note\" = ?1) ORDER BY a1.\"_id\" LIMIT ?2");
}

static void what_may_fail_waits_for_what_stands_before(void) {
    CHECK_TEXT(compile("from big where a < 100 and a + b > 0 and c is known show a"),
               "SELECT a1.\"a\" AS c0 FROM \"t_big\" a1 WHERE (a1.\"a\" < ?1) AND CASE WHEN (a1.\"a\" < ?1) IS NOT TRUE THEN 0 "
               "WHEN (remit_add(3, a1.\"a\", a1.\"b\") > ?2) IS NOT TRUE THEN 0 WHEN (a1.\"c\" IS NOT NULL) IS NOT TRUE THEN 0 ELSE 1 END ORDER BY a1.\"_id\"");
    CHECK_TEXT(compile("from big show (a = 1 or a + b + a = 2) as \"x\""),
               "SELECT CASE WHEN (a1.\"a\" = ?1) THEN 1 ELSE (remit_add(3, a1.\"a\", a1.\"b\", a1.\"a\") = ?2) END AS c0 FROM \"t_big\" a1 ORDER BY a1.\"_id\"");
}

static void aggregates_are_subqueries_over_their_own_rows(void) {
    CHECK_TEXT(compile("from plan show spent, count(costs[amount > 5 USD]) as \"n\""),
               "SELECT (SELECT remit_sum_money(a2.\"amount\") FROM \"t_cost\" a2 WHERE (a2.\"plan\" = a1.\"_id\")) AS c0, "
               "(SELECT count(*) FROM \"t_cost\" a3 WHERE (a3.\"plan\" = a1.\"_id\") AND (a3.\"amount\" > ?1)) AS c1 FROM \"t_plan\" a1 ORDER BY a1.\"_id\"");
    CHECK_TEXT(compile("from plan show last.words"), "SELECT (SELECT a2.\"words\" FROM \"t_report_line\" a2 WHERE (a2.\"plan\" = a1.\"_id\") ORDER BY a2.\"day\" DESC, a2.\"_id\" DESC LIMIT 1) AS c0 "
                                                     "FROM \"t_plan\" a1 ORDER BY a1.\"_id\"");
}

static void paths_join_records_side_by_side(void) {
    CHECK_TEXT(compile("from plan show unit.parent.head.grade as \"g\""),
               "SELECT (SELECT a2.\"grade\" FROM \"t_worker\" a2, \"t_unit\" a3, \"t_unit\" a4 WHERE a2.\"_id\" = a3.\"head\" AND a3.\"_id\" = a4.\"parent\" AND a4.\"_id\" = a1.\"unit\") AS c0 "
               "FROM \"t_plan\" a1 ORDER BY a1.\"_id\"");
}

static void groups_are_made_within(void) {
    CHECK_TEXT(compile("from plan group by level show level, sum(budget) as \"s\" keep where count() > 1 sort by s desc"),
               "SELECT a2.g0 AS c0, a2.s0 AS c1 FROM (SELECT a1.\"level\" AS g0, remit_sum_money(a1.\"budget\") AS s0, count(*) AS s1 FROM \"t_plan\" a1 GROUP BY 1 LIMIT -1) a2 "
               "WHERE (a2.s1 > ?1) ORDER BY c1 DESC, a2.g0");
}

static void sources_keep_their_order_where_rows_lie_beside_their_owner(void) {
    CHECK_TEXT(compile("from p in plan, c in p.costs show c.day"),
               "SELECT a2.\"day\" AS c0 FROM \"t_plan\" a1 CROSS JOIN \"t_cost\" a2 WHERE (a2.\"plan\" = a1.\"_id\") ORDER BY a1.\"_id\", a2.\"_id\"");
    CHECK_TEXT(compile("from u in unit, w in u.workers show w.grade"),
               "SELECT a2.\"grade\" AS c0 FROM \"t_unit\" a1, \"t_worker\" a2 WHERE (a2.\"unit\" = a1.\"_id\") ORDER BY a1.\"_id\", a2.\"_id\"");
}

static void collections_of_the_row_beside_are_packed(void) {
    CHECK_TEXT(compile("from p in plan, x in [p.level, high] show x"),
               "SELECT json_extract(a2.value, '$[1]') AS c0 FROM \"t_plan\" a1, json_each((SELECT json_group_array(json_array(p, v)) FROM "
               "(WITH l(p, v) AS (VALUES (1, a1.\"level\"), (2, ?1)) SELECT p, v FROM l))) a2 ORDER BY a1.\"_id\", json_extract(a2.value, '$[0]')");
    CHECK_TEXT(compile("from x in [\"a\", \"b\"] show x"), "SELECT a1.v AS c0 FROM (WITH l(p, v) AS (VALUES (1, ?1), (2, ?2)) SELECT p, v FROM l) a1 ORDER BY a1.p");
}

/* SQLite compares with the days that come with a period, and asks nothing early that may fail behind it. */
static void periods_bring_their_days(void) {
    CHECK_TEXT(compile("from p in plan, w in periods(2 weeks, p.start, today) show p.start, w, count(p.costs[day in w]) as \"n\""),
               "SELECT a1.\"start\" AS c0, a2.period AS c1, "
               "(SELECT count(*) FROM \"t_cost\" a3 WHERE (a3.\"plan\" = a1.\"_id\") AND (a3.\"day\" BETWEEN a2.starts AND a2.ends)) AS c2 "
               "FROM \"t_plan\" a1, remit_periods(1, 2, 4, a1.\"start\", ?1) a2 ORDER BY a1.\"_id\", a2.number");
    CHECK_TEXT(compile("from p in plan, m in periods(month, p.start + 36 hours, today) where p.level = high show m.end"),
               "SELECT a2.ends AS c0 FROM \"t_plan\" a1 CROSS JOIN remit_periods(2, 1, 4, remit_date_add_duration(a1.\"start\", ?1), ?2) a2 "
               "WHERE CASE WHEN coalesce(a1.\"_id\", a2.period) IS NULL THEN 0 WHEN (a1.\"level\" = ?3) IS NOT TRUE THEN 0 ELSE 1 END ORDER BY a1.\"_id\", a2.number");
}

/* The record a reference names may be gone by the time it is asked for. */
static void says_which_key_is_gone(void) {
    CHECK(store_begin(world.store, "test", "test", 0, &world.failure));
    int64_t id = add("unit", "_key=\"GONE\"");
    CHECK_TEXT(compile("from plan where unit = GONE show start"), "SELECT a1.\"start\" AS c0 FROM \"t_plan\" a1 WHERE (a1.\"unit\" = ?1) ORDER BY a1.\"_id\"");
    CHECK(id > 0);
    store_rollback(world.store);
    struct program *program = checker_program(world.checker);
    struct engine_inputs given = inputs();
    struct sql_question question;
    CHECK(!sql_compile_query(world.arena, &given, program->commands.items[program->commands.count - 1]->query, &question, &world.failure));
    CHECK_TEXT(world.failure.message, "there is no unit `GONE`");
    world.failure = (struct failure){0};
}

int main(void) {
    start();
    RUN(constants_are_bound);
    RUN(what_may_fail_waits_for_what_stands_before);
    RUN(aggregates_are_subqueries_over_their_own_rows);
    RUN(paths_join_records_side_by_side);
    RUN(groups_are_made_within);
    RUN(sources_keep_their_order_where_rows_lie_beside_their_owner);
    RUN(collections_of_the_row_beside_are_packed);
    RUN(periods_bring_their_days);
    RUN(says_which_key_is_gone);
    stop();
    return UNIT_END("sql_compile");
}
