/* Rules checked by the interpreter's plan: each must find what the SQL engine finds, say the same, and fail where it fails. */
#include "tests/unit/engine_world.h"

struct found {
    struct buffer text;
};

static bool note_found(void *context, const struct trule *rule, int64_t id, const char *message, size_t length, struct failure *failure) {
    struct found *found = context;
    (void)rule, (void)failure;
    buffer_add_format(&found->text, "%s%lld:%.*s", found->text.length ? " / " : "", (long long)id, (int)length, message);
    return true;
}

static char *findings(const struct trule *rule, bool want_messages, bool by_sql) {
    struct engine_inputs given = inputs();
    struct found found = {{0}};
    struct check_sink sink = {.context = &found, .found = note_found};
    bool good = by_sql ? sql_check_rule(&given, rule, want_messages, NULL, 0, &sink, &world.failure) : eval_check_rules(&given, &rule, 1, want_messages, &sink, &world.failure);
    if (!good) {
        buffer_clear(&found.text); /* how far it came before it failed is nobody's business */
        buffer_add_format(&found.text, "failed: %s %s", world.failure.message, world.failure.hint);
    }
    world.failure = (struct failure){0};
    char *text = arena_copy_string(world.arena, buffer_string(&found.text));
    buffer_free(&found.text);
    return text;
}

static int rule_count;

/* A rule over the record with this body; expected NULL: whatever the SQL engine says. */
static void expect_found(const char *record, const char *body, const char *expected) {
    char *text = arena_format(world.arena, "rule r%d \"R\" { for %s %s }\n", rule_count, record, body);
    if (!add_program("<rule>", text, PARSE_PROGRAM)) {
        printf("refused: %s\n", text);
        unit_ok = false;
        return;
    }
    const struct trule *rule = program_find_rule(checker_program(world.checker), arena_format(world.arena, "r%d", rule_count++));
    const char *found = findings(rule, true, false), *other = findings(rule, true, true);
    if (strcmp(found, other) != 0 || (expected && strcmp(found, expected) != 0)) {
        printf("of: %s", text);
        CHECK_TEXT(found, other);
        if (expected)
            CHECK_TEXT(found, expected);
    }
    CHECK_TEXT(findings(rule, false, false), findings(rule, false, true));
}

static void of_the_element(void) {
    expect_found("plan", "when budget > 1 USD raise low \"{name} {budget}\"", "1:One 100.00 USD / 2:P2 250.00 USD");
    expect_found("plan", "when level = low or budget < 1 USD raise low \"{key}\"", "2:P2 / 3:P3 / 4:P4");
    expect_found("plan", "where level in [low, mid] when budget >= 0 USD raise low \"{level}\"", NULL);
    expect_found("plan", "when due is known and due < today raise low \"{due}\"", "3:2024-10-24");
    expect_found("plan", "when due is missing raise low \"{due}\"", "2:— / 4:—");
    expect_found("plan", "when (due ?? start) - start > 5 days raise low \"{(due ?? start) - start}\"", NULL);
    expect_found("plan", "when not open raise low \"{name}\"", "3:Three");
    expect_found("plan", "when (if level = low then start else today) > 2024-10-20 raise low \"{start}\"", NULL);
    expect_found("plan", "when case { | level = low -> 1 | level = mid -> 2 | otherwise -> 3 } >= 2 raise low \"{name}\"", "1:One / 3:Three");
    expect_found("plan", "when note is known and note matches \"^f\" raise low \"{note}\"", "1:first");
    expect_found("plan", "when lower(note ?? \"\") contains \"t\" raise low \"{upper(note ?? \"x\")}\"", NULL);
    expect_found("plan", "when key in [\"P1\", \"P4\"] raise low \"{name}\"", "1:One / 4:P4");
    expect_found("plan", "when start + 1 month > 2024-11-20 raise low \"{start + 1 month}\"", NULL);
    expect_found("plan", "when start in 2024-10 raise low \"{month(start)}\"", NULL);
    expect_found("plan", "when budget * 110% > 100 USD raise low \"{budget * 110%}\"", NULL);
    expect_found("plan", "when (budget / 100 USD) > 0.5 raise low \"{percent(budget / 100 USD)}\"", NULL);
    expect_found("plan", "when min(budget, 50 USD) = 50 USD raise low \"{max(budget, 50 USD)}\"", NULL);
    expect_found("plan", "raise low \"{name}\" except \"small\" when budget < 1 USD except \"late\" when due is known", "2:P2");
    expect_found("worker", "when weight is known and weight * 2 >= 1 raise low \"{weight}\"", NULL);
    expect_found("worker", "when (weight ?? 0) + 1 > 1.3 raise low \"{name}\"", NULL);
    expect_found("worker", "when seen is known and seen < now raise low \"{seen}\"", "1:1970-01-02T01:01:01");
    expect_found("step", "when late raise low \"{label} {plan}\"", NULL);
}

