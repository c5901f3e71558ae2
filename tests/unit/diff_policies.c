/* lang/diff: what is a change by meaning and what is not, what one condition implies, and how mandates are loosened. */
#include "lang/base/intern.h"
#include "lang/base/text.h"
#include "lang/diff/diff.h"
#include "lang/syntax/parse.h"
#include "unit.h"

static struct arena *arena;

static struct diff_side side_of(const char *text) {
    struct source_set *sources = source_set_create(arena);
    struct diagnostics *diagnostics = diagnostics_create(arena, sources);
    uint32_t file = source_add(sources, "test", text, strlen(text));
    struct parse parse = parse_source(arena, intern_create(arena), diagnostics, file, PARSE_PROGRAM);
    CHECK(parse.error_count == 0);
    struct node_list items = AS(program, PROGRAM, parse.tree)->items;
    return (struct diff_side){.items = (const struct node *const *)items.items, .item_count = items.count};
}

static struct diff *compare(const char *old, const char *new) {
    struct diff_side before = side_of(old), after = side_of(new);
    return diff_policies(arena, &before, &after);
}

/* "~rule a: when; +field r.x", loosened sentences after a `!`. */
static const char *changes(const char *old, const char *new) {
    struct diff *diff = compare(old, new);
    struct buffer out = {0};
    for (int i = 0; i < diff->changes.count; i++) {
        const struct diff_change *change = &diff->changes.items[i];
        buffer_add_format(&out, "%s%c%s %s%s%s", i ? "; " : "", "+~>-"[change->kind], diff_what_word(change->what), change->record ? change->record : "", change->record ? "." : "", change->name);
        for (int p = 0; p < change->parts.count; p++)
            buffer_add_format(&out, "%s %s", p ? "," : ":", change->parts.items[p].clause);
        for (int l = 0; l < change->loosened.count; l++)
            buffer_add_format(&out, "! %s", change->loosened.items[l]);
        if (change->may_be_loosened)
            buffer_add_string(&out, "?");
    }
    const char *text = arena_copy_string(arena, buffer_string(&out));
    buffer_free(&out);
    return text;
}

static void test_no_change(void) {
    CHECK_TEXT(changes("rule a { for x when y > 1000 raise low }", "remit 1\n# why\n## what\nrule a {\n  for x # of x\n  when (y > 1k)\n  raise low\n}"), "");
    CHECK_TEXT(changes("office A {} office B { mandates: [c, d] }", "office B { mandates: [d, c] } office A {}"), "");
    CHECK_TEXT(changes("define f(x: money): money = x * 110%", "define f(x: money): money = x * 1.1"), "");
    CHECK_TEXT(changes("initiative A { budget: 2.4M USD  start: 2026-01-05 }", "initiative A { start: 2026-01-05  budget: 2_400_000 USD }"), "");
    CHECK_TEXT(changes("record r { a: int  b: int }", "record r { b: int }  extend r { a: int }"), "");
    CHECK_TEXT(changes("rule a { for x when y raise low because \"z\" }", "rule a { because \"z\" raise low for x when y }"), "");
    CHECK_TEXT(changes("enum e { a, b }", "enum e { a, b, }"), "");
    CHECK_TEXT(changes("note { text: \"a\" } note { text: \"a\" }", "note { text: \"a\" } note { text: \"a\" }"), "");
}

