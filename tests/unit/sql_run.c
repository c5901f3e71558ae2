/* The SQL engine on a small store: policies through the real checker, questions asked, rows compared. */
#include "tests/unit/engine_world.h"

/* What the engines have in common eval_walk asks of both. */
static void expect(const char *question, const char *expected) {
    use_sql = true;
    const char *found = answer(question);
    if (strcmp(found, expected) != 0) {
        printf("of: %s\n", question);
        CHECK_TEXT(found, expected);
    }
}

/* One question of many parts, and one nested too deeply for SQLite's parser. */
static char *repeated(const char *before, const char *part, int count, const char *after) {
    struct buffer text = {0};
    buffer_add_string(&text, before);
    for (int i = 0; i < count; i++)
        buffer_add_string(&text, part);
    buffer_add_string(&text, after);
    char *copy = arena_copy_string(world.arena, buffer_string(&text));
    buffer_free(&text);
    return copy;
}

static void holds_to_the_limits(void) {
    expect(repeated("sum(from big where b = 7 show a", " + b", 300, ")"), "2105");
    expect(repeated("count(from big where b = 7", " and b = 7", 300, " show a)"), "1");
    expect(repeated("length(\"", "{count(unit)}", 1500, "\")"), "1500");
    expect(repeated("count(from big where a in [", "1, ", 3000, "5] show a)"), "1");
    expect(repeated("count(from p in plan where p.unit", ".parent", 60, " is known show p.key)"), "0");
    expect(repeated("", "lower(", 60, repeated("unit[\"A\"].key", ")", 60, "")), "failed: this is too deep or too large for SQL to answer as one question");
    expect(repeated("", "lower(", 20, repeated("unit[\"A\"].key", ")", 20, "")), "a");
    expect(repeated("", "lower(", 60, repeated("\"A\"", ")", 60, "")), "a"); /* what is certain is no part of the question */
}

static void lets_stand_side_by_side(void) {
    CHECK(add_program("<definitions>",
                      "define twice(x: money): money = x + x\n"
                      "define at_least(x: money, y: money): money = if x > y then x else y\n"
                      "define once(p: plan?): text = if p is known then p.name else \"none\"\n",
                      PARSE_PROGRAM));
    expect("from plan show twice(twice(twice(twice(twice(twice(twice(twice(twice(twice(twice(twice(spent))))))))))))", "450560.00 / 4096.00 / 51.20 / 0.00");
    expect("from plan show at_least(twice(spent), at_least(budget, twice(at_least(spent, 70 USD))))", "220.00 / 250.00 / 140.00 / 140.00");
    expect("from c in cost show once(c.plan)", "One / One / P2 / Three");
    expect("once(latest(plan[budget > 5000 USD] by start))", "none");
    expect("once(latest(plan by start))", "P2");
    expect("twice(twice(92233720368547 USD * 10))", "failed: an amount of money is too large here");
}

/* A row of an owned record that is not found by its id alone. */
static void finds_rows_beside_their_owner(void) {
    expect("from u in unit, s in latest(1, u.plans.steps by share) show u.key, s.label, s.late, s.plan.name", "A|end|false|One / B|dig|true|Three");
    expect("from u in unit, r in latest(2, (from p in u.plans show p.start as \"s\", avg(p.steps.share) as \"x\") by s) show u.key, r.s, r.x",
           "A|2024-11-23|~ / A|2024-10-04|0.19999999999999998 / B|2024-10-14|1 / D|2024-09-24|~");
    expect("from (from c in cost show c as \"which\", c.amount as \"much\" sort by much desc take 2) show which.day, which.plan.name", "2024-10-05|One / 2024-10-09|One");
}

struct found {
    struct buffer text;
};

static bool note_found(void *context, const struct trule *rule, int64_t id, const char *message, size_t length, struct failure *failure) {
    struct found *found = context;
    (void)rule, (void)failure;
    buffer_add_format(&found->text, "%s%lld:%.*s", found->text.length ? " / " : "", (long long)id, (int)length, message);
    return true;
}

static void expect_findings(const char *name, const int64_t *only, int only_count, const char *expected) {
    struct engine_inputs given = inputs();
    struct found found = {{0}};
    struct check_sink sink = {.context = &found, .found = note_found};
    const struct trule *rule = program_find_rule(given.program, name);
    if (!sql_check_rule(&given, rule, true, only, only_count, &sink, &world.failure))
        buffer_add_format(&found.text, "%sfailed: %s %s", found.text.length ? " / " : "", world.failure.message, world.failure.hint);
    CHECK_TEXT(buffer_string(&found.text), expected);
    buffer_free(&found.text);
    world.failure = (struct failure){0};
}

static void checks_rules(void) {
    CHECK(add_program("<rules>",
                      "rule over \"Over\" { for plan where level in [low, mid] when spent > budget raise high \"{name} {spent}\" except \"small\" when budget < 1 USD }\n"
                      "rule all \"All\" { for p in plan where p.level = low raise low \"{p.key}\" }\n"
                      "rule fails \"Fails\" { for big when a + b > 0 raise low \"{a}\" }\n",
                      PARSE_PROGRAM));
    int64_t only[] = {4, 1, 2, 1};
    expect_findings("over", NULL, 0, "1:One 110.00 USD");
    expect_findings("all", NULL, 0, "2:P2 / 4:P4");
    expect_findings("all", only, 4, "2:P2 / 4:P4");
    expect_findings("all", only, 0, "");
    int64_t many[1300];
    for (int i = 0; i < 1300; i++)
        many[i] = 1300 - i;
    expect_findings("all", many, 1300, "2:P2 / 4:P4");
    expect_findings("fails", NULL, 0, "failed: a whole number is too large here It happened at big `big-1`, for the rule `fails`.");
    expect_findings("fails", &only[2], 1, "2:5");
}

int main(void) {
    start();
    RUN(holds_to_the_limits);
    RUN(lets_stand_side_by_side);
    RUN(finds_rows_beside_their_owner);
    RUN(checks_rules);
    stop();
    return UNIT_END("sql_run");
}
