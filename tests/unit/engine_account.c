/* Accounts: the nearest changes are found to the unit, at the ends of what numbers hold too, and what is said would do has been tried; parts, words and rows stand as they should.
 * Knows: a session in memory. Does not know: how accounts look as a whole (tests/golden/why). */
#include "runtime/engine/account.h"
#include "tests/unit/unit.h"

#include <stdlib.h>

static struct session *session;
static enum engine_choice engine;

static const char policy[] =
    "enum level { low, mid, high }\n"
    "record plan \"Plan\" { n: int default 3  m: money default 10 USD  d: date default 2026-01-31  x: number default 0.5  b: bool default false  level: level default low\n"
    "  t: text default \"one\"  o: int?  s: span default 2 months  w: duration default 90 minutes  when: datetime default 2026-06-30T12:00:00  other: plan? inverse parts\n"
    "  twice = n + n  same = n  spent = sum(costs.amount) }\n"
    "record cost \"Cost\" { plan: plan inverse costs  amount: money  day: date default 2026-06-01 }\n"
    "define over(a: money, b: money): bool = a > b\n";

static void run_text(const char *text) {
    struct failure failure = {0};
    bool good = session_add_text(session, "<test>", text, PARSE_PROGRAM, NULL, &failure) && session_run_commands(session, "test", &failure);
    session_show_diagnostics(session);
    session_show_failure(session, &failure);
    CHECK(good);
}

static void start(void) {
    struct session_options options = {.store_path = ":memory:", .today = 20634 /* 2026-06-30 */, .now = 20634LL * 86400, .who = "test", .engine = engine, .out = stdout, .err = stdout};
    struct failure failure = {0};
    session = session_create(&options);
    CHECK(session_open_store(session, &failure));
    run_text(policy);
    run_text("add plan A {} add plan B { other: A } add cost { plan: A  amount: 4 USD } add cost { plan: A  amount: 5 USD }");
}

static void stop(void) {
    session_destroy(session);
}

/* The account of a rule `for plan when CONDITION` for A, as text; from the changes on, or as a whole. */
static const char *account_of(const char *condition, bool only_changes) {
    static int number;
    struct failure failure = {0};
    const char *name = arena_format(session->arena, "r%d", ++number);
    run_text(arena_format(session->arena, "rule %s { for plan when %s raise low }", name, condition));
    int64_t id = 0;
    struct trule *rule = program_find_rule(session->program, name);
    CHECK(rule && store_find_key(session->store, rule->record, "A", 1, &id, &failure));
    struct account *account = rule ? account_of_rule(session, rule, id, &failure) : NULL;
    if (account)
        account->facts.count = 0; /* where it is declared, and the hash of its text */
    struct render_options options = {.format = RENDER_TABLE};
    struct buffer out = {0};
    if (account && (account->holds || account_find_mends(account, &failure)))
        account_write_text(&out, account, &options);
    session_show_failure(session, &failure);
    account_destroy(account);
    const char *text = arena_copy_string(session->arena, buffer_string(&out));
    buffer_free(&out);
    const char *changes = strstr(text, "it would hold if\n");
    return !only_changes ? text : changes ? changes + strlen("it would hold if\n") : strstr(text, "it would hold if all") ? strstr(text, "it would hold if all") : "none\n\n";
}

static const char *changes(const char *condition) {
    return account_of(condition, true);
}

/* ---- tests ---- */

static void finds_whole_numbers(void) {
    CHECK_TEXT(changes("n > 3"), "  n were 4 or more: it is 3 (1 more)\n\n");
    CHECK_TEXT(changes("n >= 4"), "  n were 4 or more: it is 3 (1 more)\n\n");
    CHECK_TEXT(changes("n < 3"), "  n were 2 or less: it is 3 (1 less)\n\n");
    CHECK_TEXT(changes("n = 1_000_000_007"), "  n were 1,000,000,007: it is 3 (1,000,000,004 more)\n\n");
    CHECK_TEXT(changes("n in 100..103"), "  n were from 100 to 103: it is 3 (97 more)\n\n");
    CHECK_TEXT(changes("n in [7, 900, -2]"), "  n were 7: it is 3 (4 more)\n\n");
    CHECK_TEXT(changes("n != 3"), "  n were 4 or more: it is 3 (1 more)\n\n");
    CHECK_TEXT(changes("n * 7 > 700"), "  n were 101 or more: it is 3 (98 more)\n\n");
    CHECK_TEXT(changes("n > 9_223_372_036_854_775_806"), "  n were 9,223,372,036,854,775,807 or more: it is 3 (9,223,372,036,854,775,804 more)\n\n");
    CHECK_TEXT(changes("n < -9_223_372_036_854_775_806"), "  n were -9,223,372,036,854,775,807 or less: it is 3\n\n");
    CHECK_TEXT(changes("n > 9_223_372_036_854_775_807"), "none\n\n");
}

