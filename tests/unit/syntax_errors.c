/* Reading programs that are wrong: which messages, where, and none because of another. */
#include "tests/unit/unit.h"

#include "lang/base/text.h"
#include "lang/syntax/parse.h"

struct reading {
    struct arena *arena;
    struct diagnostics *diagnostics;
    struct parse parse;
};

static struct reading read_text(const char *text) {
    struct arena *arena = arena_create();
    struct source_set *sources = source_set_create(arena);
    struct diagnostics *diagnostics = diagnostics_create(arena, sources);
    uint32_t file = source_add(sources, "test.remit", text, strlen(text));
    return (struct reading){arena, diagnostics, parse_source(arena, intern_create(arena), diagnostics, file, PARSE_PROGRAM)};
}

/* Checks the messages, one a line as "LINE:COLUMN message" with the hint, if any, after " / ". */
static void check_errors(const char *text, const char *expected) {
    struct reading reading = read_text(text);
    struct buffer out = {0};
    for (int i = 0; i < reading.diagnostics->list.count; i++) {
        const struct diagnostic *diagnostic = reading.diagnostics->list.items[i];
        struct place place = source_place(reading.diagnostics->sources, diagnostic->span.file, diagnostic->span.start);
        buffer_add_format(&out, "%u:%u %s", (unsigned)place.line, (unsigned)place.column, diagnostic->message);
        if (diagnostic->hint != NULL)
            buffer_add_format(&out, " / %s", diagnostic->hint);
        buffer_add_char(&out, '\n');
    }
    CHECK_TEXT(buffer_string(&out), expected);
    CHECK_INT(reading.parse.error_count, reading.diagnostics->list.count);
    buffer_free(&out);
    arena_destroy(reading.arena);
}

static void test_five_mistakes_give_five(void) {
    check_errors("rule a \"A\" by PMO on x {\n"
                 "  for initiative where stage == delivery\n"
                 "  wehn spent > budget\n"
                 "  raise high\n"
                 "}\n"
                 "record r {\n"
                 "  no: text\n"
                 "  c text\n"
                 "  d: int\n"
                 "}\n"
                 "office PMO \"x\" { mandates = [a] }\n",
                 "2:30 use `=` to compare, not `==`\n"
                 "3:3 expected an operator, a clause of the rule or `}`, but found `wehn` / Did you mean `when`?\n"
                 "7:3 `no` is a word of the language and cannot be a name / Try `number`, or a longer name.\n"
                 "8:5 expected `:` or `=`, but found `text`\n"
                 "11:27 use `:` between a field and its value, not `=`\n");
}

static void test_brackets(void) {
    check_errors("rule overspend \"O\" {\n  for initiative\n  when x\n\nrule b \"B\" {\n  for initiative when y raise low\n}\n",
                 "5:1 expected `}` to close the `{` of rule `overspend` at line 1\n");
    check_errors("rule b \"B\" {\n  for initiative where (a + b\n  when y\n}\n", "3:3 expected `)` to close the `(` at line 2\n");
    check_errors("mandate b \"B\" {\n  shall exists [\n  within 2 days\n}\n", "3:3 expected `]` to close the `[` at line 2\n");
    check_errors("office PMO \"x\" { mandates: [a, b }\noffice Q \"q\" {}\n", "1:34 expected `]` to close the `[` at line 1\n");
    check_errors("print count(a]\nprint 1\n", "1:14 expected `)` to close the `(` at line 1\n");
    check_errors("settings { currency: USD\nrule b \"B\" { for x when y raise low }\n", "2:1 expected `}` to close the `{` of `settings` at line 1\n");
    check_errors("test \"t\" {\n  given cost { a: 1\n  expect x = 1\n}\n", "3:3 expected `}` to close the `{` at line 2\n");
    check_errors("office PMO \"x\" {\n  a: 1\n", "2:7 expected `}` to close the `{` of office `PMO` at line 1\n");
    check_errors("if a { print x\noffice PMO \"x\" {}\n", "2:1 expected `}` to close the `{` at line 1\n");
    check_errors("print 1\n}\nprint )\n", "2:1 `}` closes nothing that is open\n3:7 `)` closes nothing that is open\n");
    check_errors("rule b \"B\"\n  for initiative\n  when x\n  raise low\n}\nprint 1", "2:3 expected `{`, but found `for`\n");
}

static void test_operators(void) {
    check_errors("print a && b || !c, a <> b, a == b\n",
                 "1:9 `&&` is no operator here: write `and`\n1:14 `||` is no operator here: write `or`\n1:17 `!` is no operator here: write `not`\n"
                 "1:23 `<>` is no operator here: write `!=`\n1:31 use `=` to compare, not `==`\n");
    check_errors("print a < b < c < d\n", "1:13 comparisons do not follow one another\n");
    check_errors("print x is not missing, y is not known\n",
                 "1:12 `is not missing` is written `is known`\n1:30 `is not known` is written `is missing`\n");
    check_errors("print if a then b elsif c then d else e\n", "1:19 write `else if`, not `elsif`\n");
    check_errors("print case { | a => b | otherwise => c }\n",
                 "1:18 `=>` is no operator here: write `->`\n1:35 `=>` is no operator here: write `->`\n");
    check_errors("print 5 \xe2\x88\x92 3\n", "1:9 `\xe2\x88\x92` is no operator here: write `-`\n");
    check_errors("print a // b\n", "1:9 `//` is no operator here: write `#`\n");
}

