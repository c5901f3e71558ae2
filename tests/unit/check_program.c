/* The checker, by small programs: what is accepted, what is refused and in which words, and that a failed input leaves nothing behind. */
#include "lang/base/text.h"
#include "lang/check/check.h"
#include "lang/check/stdlib_text.h"
#include "lang/check/texpr.h"
#include "lang/syntax/parse.h"
#include "tests/unit/unit.h"

#include <stdlib.h>

struct session {
    struct arena *arena;
    struct intern *names;
    struct source_set *sources;
    struct diagnostics *diagnostics;
    struct checker *checker;
};

static struct node *parse_text(struct session *session, const char *name, const char *text) {
    uint32_t file = source_add(session->sources, name, text, strlen(text));
    return parse_source(session->arena, session->names, session->diagnostics, file, PARSE_PROGRAM).tree;
}

static int add_text(struct session *session, const char *text) {
    struct check_input input = {parse_text(session, "test.remit", text), true, false, false};
    int parse_errors = session->diagnostics->error_count;
    return parse_errors ? parse_errors : checker_add(session->checker, &input, 1);
}

static struct session start(bool with_pmo) {
    struct session session = {.arena = arena_create()};
    session.names = intern_create(session.arena);
    session.sources = source_set_create(session.arena);
    session.diagnostics = diagnostics_create(session.arena, session.sources);
    session.checker = checker_create(session.arena, session.names, session.diagnostics, NULL);
    for (const struct stdlib_module *module = stdlib_modules; module->name; module++) {
        if (strcmp(module->name, "prelude") != 0)
            continue;
        struct check_input input = {parse_text(&session, "<prelude>", module->text), false, true, false};
        CHECK_INT(checker_add(session.checker, &input, 1), 0);
    }
    for (const struct stdlib_module *module = stdlib_modules; with_pmo && module->name; module++) {
        if (strcmp(module->name, "pmo") != 0)
            continue;
        struct check_input input = {parse_text(&session, "<pmo>", module->text), false, true, false};
        CHECK_INT(checker_add(session.checker, &input, 1), 0);
    }
    for (int i = 0; i < session.diagnostics->list.count; i++)
        printf("library: %s\n", session.diagnostics->list.items[i]->message);
    return session;
}

static void stop(struct session *session) {
    arena_destroy(session->arena);
}

/* Every message of the program, one a line; "" when all is well. */
static char *messages_of(const char *text, bool with_pmo) {
    struct session session = start(with_pmo);
    add_text(&session, text);
    diagnostics_sort(session.diagnostics);
    struct buffer out = {0};
    for (int i = 0; i < session.diagnostics->list.count; i++)
        buffer_add_format(&out, "%s\n", session.diagnostics->list.items[i]->message);
    stop(&session);
    char *copy = strdup(buffer_string(&out));
    buffer_free(&out);
    return copy;
}

static void expect_messages(const char *text, const char *expected) {
    char *messages = messages_of(text, true);
    if (strcmp(messages, expected) != 0)
        printf("of: %s\n", text);
    CHECK_TEXT(messages, expected);
    free(messages);
}

static void accepts_what_is_right(void) {
    static const char *const programs[] = {
        "",
        "initiative X \"Crossing\" { start: 2026-01-01 due: 2026-12-31 budget: 100k USD }",
        "rule r \"R\" { for initiative where stage in [delivery, closing] when spent > budget * 110% raise high \"{name} has spent {spent} of {budget}\" }",
        "rule r \"R\" { for initiative when latest_status is known and latest_status.rag = red raise low \"{latest_status.reported_on}\" }",
        "rule r \"R\" { for i in initiative when exists i.costs[amount > i.budget] raise low }",
        "rule r \"R\" { for initiative let c = sum(transitive(children).budget) when c > budget raise low \"{c}\" }",
        "report p(t: duration = 5 days) \"P\" { from initiative where slippage > t show name, office.name as \"Office\" sort by slippage desc } from p(1 day) show name",
        "from initiative group by stage show stage, count(), sum(budget), count(where overdue)",
        "from initiative show count(), sum(budget)",
        "from initiative where office is known group by office show office.name, sum(costs.amount) keep where sum(budget) > 0 sort by office.name",
        "print 2 * 100 USD, 1.5 * 2, 30 days + 2026-01-01, 1 / 2",
        "define f(x: money): money = x * 2 print f(f(1 USD))",
        "print case { | today < 2026-01-01 -> 1 | otherwise -> 2.5 }",
        "from initiative where parent is known and parent.budget > budget show parent.name",
        "from initiative show if parent is known then parent.budget else 0 USD as \"x\"",
        "add cost { initiative: X date: today amount: 0 USD category: labour }",
        "for each i in initiative where stage = idea { set i { stage: delivery } }",
        "let n = count(initiative) if n > 3 { print n } else { print \"few\" }",
        "from initiative where exists statuses[rag = red and reported_on in 2026] show key",
        "office PMO \"P\" { mandates: [d] } domain d \"D\" {} from office where d in mandates show key",
        "import cost from \"c.csv\" { initiative: column \"I\" date: column \"D\" as \"%d/%m/%Y\" amount: column \"A\" times 1k category: column \"C\" { \"L\": labour } }",
    };
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
        if (i != 15)
            expect_messages(programs[i], "");
}