static void finds_money_to_its_unit(void) {
    CHECK_TEXT(changes("m > 10 USD"), "  m were more than 10.00 USD: it is 10.00 USD (0.0001 USD more)\n\n");
    CHECK_TEXT(changes("m >= 12.5 USD"), "  m were 12.50 USD or more: it is 10.00 USD (2.50 USD more)\n\n");
    CHECK_TEXT(changes("m * 110% > 100 USD"), "  m were 90.9092 USD or more: it is 10.00 USD (80.9092 USD more)\n\n");
    CHECK_TEXT(changes("m < 0 USD"), "  m were less than 0.00 USD: it is 10.00 USD (over 10.00 USD less)\n\n");
}

static void finds_numbers_to_the_last_bit(void) {
    CHECK_TEXT(changes("x > 0.75"), "  x were more than 0.75: it is 0.5 (over 0.25 more)\n\n");
    CHECK_TEXT(changes("x >= 0.75"), "  x were 0.75 or more: it is 0.5 (0.25 more)\n\n");
    CHECK_TEXT(changes("x < -1000.125"), "  x were less than -1000.125: it is 0.5 (over 1,000.625 less)\n\n");
    CHECK_TEXT(changes("x in 5.0..7.0"), "  x were from 5 to 7: it is 0.5 (4.5 more)\n\n");
}

static void finds_days_and_lengths(void) {
    CHECK_TEXT(changes("d > 2026-02-01"), "  d were 2026-02-02 or later: it is 2026-01-31 (2 days later)\n\n");
    CHECK_TEXT(changes("d + s > today"), "  d were 2026-05-01 or later: it is 2026-01-31 (90 days later)\n  or s were 6 months or more: it is 2 months (4 months more)\n\n");
    CHECK_TEXT(changes("w > 2 hours"), "  w were more than 2 hours: it is 1 hour 30 minutes (over 30 minutes more)\n\n");
    CHECK_TEXT(changes("today - d > 200 days"), "  today were 2026-08-20 or later: it is 2026-06-30 (51 days later)\n  or d were 2025-12-11 or earlier: it is 2026-01-31 (51 days earlier)\n\n");
    CHECK_TEXT(changes("today < d"), "  d were 2026-07-01 or later: it is 2026-01-31 (151 days later)\n\n");
    CHECK_TEXT(changes("when < 2026-06-30T11:00:00"), "  when were 2026-06-30T10:59:59 or earlier: it is 2026-06-30T12:00:00 (1 hour 1 second earlier)\n\n");
}

static void tries_values_without_order(void) {
    CHECK_TEXT(changes("b"), "  b were yes: it is no\n\n");
    CHECK_TEXT(changes("level > low"), "  level were mid or high: it is low\n\n");
    CHECK_TEXT(changes("t = \"two\""), "  t were \"two\": it is \"one\"\n\n");
    CHECK_TEXT(changes("t != \"one\""), "  t were another: it is \"one\"\n\n");
    CHECK_TEXT(changes("t contains \"x\""), "  t contained \"x\": it is \"one\"\n\n");
    CHECK_TEXT(changes("t matches \"^x\""), "none\n\n");
}

