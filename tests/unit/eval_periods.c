/* Periods in the interpreter's plan: visited one by one for all elements, each must have what a query says of it, chunk by chunk and in every pass. */
#include "runtime/eval/plan.h"
#include "tests/unit/engine_world.h"

/* What a query of an element and its periods shows, taken from a plan: `from e in TYPE, p in periods(…) where CONDITION show …`, the condition in terms of the element alone. */
struct asking {
    const struct tquery *query;
    struct plan plan;
    struct plan_periods *periods;
    struct term *condition;
    struct term *columns[8];
    struct buffer out;
    int rows, chunks;
    int most; /* rows to visit before it stops; 0: all */
};

static void write_value_of(struct buffer *out, const struct term *term, int row, struct type type) {
    struct value value = term_value(term, row);
    if (term_state(term, row) == STATE_FAILED)
        buffer_add_string(out, "failed");
    else if (value.kind == VALUE_MISSING)
        buffer_add_char(out, '~');
    else
        value_write(out, value, type, VALUE_PLAIN);
}

static bool take_periods(void *context, const struct plan_periods *periods) {
    struct asking *asking = context;
    const struct space *space = periods->space;
    asking->chunks++;
    for (int k = 0; k < space->segment_count; k++) {
        int element = space->first_outer + k;
        if (asking->condition && !(term_value(asking->condition, element).kind == VALUE_INT && term_value(asking->condition, element).integer))
            continue;
        for (int row = space->offsets[k]; row < space->offsets[k + 1]; row++) {
            CHECK_INT(space->starts[row], period_first_day(space->index[row], world.run.fiscal_month));
            CHECK_INT(space->ends[row], period_last_day(space->index[row], world.run.fiscal_month));
            buffer_add_string(&asking->out, asking->rows++ ? " / " : "");
            for (int i = 0; i < asking->query->column_count; i++) {
                buffer_add_string(&asking->out, i ? "|" : "");
                write_value_of(&asking->out, asking->columns[i], row, asking->query->columns[i].type);
            }
            if (asking->rows == asking->most)
                return false;
        }
    }
    return true;
}

static bool visit_elements(void *context, struct space *root) {
    struct asking *asking = context;
    (void)root;
    return plan_visit_periods(&asking->plan, asking->periods, take_periods, asking);
}

static bool run_plan(struct asking *asking, struct space *root) {
    struct engine_inputs given = inputs();
    struct plan_visit visit = {.root = root, .visit = visit_elements, .context = asking};
    if (asking->condition)
        LIST_ADD(asking->plan.arena, &visit.terms, asking->condition);
    visit.level = plan_ask_periods(&asking->plan, asking->periods, &visit);
    CHECK(plan_hold(&asking->plan));
    bool good = plan_run(&asking->plan, &visit, 1);
    store_release(given.store);
    return good;
}

/* The query's rows by the plan. */
static char *planned(struct asking *asking) {
    struct engine_inputs given = inputs();
    struct failure ignored = {0};
    struct walker walker;
    const struct tquery *query = asking->query;
    walker_start(&walker, &given, &world.failure);
    plan_start(&asking->plan, &walker, &ignored);
    walker.failure = &ignored;
    struct space *root = plan_root(&asking->plan, query->sources[0].variable->type.record);
    asking->condition = query->condition ? term_as(&asking->plan, plan_compile(&asking->plan, root, query->sources[0].variable, query->condition, NULL), FORM_TRUTH) : NULL;
    asking->periods = plan_periods(&asking->plan, root, query->sources[0].variable, query->sources[1].variable, query->sources[1].collection, asking->condition);
    for (int i = 0; i < query->column_count; i++) {
        asking->columns[i] = plan_compile_of_period(&asking->plan, asking->periods, query->columns[i].value, NULL);
        CHECK(asking->columns[i]->space == asking->periods->space || asking->columns[i]->space->kind == SPACE_ONCE);
    }
    bool good = run_plan(asking, root);
    CHECK(good || asking->most);
    say_failure();
    plan_finish(&asking->plan);
    walker_finish(&walker);
    char *text = arena_copy_string(world.arena, buffer_string(&asking->out));
    buffer_free(&asking->out);
    return text;
}