static void test_changes(void) {
    CHECK_TEXT(changes("rule a { for x when y > 1 raise low }", "rule a \"A\" { for x when y > 2 raise low }"), "~rule a: title, when");
    CHECK_TEXT(changes("rule a { for x raise low }", "rule b { for x raise low }"), "-rule a; +rule b");
    CHECK_TEXT(changes("rule a { for x raise low }", "rule b was a { for x raise low }"), ">rule b");
    CHECK_TEXT(changes("rule b { for x raise low }", "rule b was a { for x raise low }"), "");
    CHECK_TEXT(changes("record r { a: int  b = a }", "record r { c was a: int  b = c }"), ">field r.c");
    CHECK_TEXT(changes("record r { a: int } rule q { for r when a > 1 raise low } r X { a: 1 }", "record s was r { a: int } rule q { for s when a > 1 raise low } s X { a: 1 }"), ">record s");
    CHECK_TEXT(changes("record r { a: int }", ""), "-record r");
    CHECK_TEXT(changes("record r { a: int? }", "record r { a: text? default \"x\" }"), "~field r.a: type, default");
    CHECK_TEXT(changes("enum e { a, b, c }", "enum e { c, a, d }"), "~enum e: value, value, order");
    CHECK_TEXT(changes("settings { currency: USD }", "settings { currency: EUR }"), "~setting currency: value");
    CHECK_TEXT(changes("use pmo", ""), "-module pmo");
    CHECK_TEXT(changes("note { text: \"a\" } note { text: \"a\" }", "note { text: \"a\" }"), "-instance note.note { text: \"a\" }");
    CHECK_TEXT(changes("rule a { for x raise low except \"p\" when y except \"q\" when z }", "rule a { for x raise low except \"q\" when z except \"p\" when y }"), "~rule a: order");
}

static const char *with_clauses(const char *clauses) {
    return arena_format(arena, "mandate m by O on d { for x where s %s }", clauses);
}

static const char *loosened(const char *old, const char *new) {
    return changes(with_clauses(old), with_clauses(new));
}

static void test_loosened(void) {
    CHECK_TEXT(loosened("shall a > 5", "shall a > 7"), "~mandate m: shall");
    CHECK_TEXT(loosened("shall a > 5", "shall a > 3"), "~mandate m: shall! less is required");
    CHECK_TEXT(loosened("shall a > 5", "shall b"), "~mandate m: shall?");
    CHECK_TEXT(loosened("shall a", "should a"), "~mandate m: shall! `shall` becomes `should`");
    CHECK_TEXT(loosened("should a", "shall a"), "~mandate m: shall");
    CHECK_TEXT(loosened("shall not a > 5", "shall not a > 7"), "~mandate m: shall! less is required");
    CHECK_TEXT(loosened("shall not a > 5", "shall not a > 3"), "~mandate m: shall");
    CHECK_TEXT(loosened("shall a", "shall a except \"e\" when b"), "~mandate m: except! the exception \"e\" is new");
    CHECK_TEXT(loosened("shall a except \"e\" when b", "shall a"), "~mandate m: except");
    CHECK_TEXT(loosened("shall a except \"e\" when b < 5", "shall a except \"e\" when b < 3"), "~mandate m: except");
    CHECK_TEXT(loosened("shall a except \"e\" when b < 5", "shall a except \"e\" when b < 9"), "~mandate m: except! the exception \"e\" is wider");
    CHECK_TEXT(loosened("shall a except \"e\" when b", "shall a except \"e\" when c"), "~mandate m: except! the exception \"e\" may be wider: it is another");
    CHECK_TEXT(loosened("shall a waivable by B up to 90 days", "shall a waivable by B, C up to 30 days"), "~mandate m: waivable! `C` may waive it");
    CHECK_TEXT(loosened("shall a waivable by B through C up to 3 months", "shall a waivable by B up to 90 days"), "~mandate m: waivable! a waiver need no longer go through `C`! a waiver may run longer");
    CHECK_TEXT(loosened("shall a waivable by B", "shall a"), "~mandate m: waivable");
    CHECK_TEXT(loosened("shall a", "shall a within 2 days"), "~mandate m: within! there is a grace now");
    CHECK_TEXT(loosened("shall a within 2 weeks", "shall a within 10 days"), "~mandate m: within");
    CHECK_TEXT(loosened("shall a within 5 working days", "shall a within 7 days"), "~mandate m: within! the grace may be longer");
    CHECK_TEXT(loosened("every month shall a", "every 2 weeks shall a"), "~mandate m: every");
    CHECK_TEXT(loosened("every week from 2026-01-01 shall a", "every month from 2026-02-01 shall a"), "~mandate m: every! it is asked less often! it begins later");
    CHECK_TEXT(loosened("by 2026-05-01 shall a", "by 2026-06-01 shall a"), "~mandate m: by! the day by which it is required is later");
    CHECK_TEXT(loosened("shall a", "shall a effective from 2026-05-01"), "~mandate m: effective! it begins later");
    CHECK_TEXT(loosened("shall a escalate to B", "shall a escalate to B after 2 breaches"), "~mandate m: escalate! its breaches are escalated later");
    CHECK_TEXT(changes("mandate m by O on d { for x where s shall a }", "mandate m by P on d { for x where s and t shall a }"), "~mandate m: office, for! it is no longer `O`'s, but `P`'s! it is asked of fewer");
    CHECK_TEXT(changes("mandate m by O on d { for x where s and t shall a }", "mandate m by O on d { for x where s shall a }"), "~mandate m: for");
    CHECK_TEXT(changes("mandate m by O on d { for x shall a }", ""), "-mandate m! it is gone");
}