static void refuses_in_words(void) {
    expect_messages("print bugdet", "there is no `bugdet` here\n");
    expect_messages("from initiative where bugdet > 0 USD", "there is no `bugdet` in initiative\n");
    expect_messages("from initiative where budget > 5", "money in USD and int cannot be compared\n");
    expect_messages("from initiative where parent.budget > 0 USD", "`parent.budget` may be missing here\n");
    expect_messages("print 1 USD + 1 EUR", "`+` does not go with money in USD and money in EUR\n");
    expect_messages("from initiative where stage = delivry", "`delivry` is no value of stage\n");
    expect_messages("from initiative where stage = \"delivery\"", "\"delivery\" in quotes is text, but here a value of stage is wanted\n");
    expect_messages("rule r \"R\" { for initiative raise low } rule r \"R\" { for initiative raise low }", "the rule `r` is declared twice\n");
    expect_messages("record a \"A\" { x = y y = x }", "`a.x` needs its own value to be computed\n");
    expect_messages("define f(x: int): int = f(x) print f(1)", "`f` calls itself\n");
    expect_messages("from initiative group by stage show budget", "`budget` is not the same for all rows of a group\n");
    expect_messages("print case { | today < 2026-01-01 -> 1 }", "this `case` may have no row that holds\n");
    expect_messages("initiative X { budget: 1 USD }", "this initiative needs `start`, `due`\n");
    expect_messages("add finding { rule: \"x\" }", "`finding` is filled by Remit alone\n");
    expect_messages("print sum(initiative)", "`sum` does not go with initiative\n");
    expect_messages("print 2026-02-30", "there is no date `2026-02-30`\n");
}

static void reports_each_mistake_once(void) {
    expect_messages("rule a \"A\" { for initiative when nothing_here > 3 raise low \"{nor_here}\" }\n"
                    "rule b \"B\" { for initiativ when budget > 1 USD raise low }\n"
                    "record c \"C\" { x: strng }\n",
                    "there is no `nothing_here` in initiative\nthere is no `nor_here` in initiative\nthere is no `initiativ` here\nthere is no type `strng`\n");
}

static void takes_back_a_failed_input(void) {
    struct session session = start(true);
    const struct program *program = checker_program(session.checker);
    int records = program->records.count, rules = program->rules.count;
    int fields = program_find_record(program, "initiative")->field_count;
    CHECK(add_text(&session, "record fresh \"F\" { x: int } extend initiative { y: int? } rule q \"Q\" { for initiative when z raise low }") > 0);
    CHECK_INT(program->records.count, records);
    CHECK_INT(program->rules.count, rules);
    CHECK_INT(program_find_record(program, "initiative")->field_count, fields);
    session.diagnostics->error_count = 0;
    session.diagnostics->list.count = 0;
    CHECK_INT(add_text(&session, "record fresh \"F\" { x: int } extend initiative { y: int? } let n = 3"), 0);
    CHECK_INT(add_text(&session, "print n + 1"), 0);
    stop(&session);
}

/* Bare constants and keys that were known for a moment are unknown again, and those that stand alone again are no longer ambiguous. */
static void takes_back_constants(void) {
    struct session session = start(true);
    CHECK_INT(add_text(&session, "enum first { alpha, beta } office O_1 {}"), 0);
    CHECK_INT(add_text(&session, "print alpha print O_1"), 0);
    CHECK(add_text(&session, "enum second { alpha, gamma } domain O_1 {} domain D_1 {} print alpha print O_1") > 0);
    session.diagnostics->error_count = 0;
    session.diagnostics->list.count = 0;
    CHECK_INT(add_text(&session, "print alpha print beta print O_1"), 0);
    CHECK(add_text(&session, "print gamma") > 0);
    CHECK(add_text(&session, "print D_1") > 0);
    session.diagnostics->error_count = 0;
    CHECK_INT(add_text(&session, "enum second { gamma } define f(x: int): int = x print gamma"), 0);
    stop(&session);
}

#define GIVEN(key) "given initiative " key " { start: 2026-01-01 due: 2026-12-31 budget: 1k USD } "