static const struct tquery *query_of(const char *text) {
    struct program *program = checker_program(world.checker);
    int before = program->commands.count;
    CHECK(add_program("<question>", text, PARSE_INPUT));
    return program->commands.items[before]->query;
}

static void expect_rows(const char *text, const char *expected) {
    struct asking asking = {.query = query_of(text)};
    struct buffer walked = {0};
    const char *found = planned(&asking);
    write_query(&walked, asking.query);
    if (strcmp(found, buffer_string(&walked)) != 0 || (expected && strcmp(found, expected) != 0)) {
        printf("of: %s\n", text);
        CHECK_TEXT(found, buffer_string(&walked));
        if (expected)
            CHECK_TEXT(found, expected);
    }
    buffer_free(&walked);
}

static void gives_each_period(void) {
    expect_rows("from p in plan, w in periods(2 weeks, p.start, p.due) show p.level, w, w.start, w.end",
                "mid|2024-W40..2024-W41|2024-09-30|2024-10-13 / mid|2024-W42..2024-W43|2024-10-14|2024-10-27 / mid|2024-W44..2024-W45|2024-10-28|2024-11-10 / "
                "mid|2024-W46..2024-W47|2024-11-11|2024-11-24 / mid|2024-W48..2024-W49|2024-11-25|2024-12-08 / mid|2024-W50..2024-W51|2024-12-09|2024-12-22 / "
                "mid|2024-W52..2025-W01|2024-12-23|2025-01-05 / mid|2025-W02..2025-W03|2025-01-06|2025-01-19 / high|2024-W42..2024-W43|2024-10-14|2024-10-27");
    expect_rows("from p in plan, w in periods(fiscal_quarter, p.start, today) show p.start, w, p.start in w, today in w", NULL);
    expect_rows("from p in plan, w in periods(month, p.start, p.due) where p.level = high show p.budget, w, 7", "0.05|2024-10|7");
    expect_rows("from p in plan, w in periods(month, p.start, p.due) where p.due is missing or p.level = low show p.budget, w", "");
    expect_rows("from u in unit, w in periods(month, 2024-01-31, today) where u.parent is missing show w, count(u.plans[start in w]), \"{w}\"", NULL);
}

static void asks_children_and_others(void) {
    expect_rows("from p in plan, w in periods(week, p.start, p.due ?? today) show w, count(p.costs[day in w]), sum(p.costs[day in w].amount), exists p.reports[day in w and level = high]", NULL);
    expect_rows("from p in plan, w in periods(week, p.start, today + 60 days) show w, latest(p.reports[day in w] by level).words, (latest(p.reports[day in w] by day).level ?? low) = high, max(p.reports[day in w].day)", NULL);
    expect_rows("from p in plan, w in periods(month, p.start, today + 60 days) show p.unit.key, count(p.unit.plans[start in w]), sum(p.unit.plans.spent), p.slip", NULL);
}

static void asks_in_the_pass_that_can_tell(void) {
    expect_rows("from u in unit, w in periods(month, 2024-09-30, today) where sum(u.plans.spent) > 1 USD show w, sum(transitive(u.parts).plans.spent), count(u.plans[due is known and due in w])", NULL);
    expect_rows("from u in unit, w in periods(quarter, min(u.plans.start), max(u.plans.start)) show u.key, w, sum(u.plans[start in w].spent)", NULL);
}