static void test_separators(void) {
    check_errors("print [a; b]\n", "1:9 use `,` between the parts of a list, not `;`\n");
    check_errors("office X \"x\" { a: 1, b: 2, c: 3 }\n", "1:20 no `,` is written between these\n");
    check_errors("let x: 3\n", "1:6 use `=` here, not `:`\n");
    check_errors("print [a b]\n", "1:10 expected an operator, `]` or `,`, but found `b` / Between the two stands a comma: `a, b`.\n");
    check_errors("enum e { a b }\nprint 1\n", "1:12 expected a text, `}` or `,`, but found `b` / Between the two stands a comma: `a, b`.\n");
}

static void test_spelling(void) {
    check_errors("rule a \"A\" {\n  for initiative when x\n  raise high \"not closed\n  remedy \"fine\"\n}\n", "3:14 this text has no closing quote on its line\n");
    check_errors("rule a \"A\" {\n  for initiative when x\n  raise high \"a {name\n  remedy \"fine\"\n}\n", "3:14 this text has no closing quote on its line\n");
    check_errors("print 'a', \"b\\q\"\n", "1:7 a text stands in straight double quotes\n1:14 `\\q` has no meaning in a text\n");
    check_errors("print 2026-02-30, 2026-13, 2026-3-1, 30days, 5 $\n",
                 "1:7 there is no date `2026-02-30` / There is no such day: February 2026 has 28 days.\n1:19 there is no period `2026-13`\n1:28 there is no date `2026-3-1` / Month and day have two digits: `2026-03-01`.\n"
                 "1:38 `30days` is neither a number nor a name\n1:48 the character `$` has no meaning here\n");
    check_errors("remit 2\n", "1:7 this file is written in version 2 of the language, and this Remit reads version 1\n");
}

static void test_words(void) {
    check_errors("ruel overspend \"O\" by PMO {\n  for initiative\n}\nprint 1\n", "1:20 expected `{`, but found `by` / Did you mean `rule` instead of `ruel`?\n");
    check_errors("report q \"Q\" {\n  from initiative\n  sort slippage\n}\n",
                 "3:3 expected a clause of the report, `}` or `,`, but found `sort` / Did you mean `sort by`?\n");
    check_errors("rule c \"C\" {\n  for initiative when x\n  shall y\n}\n", "3:3 expected an operator, a clause of the rule or `}`, but found `shall` / A rule says what to find, `when … raise …`. What an office requires, with `shall`, is a mandate: `mandate NAME \"…\" { … }`.\n");
    check_errors("record if \"I\" { a: int }\n", "1:8 `if` is a word of the language and cannot be a name / Try `condition`, or a longer name.\n");
    check_errors("when x\n", "1:7 expected a text or `{`, but found the end of the text\n");
}

static void test_queries(void) {
    check_errors("let y = from cost where a > 1\nprint 1\n", "1:9 a query inside an expression stands in brackets / Write `(from cost …)`.\n");
    check_errors("rule r \"R\" {\n  for initiative\n  when count(x) > from cost\n  raise low\n}\n",
                 "3:19 a query inside an expression stands in brackets / Write `(from cost …)`.\n");
    check_errors("from cost show a where b\n", "1:18 `where` comes before `show`\n");
    check_errors("from cost where a where b\n", "1:19 `where` is said twice in one query\n");
    check_errors("report r \"R\" { show a }\nreport s \"S\" {}\n", "1:16 this report has no `from`\n2:8 this report has no `from`\n");
    check_errors("mandate m \"M\" {\n  for x\n  except \"L\" when a\n  shall b\n}\n",
                 "3:3 this exception stands before the requirement and takes it for its own\n");
}

static void test_resuming(void) {
    /* A mistake in a clause does not hide one in the next. */
    check_errors("rule a \"A\" {\n  for initiative where\n  when spent >\n  raise high \"x\" \"y\"\n}\nprint +\n",
                 "3:3 expected an expression, but found `when`\n4:3 expected an expression, but found `raise`\n"
                 "4:18 expected a clause of the rule or `}`, but found `\"y\"`\n6:7 expected an expression or `from`, but found `+`\n");
    /* What is wrong is left out, what is right stays. */
    struct reading reading = read_text("office A \"a\" {}\noffice B \"b\" { x = 1 }\noffice C \"c\" { y: }\noffice D \"d\" {}\n");
    const struct node_list *items = &AS(program, PROGRAM, reading.parse.tree)->items;
    CHECK_INT(reading.parse.error_count, 2);
    CHECK_INT(items->count, 2);
    CHECK_TEXT(AS(name, NAME, AS(instance, INSTANCE, items->items[1])->key)->text, "D");
    arena_destroy(reading.arena);
    check_errors("x + 1\nprint 2\n", "1:1 a value alone does nothing in a file / To show what it is, write `print` before it.\n");
    check_errors("office A \"a\" { b: 2 +", "1:22 expected an expression, but found the end of the text\n");
}

static void test_every_message_has_help(void) {
    for (int code = 0; code < DIAG_COUNT; code++)
        CHECK(strlen(diagnostic_help((enum diagnostic_code)code)) > 20);
}

int main(void) {
    RUN(test_five_mistakes_give_five);
    RUN(test_brackets);
    RUN(test_operators);
    RUN(test_separators);
    RUN(test_spelling);
    RUN(test_words);
    RUN(test_queries);
    RUN(test_resuming);
    RUN(test_every_message_has_help);
    return UNIT_END("syntax_errors");
}
