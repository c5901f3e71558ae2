/* The interpreter by itself: values, collections, aggregates and queries, walked; the SQL engine must say the same. */
#include "tests/unit/engine_world.h"

/* Both engines give the same answer; expected NULL: whatever it is. */
static void expect(const char *question, const char *expected) {
    use_sql = false;
    const char *found = answer(question);
    use_sql = true;
    const char *other = answer(question);
    if (strcmp(found, other) != 0 || (expected && strcmp(found, expected) != 0)) {
        printf("of: %s\n", question);
        CHECK_TEXT(found, other);
        if (expected)
            CHECK_TEXT(found, expected);
    }
}


static void asks_values(void) {
    expect("1 + 2 * 3", "7");
    expect("1 / 0", "~");
    expect("7 / 2", "3.5");
    expect("today + 2 weeks", "2024-11-17");
    expect("working_days(today, today + 7 days)", "5");
    expect("\"a{1 + 1}b{today}\"", "a2b2024-11-03");
    expect("9223372036854775807 + 1", "failed: a whole number is too large here");
    expect("if today > 2020-01-01 or 9223372036854775807 + 1 > 0 then 1 else 2", "1");
    expect("case { | today < 2020-01-01 -> \"a\" | today < 2030-01-01 -> \"b\" | otherwise -> \"c\" }", "b");
    expect("100 USD * 110%", "110.00");
    expect("round(2.345, 2)", "2.35");
    expect("count(plan)", "4");
    expect("plan[\"P1\"].spent", "110.00");
    expect("plan[\"P1\"].unit.name", "Alpha");
    expect("plan[\"P2\"].name", "P2");
    expect("5 in [1, 5, 7]", "true");
    expect("today in 2024", "true");
    expect("min(2, 1) + max(1 USD, 2 USD) / 1 USD", "3");
    expect("lower(\"ÉTÉ\")", "été");
    expect("\"abcabc\" matches \"^(abc)+$\"", "true");
    expect("percent(0.125)", "12.5%");
    expect("format(today, \"%d.%m.%Y\")", "03.11.2024");
}

static void asks_of_collections(void) {
    expect("sum(cost.amount)", "111.0125");
    expect("avg(cost.amount)", "27.7531");
    expect("avg(step.share)", "0.4");
    expect("sum(step.share)", "1.6");
    expect("count(worker.born)", "3");
    expect("max(worker.weight)", "1.5");
    expect("join(plan.note, \", \")", "first, Été");
    expect("join(distinct(step.label), \" \")", "dig build end");
    expect("join(unit.tags, \" \")", "blue red");
    expect("exists cost[amount > 50 USD]", "true");
    expect("no cost[amount > 5000 USD]", "true");
    expect("latest(report_line by day).words", "tie");
    expect("earliest(report_line by day).words", "fine");
    expect("latest(plan[level = high] by start).name", "Three");
    expect("latest(plan[budget < 0 USD] by start).name", "~");
    expect("streak(plan[\"P1\"].reports by day where level = high)", "2");
    expect("longest_gap(plan[\"P1\"].reports by day)", "21");
    expect("longest_gap(plan[\"P4\"].reports by day)", "~");
    expect("join(latest(2, plan[\"P1\"].steps by share).label, \" \")", "end build");
    expect("join(earliest(2, step by share).label, \" \")", "dig build");
    expect("join(transitive(unit[\"C\"].parent).key, \" \")", "A B");
    expect("join(transitive(unit[\"A\"].parts).key, \" \")", "B C");
    expect("unit[\"A\"] in unit[\"C\"].partners", "true");
    expect("\"red\" in unit[\"A\"].tags", "true");
    expect("high in unit[\"B\"].levels", "true");
    expect("join(unit[\"C\"].partners.name, \"; \")", "Alpha; B");
    expect("count(distinct(plan.unit))", "3");
    expect("join(distinct(plan.unit).name, \" \")", "Alpha B Delta");
    expect("sum(from cost where kind = goods show amount)", "51.00");
    expect("count(from p in plan, w in worker show p.key)", "16");
    expect("remove plan[level = low]", "2 4");
    expect("remove unit.plans.costs", "1 2 3 4");
    expect("remove unit.partners", "1 2");
    expect("sum(big.a)", "5");
    expect("sum(big[b < 2 or b = 7].a)", "failed: a sum of whole numbers is too large here");
    expect("join(plan.last.words, \",\")", "tie");
    expect("count(plan.last)", "2");
}