static void says_what_must_be_known(void) {
    CHECK_TEXT(changes("o is known"), "  o were known: it is missing\n\n");
    CHECK_TEXT(changes("o is known and o > 5"), "  o were known, and 6 or more: it is missing\n\n");
    CHECK_TEXT(changes("o is known and o in 5..9"), "  o were known, and from 5 to 9: it is missing\n\n");
    CHECK_TEXT(changes("other is known"), "  other were known: it is missing\n\n");
    CHECK_TEXT(changes("other is known and other.n > 5"), "it would hold if all of these were so\n  other were known: it is missing\n  other.n were known, and 6 or more: it is missing\n\n");
}

/* Where one value stands in several places, all of them change. */
static void follows_what_depends_on_it(void) {
    CHECK_TEXT(changes("twice > 10 and n < 7"), "  twice were 11 or more: it is 6 (5 more)\n  or n were 6: it is 3 (3 more)\n\n");
    CHECK_TEXT(changes("same != n"), "none\n\n");
    CHECK_TEXT(changes("same > 5 and n > 7"), "  same were 8 or more: it is 3 (5 more)\n  or n were 8 or more: it is 3 (5 more)\n\n");
    CHECK_TEXT(changes("over(spent, m)"), "  spent were more than 10.00 USD: it is 9.00 USD (over 1.00 USD more)\n  or m were less than 9.00 USD: it is 10.00 USD (over 1.00 USD less)\n\n");
    /* the same field of another record, which may be this one */
    CHECK_TEXT(changes("n > 5 and no plan[n > 5]"), "none\n\n");
}

static void mends_several_together(void) {
    CHECK_TEXT(changes("n > 5 and level = high"), "it would hold if all of these were so\n  n were 6 or more: it is 3 (3 more)\n  level were high: it is low\n\n");
    CHECK_TEXT(changes("(n > 5 and level = high) or b"), "  b were yes: it is no\n\n");
    CHECK_TEXT(changes("not (n < 5 or b = false)"), "it would hold if all of these were so\n  n were 5 or more: it is 3 (2 more)\n  b were yes: it is no\n\n");
    CHECK_TEXT(changes("n > 5 and n < 4 and b"), "none\n\n");
}

static void looks_at_rows(void) {
    CHECK_TEXT(changes("exists costs[amount > 6 USD]"),
               "  costs had a row with amount > 6 USD: of 2 the nearest is cost-2, and would do if\n    amount were more than 6.00 USD: it is 5.00 USD (over 1.00 USD more)\n\n");
    CHECK_TEXT(changes("no costs[amount > 4 USD]"),
               "  no row of costs had amount > 4 USD: cost-2 has, and would not if\n    amount were 4.00 USD or less: it is 5.00 USD (1.00 USD less)\n\n");
    CHECK_TEXT(changes("exists parts[exists costs]"), "  parts had a row with exists costs: of 1 the nearest is B, and would do if\n    costs had a row: it has none\n\n");
    CHECK_TEXT(changes("count(costs) > 2"), "  count(costs) were 3 or more: it is 2 (1 more)\n\n");
    CHECK_TEXT(changes("count(costs) < 0"), "none\n\n");
}

static void keeps_the_words(void) {
    const char *text = account_of("n>2 # three\n and\n  (m+m) > 1   USD", false);
    CHECK(strstr(text, "  ✓ n > 2: n is 3\n"));
    CHECK(strstr(text, "  ✓ m + m > 1 USD\n    m + m is 20.00 USD\n      m is 10.00 USD\n"));
    CHECK(!strstr(text, "three"));
}

/* What was bound for an account is gone with it, however it ended. */
static void leaves_no_bindings(void) {
    CHECK_INT(session->bindings.count, 0);
}

int main(void) {
    static const enum engine_choice engines[] = {ENGINE_SQL, ENGINE_INTERPRETER};
    for (int i = 0; i < 2; i++) {
        engine = engines[i];
        start();
        RUN(finds_whole_numbers);
        RUN(finds_money_to_its_unit);
        RUN(finds_numbers_to_the_last_bit);
        RUN(finds_days_and_lengths);
        RUN(tries_values_without_order);
        RUN(says_what_must_be_known);
        RUN(follows_what_depends_on_it);
        RUN(mends_several_together);
        RUN(looks_at_rows);
        RUN(keeps_the_words);
        RUN(leaves_no_bindings);
        stop();
    }
    return UNIT_END("engine_account");
}