static void of_children(void) {
    expect_found("plan", "when spent > budget raise low \"{spent} of {budget}\"", NULL);
    expect_found("plan", "when sum(costs[kind = goods].amount) * 2 > spent raise low \"{name}\"", NULL);
    expect_found("plan", "when count(costs) > 1 raise low \"{count(costs)}\"", "1:2");
    expect_found("plan", "when exists costs[day > start + 5 days] raise low \"{name}\"", NULL);
    expect_found("plan", "when no costs raise low \"{name}\"", "4:P4");
    expect_found("plan", "when (avg(costs.amount) ?? 0 USD) > 1 USD raise low \"{avg(costs.amount)}\"", NULL);
    expect_found("plan", "when max(costs.day) is known and max(costs.day) > today raise low \"{min(costs.day)} {max(costs.day)}\"", NULL);
    expect_found("plan", "when (avg(steps.share) ?? 0) > 0.15 raise low \"{sum(steps.share)} {min(steps.share)} {max(steps.share)}\"", NULL);
    expect_found("plan", "when (last.level ?? low) = high raise low \"{last.day} {last.words}\"", NULL);
    expect_found("plan", "when earliest(reports by day).level is known raise low \"{earliest(reports by day).words}\"", NULL);
    expect_found("plan", "when (latest(steps by share).late) is known raise low \"{latest(steps by share).label}\"", NULL);
    expect_found("plan", "when streak(reports by day where level = high) >= 1 raise low \"{streak(reports by day where level = high)}\"", NULL);
    expect_found("plan", "when (longest_gap(reports by day) ?? 0 days) > 5 days raise low \"{longest_gap(reports by day)}\"", NULL);
    expect_found("plan", "when slip > 1 day raise low \"{slip}\"", NULL);
    expect_found("plan", "when count(steps.day) < count(steps) raise low \"{count(steps.day)}\"", "1:2");
    expect_found("plan", "when count(costs[amount > (avg(plan.costs.amount) ?? 0 USD)]) > 0 raise low \"{name}\"", NULL);
    expect_found("plan", "when exists (from a in reports, b in reports where a.day < b.day and a.level < b.level) raise low \"{name}\"", "1:One");
    expect_found("plan", "when count(from a in reports, b in reports where a.level = high and b.level = high and b.day >= a.day) > 2 raise low \"{name}\"", "1:One");
    expect_found("plan", "when sum(from c in costs where c.kind = goods show c.amount) > 40 USD raise low \"{name}\"", NULL);
    expect_found("plan", "when join(steps.label, \"+\") contains \"+\" raise low \"{join(steps.label, \"+\")}\"", NULL);
    expect_found("plan", "when count(latest(2, reports by day)[level = high]) = 2 raise low \"{name}\"", NULL);
    expect_found("plan", "when count(distinct(steps.label)) > 2 raise low \"{count(distinct(steps.label))}\"", NULL);
    expect_found("plan", "when exists steps[late and share < 0.15] raise low \"{name}\"", NULL);
    expect_found("plan", "when exists steps[label = \"dig\"] and (latest(steps by day).day ?? start) > due ?? today raise low \"{name}\"", NULL);
    expect_found("unit", "when exists plans[spent > budget] raise low \"{name} {sum(plans.spent)}\"", NULL);
    expect_found("unit", "when sum(plans.costs.amount) > 1 USD raise low \"{sum(plans.costs.amount)}\"", "1:111.00 USD");
    expect_found("unit", "when count(plans[level = low]) > 0 raise low \"{count(plans)}\"", NULL);
    expect_found("unit", "when (latest(plans by start).spent ?? 0 USD) > 0 USD raise low \"{latest(plans by start).name}\"", NULL);
    expect_found("unit", "when \"red\" in tags raise low \"{join(tags, \" \")}\"", "1:blue red");
    expect_found("unit", "when high in levels or exists partners raise low \"{count(partners)}\"", NULL);
}

static void of_others(void) {
    expect_found("unit", "when parent is known and parent.name = \"Alpha\" raise low \"{parent.name}\"", "2:Alpha");
    expect_found("unit", "when parent.parent is known raise low \"{parent.parent.name}\"", "3:Alpha");
    expect_found("unit", "when sum(parent.plans.spent) > 1 USD raise low \"{sum(parent.plans.spent)}\"", NULL);
    expect_found("unit", "when count(transitive(parts)) > 0 raise low \"{count(transitive(parts))}\"", "1:2 / 2:1");
    expect_found("unit", "when count(transitive(parent)) > 1 raise low \"{join(transitive(parent).name, \" \")}\"", "3:Alpha B");
    expect_found("unit", "when sum(transitive(parts).plans.spent) + sum(plans.spent) > 0 USD raise low \"{name}\"", NULL);
    expect_found("unit", "when sum(parts.workers.weight) ?? 0 >= 0 raise low \"{name}\"", NULL);
    expect_found("plan", "when unit.parent is missing and spent > 0 USD raise low \"{unit.name}\"", NULL);
    expect_found("plan", "when count(unit.plans) > 1 raise low \"{count(unit.plans)}\"", "1:2 / 2:2");
    expect_found("plan", "when sum(unit.plans.spent) > 0.01 USD raise low \"{sum(unit.plans.spent)}\"", NULL);
    expect_found("plan", "when unit.head is known raise low \"{unit.head.name}\"", "");
    expect_found("cost", "when amount > plan.budget / 10 raise low \"{plan.name} {amount}\"", NULL);
    expect_found("cost", "when plan.spent > 100 USD and day > plan.start raise low \"{plan.unit.name}\"", NULL);
    expect_found("cost", "when plan.last.level is known raise low \"{plan.last.day}\"", NULL);
    expect_found("report_line", "when exists plan.reports[level = high and words is known] raise low \"{plan.name}\"", NULL);
    expect_found("r in report_line", "when exists r.plan.reports[level > r.level] raise low \"{r.words}\"", NULL);
    expect_found("worker", "when count(unit.workers) > 1 raise low \"{unit.name}\"", NULL);
    expect_found("worker", "when exists unit.parts raise low \"{name}\"", NULL);
}