static bool implies(const char *a, const char *b) {
    struct diff_side of_a = side_of(arena_format(arena, "rule r { for x when %s raise low }", a)), of_b = side_of(arena_format(arena, "rule r { for x when %s raise low }", b));
    const struct node_rule *rule_a = (const void *)of_a.items[0], *rule_b = (const void *)of_b.items[0];
    struct diff diff = {0};
    return diff_implies(&diff, AS(when, WHEN, rule_a->clauses.items[1])->condition, AS(when, WHEN, rule_b->clauses.items[1])->condition);
}

static void test_implies(void) {
    CHECK(implies("a > 10", "a > 5") && !implies("a > 5", "a > 10"));
    CHECK(implies("a > 5", "a >= 5") && !implies("a >= 5", "a > 5"));
    CHECK(implies("a < 1k USD", "a <= 2k USD") && !implies("a < 1k USD", "a < 2k EUR"));
    CHECK(implies("a = 7", "a > 5") && implies("a = 7", "a in [7, 8]"));
    CHECK(implies("a in [1, 2]", "a in [2, 3, 1]") && !implies("a in [1, 4]", "a in [1, 2]"));
    CHECK(implies("a and b", "a") && implies("a", "a or b") && !implies("a or b", "a"));
    CHECK(implies("a and b > 3", "b > 1 or c") && implies("a or b", "b or c or a"));
    CHECK(implies("not a > 3", "not a > 5") && !implies("not a > 5", "not a > 3"));
    CHECK(implies("d < 2026-01-01", "d < 2026-02-01") && implies("l > 5 days", "l > 3 days") && !implies("l > 5 days", "l > 3 weeks"));
    CHECK(!implies("a * 110% > b", "a * 105% > b")); /* a may be negative: the data decide */
}

static void test_touched(void) {
    const char *base = "extend r { a = x  b = a + 1  c = y } rule p { for r when b > 1 raise low } rule q { for r when c > 1 raise low }";
    struct diff *diff = compare(base, "extend r { a = x + 1  b = a + 1  c = y } rule p { for r when b > 1 raise low } rule q { for r when c > 1 raise low }");
    struct diff_side side = side_of(base);
    CHECK(diff_is_touched(diff, side.items[1]) && !diff_is_touched(diff, side.items[2]) && !diff->touches_all);
    CHECK(compare("office A { parent: B }", "office A { parent: C }")->touches_all);
    CHECK(!compare("rule a { for x raise low }", "rule a { for x raise high }")->touches_all);
}

int main(void) {
    arena = arena_create();
    RUN(test_no_change);
    RUN(test_changes);
    RUN(test_loosened);
    RUN(test_implies);
    RUN(test_touched);
    arena_destroy(arena);
    return UNIT_END("diff_policies");
}