/* What one test gives, none of the others knows, nor what follows; titles are taken back with the rest. */
static void keeps_tests_apart(void) {
    struct session session = start(true);
    const struct program *program = checker_program(session.checker);
    CHECK_INT(add_text(&session, "office PMO {} test \"one\" { on 2026-01-01 " GIVEN("T_1") "let n = T_1.budget expect T_1.name = \"x\" }"
                                 "test \"two\" { on 2026-01-01 " GIVEN("T_1") GIVEN("T_2") "add person T_1 {} expect T_2.parent is missing }"), 0);
    CHECK_INT(program->tests.count, 2);
    CHECK_INT(program->tests.items[0]->item_count, 4);
    CHECK_TEXT(program->tests.items[1]->title, "two");
    CHECK(add_text(&session, "print T_2") > 0);
    CHECK(add_text(&session, "test \"three\" { on 2026-01-01 expect n = 1 USD }") > 0);
    CHECK(add_text(&session, "test \"three\" { on 2026-01-01 " GIVEN("T_3") "expect true } office PMO {}") > 0);
    CHECK_INT(program->tests.count, 2);
    CHECK(add_text(&session, "test \"two\" { on 2026-01-01 expect true }") > 0);
    session.diagnostics->error_count = 0;
    session.diagnostics->list.count = 0;
    CHECK_INT(add_text(&session, "test \"three\" { on 2026-01-01 " GIVEN("T_3") "expect T_3.budget > 1 USD } initiative T_2 { start: 2026-01-01 due: 2026-12-31 budget: 1k USD }"), 0);
    CHECK_INT(add_text(&session, "print T_2.name, PMO.name"), 0);
    CHECK_INT(program->tests.count, 3);
    stop(&session);
}

static void knows_owners(void) {
    struct session session = start(true);
    const struct program *program = checker_program(session.checker);
    CHECK(program_find_record(program, "cost")->owner != NULL);
    CHECK(program_find_record(program, "initiative")->owner == NULL);
    CHECK(program_find_record(program, "initiative")->is_referenced);
    CHECK(!program_find_record(program, "cost")->is_referenced);
    stop(&session);
}

/* ---- what accounts quote, and what they put in place of parts ---- */

static const char *words_at(struct session *session, struct span span) {
    return arena_copy(session->arena, source_get(session->sources, span.file)->text + span.start, span.end - span.start);
}

static void parts_know_where_they_stand(void) {
    struct session session = start(true);
    CHECK_INT(add_text(&session, "define gone(d: date): bool = d < today\n"
                                 "rule r { for initiative let end = due let late = end < today when (not overdue or late) and (office is known or gone(end)) raise low }"), 0);
    const struct trule *rule = program_find_rule(checker_program(session.checker), "r");
    const struct texpr *either = rule->when->arguments[0], *known = rule->when->arguments[1];
    CHECK_TEXT(words_at(&session, either->span), "not overdue or late");
    CHECK_TEXT(words_at(&session, either->arguments[0]->span), "not overdue");
    CHECK_TEXT(words_at(&session, either->arguments[0]->arguments[0]->span), "overdue");
    CHECK_TEXT(words_at(&session, either->arguments[1]->span), "late");
    CHECK_TEXT(words_at(&session, known->arguments[0]->span), "office is known");
    CHECK_TEXT(words_at(&session, known->arguments[1]->span), "gone(end)");
    CHECK_INT(rule->let_count, 2);
    CHECK_TEXT(rule->lets[1].name, "late");
    CHECK_TEXT(words_at(&session, rule->lets[1].value->span), "end < today");
    CHECK(texpr_equal(rule->lets[1].value, either->arguments[1]));
    stop(&session);
}

static const struct texpr *put_day(const struct texpr *part, void *context) {
    return part->kind == TEXPR_TODAY ? context : NULL;
}

static int count_of_today(const struct texpr *expression) {
    struct buffer dump = {0};
    int count = 0;
    texpr_dump(&dump, expression, 0);
    for (const char *at = buffer_string(&dump); (at = strstr(at, "today")); at++)
        count++;
    buffer_free(&dump);
    return count;
}

static void replaces_parts_wherever_they_stand(void) {
    struct session session = start(true);
    CHECK_INT(add_text(&session, "rule r { for initiative when due < today and exists costs[date < today and amount > (sum(from risk where raised_on < today show 1 USD))] raise low }"), 0);
    const struct trule *rule = program_find_rule(checker_program(session.checker), "r");
    struct texpr *day = texpr_int(session.arena, TYPE_DATE, 7, rule->span);
    int64_t budget = 1000;
    int variables = checker_program(session.checker)->variable_count, before = variables;
    struct texpr *replaced = texpr_replace(session.arena, rule->when, put_day, day, &variables, &budget);
    CHECK_INT(count_of_today(rule->when), 3);
    CHECK_INT(count_of_today(replaced), 0);
    CHECK(!texpr_equal(rule->when, replaced));
    CHECK(variables > before && budget > 0);
    budget = 3;
    texpr_replace(session.arena, rule->when, put_day, day, &variables, &budget);
    CHECK(budget < 0);
    stop(&session);
}

int main(void) {
    RUN(accepts_what_is_right);
    RUN(refuses_in_words);
    RUN(reports_each_mistake_once);
    RUN(takes_back_a_failed_input);
    RUN(takes_back_constants);
    RUN(keeps_tests_apart);
    RUN(knows_owners);
    RUN(parts_know_where_they_stand);
    RUN(replaces_parts_wherever_they_stand);
    return UNIT_END("check_program");
}