static void of_all(void) {
    expect_found("plan", "when budget > (avg(plan.budget) ?? 0 USD) raise low \"{avg(plan.budget)}\"", NULL);
    expect_found("cost", "when exists unit[parent is known] raise low \"{count(unit)}\"", NULL);
    expect_found("unit", "when exists plan[unit = unit and level = low] raise low \"{name}\"", NULL);
    expect_found("u in unit", "when count(plan[unit = u]) = 2 raise low \"{u.name}\"", "1:Alpha");
    expect_found("p in plan", "when p.unit.key = \"A\" raise low \"{p.name}\"", "1:One / 2:P2");
    expect_found("cost", "when count(from unit group by parent) = 3 raise low \"{key}\"", NULL);
}

static void that_fail(void) {
    expect_found("big", "when a + b > 0 raise low \"{a}\"", "failed: a whole number is too large here It happened at big `big-1`, for the rule `r0`.");
    expect_found("big", "where a < 100 when a + b > 0 raise low \"{a}\"", "2:5");
    expect_found("big", "when a < 100 and a + b > 0 raise low \"{a}\"", "2:5");
    expect_found("big", "when a > 100 or a + b > 0 raise low \"x\"", "1:x / 2:x");
    expect_found("big", "when (if a > 100 then 1 else a + b) > 0 raise low \"x\"", "1:x / 2:x");
    expect_found("big", "when (c ?? a + b) > 1 raise low \"{c}\"", "1:2 / 2:—");
    expect_found("big", "when a > 100 raise low \"{a + b}\"", NULL);
    expect_found("plan", "when sum(bigs.a) + sum(bigs.b) > 0 raise low \"{name}\"", NULL);
    expect_found("plan", "when sum(bigs[a < 100].a) + sum(bigs.b) > 0 raise low \"{name}\"", NULL);
    expect_found("plan", "when exists bigs[a < 100 and a + b > 0] raise low \"{name}\"", NULL);
    expect_found("plan", "when exists bigs[a + b > 0] raise low \"{name}\"", NULL);
    expect_found("unit", "when sum(plans.bigs.a) > 0 raise low \"{name}\"", NULL);
    expect_found("unit", "when exists plans[count(bigs[a + b > 0]) > 0] raise low \"{name}\"", NULL);
    expect_found("plan", "when start + 9000000 days > today raise low \"{name}\"", NULL);
}

/* All rules of a record in one run find what each finds by itself. */
static void all_together(void) {
    struct engine_inputs given = inputs();
    struct program *program = checker_program(world.checker);
    const struct trule *rules[200];
    int count = 0;
    for (int i = 0; i < program->rules.count; i++)
        if (strcmp(program->rules.items[i]->record->name, "plan") == 0 && strncmp(findings(program->rules.items[i], false, true), "failed", 6) != 0)
            rules[count++] = program->rules.items[i];
    struct found found = {{0}};
    struct check_sink sink = {.context = &found, .found = note_found};
    CHECK(eval_check_rules(&given, rules, count, true, &sink, &world.failure));
    say_failure();
    struct buffer expected = {0};
    for (int id = 1; id <= 4; id++)
        for (int i = 0; i < count; i++) {
            char *text = findings(rules[i], true, true);
            for (char *one = strtok(text, "\n"); one && *one;) {
                char *next = strstr(one, " / ");
                if (next)
                    *next = 0;
                if (one[0] == '0' + id && one[1] == ':')
                    buffer_add_format(&expected, "%s%s", expected.length ? " / " : "", one);
                one = next ? next + 3 : NULL;
            }
        }
    CHECK_TEXT(buffer_string(&found.text), buffer_string(&expected));
    buffer_free(&found.text);
    buffer_free(&expected);
}

int main(void) {
    start();
    RUN(that_fail);
    RUN(of_the_element);
    RUN(of_children);
    RUN(of_others);
    RUN(of_all);
    RUN(all_together);
    stop();
    return UNIT_END("eval_check");
}