static int count_pairs(const char *text) {
    struct asking asking = {.query = query_of(text)};
    struct engine_inputs given = inputs();
    struct failure ignored = {0};
    struct walker walker;
    const struct tquery *query = asking.query;
    int count = 0;
    walker_start(&walker, &given, &ignored);
    plan_start(&asking.plan, &walker, &ignored);
    asking.periods = plan_periods(&asking.plan, plan_root(&asking.plan, query->sources[0].variable->type.record), query->sources[0].variable, query->sources[1].variable, query->sources[1].collection, NULL);
    for (int i = 0; i < query->column_count; i++)
        plan_compile_of_period(&asking.plan, asking.periods, query->columns[i].value, NULL);
    for (int i = 0; i < asking.plan.spaces.count; i++)
        count += asking.plan.spaces.items[i]->kind == SPACE_PAIR;
    plan_finish(&asking.plan);
    walker_finish(&walker);
    return count;
}

static void pairs_once_for_all_that_ask_the_same(void) {
    CHECK_INT(count_pairs("from p in plan, w in periods(week, p.start, today) show count(p.costs[day in w]), exists p.costs[day in w], no p.costs[day in w], sum(p.costs[day in w].amount)"), 1);
    CHECK_INT(count_pairs("from p in plan, w in periods(week, p.start, today) show count(p.costs[day in w]), count(p.costs[day in w and kind = goods])"), 2);
    CHECK_INT(count_pairs("from p in plan, w in periods(week, p.start, today) show count(p.costs[day in w]), count(p.reports[day in w])"), 2);
    CHECK_INT(count_pairs("from p in plan, w in periods(week, p.start, today) show latest(p.reports[day in w] by day).level, (latest(p.reports[day in w] by day).words ?? \"\") = \"bad\""), 1);
    CHECK_INT(count_pairs("from p in plan, w in periods(week, p.start, today) show exists p.costs[day in w], exists p.costs[day in w or day = w.start]"), 2);
}

/* More rows than there are at a time, of one element and of many. */
static void comes_in_chunks(void) {
    struct asking asking = {.query = query_of("from p in plan, d in periods(day, 2000-01-01, 2024-10-30) show d, p.start in d, count(p.costs[day in d])")};
    struct buffer walked = {0};
    const char *found = planned(&asking);
    write_query(&walked, asking.query);
    CHECK(strcmp(found, buffer_string(&walked)) == 0);
    CHECK_INT(asking.rows, 4 * (day_from_civil(2024, 10, 30) - day_from_civil(2000, 1, 1) + 1));
    CHECK_INT(asking.chunks, (asking.rows + CHUNK_ROWS - 1) / CHUNK_ROWS);
    buffer_free(&walked);
}

static void stops_when_told(void) {
    struct asking asking = {.query = query_of("from p in plan, w in periods(week, p.start, today) show w"), .most = 3};
    CHECK_TEXT(planned(&asking), "2024-W40 / 2024-W41 / 2024-W42");
}

/* What has failed is marked, and nothing else. */
static void marks_what_fails(void) {
    struct asking asking = {.query = query_of("from p in plan, w in periods(quarter, p.start, today + 30 days) show w, sum(p.bigs[w.start < today].a) + sum(p.bigs.b)")};
    CHECK_TEXT(planned(&asking), "2024Q4|failed / 2024Q4|12 / 2024Q4|-9223372036854775805 / 2024Q3|0 / 2024Q4|0");
    asking = (struct asking){.query = query_of("from p in plan, w in periods(quarter, p.start, today + 30 days) show w, count(p.bigs[p.start + a * 1 day in w]), count(p.bigs[a < 100 and a > 0 and p.start + a * 1 day in w])")};
    CHECK_TEXT(planned(&asking), "2024Q4|failed|0 / 2024Q4|1|1 / 2024Q4|failed|0 / 2024Q3|0|0 / 2024Q4|0|0");
}

int main(void) {
    start();
    RUN(gives_each_period);
    RUN(asks_children_and_others);
    RUN(asks_in_the_pass_that_can_tell);
    RUN(pairs_once_for_all_that_ask_the_same);
    RUN(comes_in_chunks);
    RUN(stops_when_told);
    RUN(marks_what_fails);
    stop();
    return UNIT_END("eval_periods");
}