static void asks_queries(void) {
    expect("from plan show name, spent, budget - spent as \"left\"", "One|110.00|-10.00 / P2|1.00|249.00 / Three|0.0125|0.0375 / P4|0.00|0.00");
    expect("from plan where due is known and due < today show key, due", "P3|2024-10-24");
    expect("from plan show key, due sort by due", "P3|2024-10-24 / P1|2025-01-12 / P2|~ / P4|~");
    expect("from plan show key, due sort by due desc take 3", "P1|2025-01-12 / P3|2024-10-24 / P2|~");
    expect("from plan show unit", "A / A / B / D");
    expect("from plan show key, last.words, last.day, slip", "P1|~|2024-11-03|44 / P2|tie|2024-11-28|0 / P3|~|~|5 / P4|~|~|0");
    expect("from plan show key, unit.parent.name, unit.head.name", "P1|~|~ / P2|~|~ / P3|Alpha|~ / P4|~|~");
    expect("from p in plan, c in p.costs where c.amount > p.budget / 2 show p.key, c.day", "P1|2024-10-05");
    expect("from p in plan, l in distinct(p.costs.kind) show p.key, l", "P1|labour / P1|goods / P2|goods / P3|labour");
    expect("from p in plan, s in latest(2, p.steps by share) show p.key, s.label, s.share", "P1|end|0.3 / P1|build|0.2 / P3|dig|1");
    expect("from p in plan, x in [p.level, high] show p.key, x take 3", "P1|mid / P1|high / P2|low");
    expect("from p in plan, w in distinct(p.steps.share) show p.key, w", "P1|0.1 / P1|0.2 / P1|0.3 / P3|1");
    expect("from u in unit, t in transitive(u.parts) show u.key, t.key", "A|B / A|C / B|C");
    expect("from p in plan, r in (from c in p.costs show c.day, c.amount as \"much\" sort by c.amount) show p.key, r.much", "P1|50.00 / P1|60.00 / P2|1.00 / P3|0.0125");
    expect("from (from plan show level, budget) group by level show level, sum(budget)", "low|250.00 / mid|100.00 / high|0.05");
    expect("from plan group by level show level, count(), sum(spent) as \"s\" sort by s desc", "mid|1|110.00 / low|2|1.00 / high|1|0.0125");
    expect("from plan group by unit show unit, unit.name, count() keep where count() > 1", "A|Alpha|2");
    expect("from plan group by due show due, count()", "2024-10-24|1 / 2025-01-12|1 / ~|2");
    expect("from plan show count(), sum(budget), avg(budget), max(start)", "4|350.05|87.5125|2024-11-23");
    expect("from plan where budget < 0 USD show count(), sum(budget), avg(budget)", "0|0.00|~");
    expect("from plan group by level show level, count(where due is known), join(key) as \"k\"", "low|0|P2, P4 / mid|1|P1 / high|1|P3");
    expect("from plan show key, budget total budget, count(key)", "P1|100.00 / P2|250.00 / P3|0.05 / P4|0.00 = 4|350.05");
    expect("from plan show key, count(costs), exists costs[kind = goods] as \"g\"", "P1|2|true / P2|1|true / P3|1|false / P4|0|false");
    expect("from s in step show plan.key, s.label, late sort by label", "P1|build|false / P1|dig|true / P3|dig|true / P1|end|false");
    expect("from big show a + b as \"x\"", "failed: a whole number is too large here");
    expect("from big where a < 100 and a > 0 and a + b > 0 show a", "5");
    expect("from big[a < 100] where a + b > 0 show a", "5");
    expect("from (from big where a < 100 show a, b) where a + b > 0 show a", "5");
    expect("from (from big where a < 100 show a, b take 1) where a + b > 0 show a", "5");
    expect("from unit show key, count(plans), sum(plans.budget), max(plans.start)", "A|2|350.00|2024-11-23 / B|1|0.05|2024-10-14 / C|0|0.00|~ / D|1|0.00|2024-09-24");
    expect("from worker show key, weight, weight is known sort by weight desc", "W4|1.5|true / W1|0.5|true / W2|0.25|true / W3|~|false");
    expect("from latest(2, cost by day) show day, amount", "2024-12-03|1.00 / 2024-10-15|0.0125");
    expect("from (from plan show key as \"k\", start sort by start desc) show k", "P2 / P3 / P1 / P4");
    expect("latest((from plan show key as \"k\", level) by level).k", "P3");
    expect("from plan show \"{key}: {due} {level} {budget}\" as \"t\" take 2", "P1: 2025-01-12 mid 100.00 USD / P2: — low 250.00 USD");
}

int main(void) {
    start();
    RUN(asks_values);
    RUN(asks_of_collections);
    RUN(asks_queries);
    stop();
    return UNIT_END("eval_walk");
}
