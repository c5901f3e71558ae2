/* Reading programs that are right: every construct, every word as a name, literals, comments, places, unfinished inputs, limits. */
#include "tests/unit/unit.h"

#include "lang/base/limits.h"
#include "lang/base/text.h"
#include "lang/syntax/grammar.h"
#include "lang/syntax/parse.h"
#include "lang/syntax/words.h"
#include <stdlib.h>

/* One text, read. */
struct reading {
    struct arena *arena;
    struct diagnostics *diagnostics;
    struct parse parse;
};

static struct reading read_bytes(const char *text, size_t length, enum parse_mode mode) {
    struct arena *arena = arena_create();
    struct source_set *sources = source_set_create(arena);
    struct diagnostics *diagnostics = diagnostics_create(arena, sources);
    uint32_t file = source_add(sources, "test.remit", text, length);
    return (struct reading){arena, diagnostics, parse_source(arena, intern_create(arena), diagnostics, file, mode)};
}

static struct reading read_text(const char *text, enum parse_mode mode) {
    return read_bytes(text, strlen(text), mode);
}

static const struct node_list *items_of(const struct reading *reading) {
    return &AS(program, PROGRAM, reading->parse.tree)->items;
}

/* The errors drawn, for a test that expected none. */
static bool is_clean(const struct reading *reading, const char *text) {
    if (reading->parse.error_count == 0 && reading->diagnostics->list.count == 0)
        return true;
    struct buffer out = {0};
    diagnostics_draw(&out, reading->diagnostics, false);
    printf("%s\nreading:\n%s\n", buffer_string(&out), text);
    buffer_free(&out);
    return false;
}

static void check_clean(const char *text, int items) {
    struct reading reading = read_text(text, PARSE_PROGRAM);
    CHECK(is_clean(&reading, text));
    CHECK_INT(items_of(&reading)->count, items);
    CHECK(!reading.parse.incomplete);
    arena_destroy(reading.arena);
}

/* The dump of an expression without the two lines above it, lines joined by "; ". */
static void check_tree(const char *expression, const char *expected) {
    struct reading reading = read_text(expression, PARSE_EXPRESSION);
    struct buffer dump = {0}, line = {0};
    CHECK(is_clean(&reading, expression));
    if (items_of(&reading)->count == 1)
        node_dump(&dump, AS(evaluate, EVALUATE, items_of(&reading)->items[0])->value, false);
    for (size_t i = 0; i + 1 < dump.length; i++)
        if (dump.bytes[i] == '\n')
            buffer_add_string(&line, ";");
        else
            buffer_add_char(&line, dump.bytes[i]);
    CHECK_TEXT(buffer_string(&line), expected);
    buffer_free(&dump);
    buffer_free(&line);
    arena_destroy(reading.arena);
}

/* Both texts are read as the same tree. */
static void check_same(const char *a, const char *b) {
    struct reading left = read_text(a, PARSE_EXPRESSION), right = read_text(b, PARSE_EXPRESSION);
    CHECK(is_clean(&left, a) && is_clean(&right, b));
    bool is_same = items_of(&left)->count == 1 && items_of(&right)->count == 1 && node_equal(items_of(&left)->items[0], items_of(&right)->items[0]);
    if (!is_same)
        printf("not the same: %s and %s\n", a, b);
    CHECK(is_same);
    arena_destroy(left.arena);
    arena_destroy(right.arena);
}

static void test_words_agree_with_the_grammar(void) {
    for (int token = 1; token < 400; token++) {
        const char *spelling = words_spelling(token);
        if (spelling != NULL)
            CHECK_TEXT(remit_token_name(token), spelling);
    }
    int count = 0;
    while (syntax_keywords()[count] != NULL)
        count++;
    CHECK(count > 100);
}

static void test_precedence(void) {
    check_same("a or b and c", "a or (b and c)");
    check_same("not a = b and c", "(not (a = b)) and c");
    check_same("a = b ?? c", "a = (b ?? c)");
    check_same("a ?? b ?? c", "a ?? (b ?? c)");
    check_same("a ?? b..c", "a ?? (b..c)");
    check_same("a..b + 1", "a..(b + 1)");
    check_same("a - b - c * d", "(a - b) - (c * d)");
    check_same("-a.b * c", "(-(a.b)) * c");
    check_same("x at G + 1", "(x at G) + 1");
    check_same("exists a[b] and no c", "(exists (a[b])) and (no c)");
    check_same("a in b or c not in d", "(a in b) or (c not in d)");
    check_same("a + b is known", "(a + b) is known");
    check_same("if a then b else c + 1", "if a then b else (c + 1)");
    check_same("if a then b else if c then d else e", "if a then b else (if c then d else e)");
    check_same("x.a[b].c at D", "((x.a)[b]).c at D");
    check_same("a and not b", "a and (not b)");
    check_same("count(from cost where a)", "count((from cost where a))");
}

static void test_trees(void) {
    check_tree("costs[amount > 1k USD]", "filter;  base: name \"costs\";  condition: binary >;    left: name \"amount\";    right: money \"1k\" \"USD\"");
    check_tree("latest(3, C by f where g)", "call;  callee: name \"latest\";  arguments: argument;    value: int \"3\";  arguments: argument;    value: name "
                                            "\"C\";    by: name \"f\";    condition: name \"g\"");
    check_tree("count(where overdue)", "call;  callee: name \"count\";  arguments: argument;    condition: name \"overdue\"");
    check_tree("convert(x, EUR, on date)", "call;  callee: name \"convert\";  arguments: argument;    value: name \"x\";  arguments: argument;    value: "
                                           "name \"EUR\";  arguments: argument;    name: name \"on\";    value: name \"date\"");
    check_tree("initiative[\"PRJ-0042\"]", "filter;  base: name \"initiative\";  condition: text;    parts: part \"PRJ-0042\"");
    check_tree("case { | a -> 1 | otherwise -> missing }",
               "case;  rows: row;    condition: name \"a\";    value: int \"1\";  rows: row;    value: missing");
    check_tree("column \"A\" as \"%d\", \"%m\" times 1M { \"x\": y  otherwise: z }",
               "column of;  name: text;    parts: part \"A\";  patterns: text;    parts: part \"%d\";  patterns: text;    parts: part \"%m\";  times: int "
               "\"1M\";  cases: case of;    from: text;      parts: part \"x\";    to: name \"y\";  cases: case of;    from: name \"otherwise\";    to: "
               "name \"z\"");
    check_tree("[]", "list");
    check_tree("a.date.from", "member;  base: member;    base: name \"a\";    name: name \"date\";  name: name \"from\"");
}

static void test_literals(void) {
    check_tree("1_000k", "int \"1_000k\"");
    check_tree("2.4M", "decimal \"2.4M\"");
    check_tree("110%", "decimal \"110%\"");
    check_tree("2.4M USD", "money \"2.4M\" \"USD\"");
    check_tree("2026-03-31", "date \"2026-03-31\"");
    check_tree("2026-03-31T17:00", "datetime \"2026-03-31T17:00\"");
    check_tree("2026-W12", "period \"2026-W12\"");
    check_tree("2026-03", "period \"2026-03\"");
    check_tree("2026Q1", "period \"2026Q1\"");
    check_tree("FY2026", "period \"FY2026\"");
    check_tree("FY2026Q1", "period \"FY2026Q1\"");
    check_tree("2026", "int \"2026\"");
    check_tree("FY2026x", "name \"FY2026x\"");
    check_tree("30 days", "quantity \"30\" day");
    check_tree("1 quarter", "quantity \"1\" quarter");
    check_tree("5 working days", "quantity \"5\" working day");
    check_tree("1 working day", "quantity \"1\" working day");
    check_tree("2 hours", "quantity \"2\" hour");
    check_tree("true", "bool true");
    check_tree("missing", "missing");
    check_tree("1..5", "binary ..;  left: int \"1\";  right: int \"5\"");
    check_tree("- 5 USD", "unary -;  operand: money \"5\" \"USD\"");
    check_tree("xs[5 in ys]", "filter;  base: name \"xs\";  condition: binary in;    left: int \"5\";    right: name \"ys\"");
}

static void test_texts(void) {
    check_tree("\"\"", "text");
    check_tree("\"a\\\"b\\\\c\\n\\{d\\}}\"", "text;  parts: part \"a\\\"b\\\\c\\n{d}}\"");
    check_tree("\"{a}{b} c {d.e}.\"", "text;  parts: name \"a\";  parts: name \"b\";  parts: part \" c \";  parts: member;    base: name \"d\";    name: "
                                      "name \"e\";  parts: part \".\"");
    check_tree("\"x {join(a, \"{b}, \")} y\"", "text;  parts: part \"x \";  parts: call;    callee: name \"join\";    arguments: argument;      value: "
                                               "name \"a\";    arguments: argument;      value: text;        parts: name \"b\";        parts: part \", \";  "
                                               "parts: part \" y\"");
    /* Decomposed letters are composed (NFC), in texts and in names. */
    check_tree("\"Bu\xcc\x88ro\"", "text;  parts: part \"B\xc3\xbcro\"");
    check_tree("Bu\xcc\x88ro", "name \"B\xc3\xbcro\"");
}

static void test_whole_policy(void) {
    check_clean("remit 1\nuse pmo\ninclude \"other.remit\"\nsettings { currency: USD  fiscal_year_starts: 4 }\n"
                "domain gates \"Stage gates\" { parent: delivery }\n"
                "person CFO \"Chief Financial Officer\" {}   person COO \"Chief Operating Officer\" {}\n"
                "initiative \"PRJ-0042\" \"Pump station\" { stage: delivery; due: 2027-06-30\n budget: 2.4M USD }\n"
                "holiday { date: 2026-12-25 }\n"
                "enum rag \"Rating\" { green, amber \"Amber\", red, }\n",
                10);
    check_clean("record cost \"Cost entry\" {\n  initiative: initiative inverse costs\n  date: date\n  amount: money in EUR?\n"
                "  category: one of (labour, material \"Things\")?\n  tags: set of text\n  rank: int default 1 + 2\n  key initiative, date\n"
                "  late = date < today }\nextend initiative { regulator: text?  overdue = due < today and stage < closed }\n"
                "define f(x: money, y: date = today): bool = x > 1k USD\n",
                3);
    check_clean("rule r \"T\" by PMO on d {\n for i in initiative where a\n let x = 1 when x > 2 raise high \"{name}\"\n except \"L\" when b\n"
                " remedy \"r\" because \"b\" source \"ISO 21502 7.3\" effective from 2026-01-01 until 2026-12-31 }\n"
                "rule s \"T\" { for initiative when a raise low }\n",
                2);
    check_clean("mandate m \"T\" by PMO on d {\n for initiative where a\n every 2 weeks from start until due\n shall not exists costs\n"
                " within 2 working days\n except \"A\" when b shall c\n except \"B\" when d\n waivable by BOARD, CFO through PMO up to 90 days\n dated d\n effort 1 hour\n"
                " escalate to BOARD after 2 breaches\n because \"x\" effective until 2027-01-01 }\n"
                "mandate n \"T\" by PMO on d { for initiative by due + 5 working days should a }\n"
                "mandate o \"T\" by PMO on d { for initiative before stage becomes delivery should not a escalate to B after 1 breach }\n"
                "mandate p \"T\" by PMO on d { for initiative shall a }\n",
                4);
    check_clean("report r(a: int, b: duration = 0 days) \"T\" by PMO on d {\n to [BOARD, CFO] every week let z = 1\n"
                " from a in initiative, b in cost where a = b.x group by a.o as \"O\", b.z show count() as n, sum(x), name as \"N\"\n"
                " keep where n > 3 sort by n desc, z asc, q take 10 total n chart bar Slip by Initiative as of 2026-01-01 }\n"
                "report s { from (from cost where a) }\n",
                2);
    check_clean("test \"t\" {\n on 2026-02-01\n given cost { a: 1 }\n given initiative X \"X\" {}\n expect r raised for X\n"
                " expect not m breached for \"X 1\" in 2026-W04\n expect m met_late for X\n expect a = b\n expect not a = b\n"
                " expect refused { set X { stage: delivery } }\n expect not refused { set X { stage: idea } } }\n"
                "scenario s \"S\" { merge PMO, CMO into TMO \"T\" retire mandate m change mandate w { effort: 30 minutes } split A into B, C }\n",
                2);
    check_clean("add cost { a: 1 } add initiative X \"T\" {} set X { a: 1 } set initiative[\"P\"] { a: 2 } remove cost[a]\n"
                "import cost from \"a.csv\" where column \"S\" { a: column \"A\" as \"%d\", \"%Y\"  b: column \"B\" { \"\": missing } }\n"
                "export r(a: 1) to \"x.xlsx\" check\ncheck a, b\nrun r run r(1, b: 2) baseline G \"Gate 2\" baseline \"G 2\"\n"
                "print 1, \"x\" print from cost show a let x = 1 for each i in initiative where a { check set i { a: 1 } }\n"
                "if a { commit } else if b { rollback } else { begin }\nwhy r for X why not r for \"X 1\" in 2026-W04 describe initiative.budget compare s\n"
                "from cost where a sort by a",
                23);
}

/* A program with WORD wherever a name may stand. */
static const char every_place[] =
    "record r { WORD: text WORD: date? default WORD\n WORD = WORD + 1  key WORD, WORD\n WORD: text inverse WORD }\n"
    "enum WORD { WORD, WORD \"x\", WORD }\n"
    "define WORD(WORD: WORD, WORD: money): WORD = WORD(WORD: WORD) + WORD(WORD, WORD)\n"
    "rule WORD \"T\" by WORD on WORD {\n"
    "  for WORD in WORD where WORD < WORD and a < WORD and WORD in WORD or WORD is known\n"
    "  let WORD = latest(x by WORD).WORD\n"
    "  when WORD and (WORD - 3) > 2 and (WORD) and WORD[WORD] and WORD[WORD = 3 and WORD.WORD] and exists WORD and WORD at WORD\n"
    "  raise WORD \"{WORD} and {WORD.WORD}\"\n}\n"
    "mandate WORD \"T\" by WORD on WORD {\n  for WORD where WORD = WORD\n  every WORD from WORD until WORD\n  by WORD\n"
    "  before WORD becomes WORD\n  shall WORD\n  waivable by WORD, WORD up to WORD\n  escalate to WORD after 2 breaches\n}\n"
    "report WORD(WORD: text = WORD) \"x\" {\n  to [WORD]\n  every WORD\n  from WORD in WORD, WORD where WORD\n  group by WORD, WORD as WORD\n"
    "  show WORD, WORD as \"x\"\n  keep where WORD\n  sort by WORD desc, WORD\n  take WORD\n  total WORD, WORD\n  chart WORD WORD by WORD\n"
    "  as of WORD\n}\n"
    "test \"x\" { on WORD  given WORD { WORD: 1 } expect WORD = 1 expect WORD raised for WORD in WORD }\n"
    "scenario WORD { merge WORD, WORD into WORD split WORD into WORD retire WORD WORD change WORD WORD { WORD: WORD } }\n"
    "print count(WORD), count(x where WORD), latest(3, x by WORD), if WORD then WORD else WORD, WORD ?? WORD, WORD..WORD\n"
    "set WORD { WORD: WORD } set WORD[WORD = WORD] { WORD: 1; WORD: [WORD, WORD] WORD: a.WORD.WORD }\n"
    "remove WORD[WORD]\n"
    "import WORD from \"x\" where WORD = column \"y\" { WORD: WORD  WORD: column \"x\" { \"a\": WORD } }\n"
    "export WORD(WORD: WORD) to \"x\"\nwhy WORD for WORD\nwhy not WORD for WORD in WORD\ndescribe WORD.WORD\ncompare WORD\n";

static void fill_in(struct buffer *out, const char *pattern, const char *word) {
    for (const char *at = pattern; *at; at++)
        if (strncmp(at, "WORD", 4) == 0) {
            buffer_add_string(out, word);
            at += 3;
        } else
            buffer_add_char(out, *at);
}

static const char *const reserved[] = {"and",    "or", "not",  "in",    "is",      "if",       "then",   "else", "case", "otherwise",
                                       "exists", "no", "true", "false", "missing", "contains", "matches"};

static bool is_reserved(const char *word) {
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (strcmp(reserved[i], word) == 0)
            return true;
    return false;
}

static void test_every_word_can_be_a_name(void) {
    for (const char *const *word = syntax_keywords(); *word != NULL; word++) {
        if (is_reserved(*word) || strchr(*word, ' ') != NULL)
            continue;
        struct buffer text = {0};
        fill_in(&text, every_place, *word);
        struct reading reading = read_text(text.bytes, PARSE_PROGRAM);
        CHECK(is_clean(&reading, text.bytes));
        CHECK_INT(items_of(&reading)->count, 18);
        arena_destroy(reading.arena);
        buffer_free(&text);
    }
}

static void test_reserved_words(void) {
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
        struct buffer text = {0};
        fill_in(&text, "record r { a: text\n WORD: text\n b: int }", reserved[i]);
        struct reading reading = read_text(text.bytes, PARSE_PROGRAM);
        CHECK_INT(reading.parse.error_count, 1);
        CHECK(reading.diagnostics->list.count == 1 && reading.diagnostics->list.items[0]->code == DIAG_NAME_RESERVED);
        if (!unit_ok)
            printf("word: %s\n", reserved[i]);
        CHECK(reading.diagnostics->list.count == 1 && reading.diagnostics->list.items[0]->hint != NULL);
        arena_destroy(reading.arena);
        buffer_free(&text);
    }
}

static void test_comments(void) {
    static const char text[] = "# plain\n## About r,\n##  twice\nrecord r { ## not of a\n  ## of a\n\n  a: text # behind\n  b = 1 ## behind\n"
                               "  c: int }\n## of p\n# between\nperson P {}";
    struct reading reading = read_text(text, PARSE_PROGRAM);
    CHECK(is_clean(&reading, text));
    CHECK_INT(reading.parse.comments.count, 9);
    const struct comment *comments = reading.parse.comments.items;
    CHECK(!comments[0].is_doc && comments[0].own_line && comments[0].span.start == 0 && comments[0].span.end == 7);
    CHECK(comments[1].is_doc && comments[1].own_line);
    CHECK(comments[3].is_doc && !comments[3].own_line);
    const struct node_record *record = AS(record, RECORD, items_of(&reading)->items[0]);
    CHECK_TEXT(record->doc, "About r,\n twice");
    CHECK_TEXT(AS(field, FIELD, record->members.items[0])->doc, "of a");
    CHECK(AS(derived, DERIVED, record->members.items[1])->doc == NULL);
    CHECK(AS(field, FIELD, record->members.items[2])->doc == NULL);
    CHECK_TEXT(AS(instance, INSTANCE, items_of(&reading)->items[1])->doc, "of p");
    arena_destroy(reading.arena);
}

static void test_places(void) {
    static const char text[] = "rule r \"T\" {\n  when spent > 2 USD\n}";
    struct reading reading = read_text(text, PARSE_PROGRAM);
    const struct node_rule *rule = AS(rule, RULE, items_of(&reading)->items[0]);
    CHECK_INT(rule->head.span.start, 0);
    CHECK_INT(rule->head.span.end, strlen(text));
    CHECK_INT(rule->name->span.start, 5);
    const struct node *condition = AS(when, WHEN, rule->clauses.items[0])->condition;
    CHECK(strncmp(text + condition->span.start, "spent > 2 USD", condition->span.end - condition->span.start) == 0);
    arena_destroy(reading.arena);
}

static void check_incomplete(const char *text, bool expected) {
    struct reading reading = read_text(text, PARSE_INPUT);
    if (reading.parse.incomplete != expected || reading.diagnostics->list.count != 0)
        printf("input: %s\n", text);
    CHECK(reading.parse.incomplete == expected);
    CHECK_INT(reading.diagnostics->list.count, 0);
    arena_destroy(reading.arena);
}

static void test_unfinished_inputs(void) {
    static const char *const unfinished[] = {"let x =",       "rule r \"T\" {",   "count(",      "count(initiative",
                                             "office PMO {",  "x +",              "if a then b", "rule r \"T\" { for initiative where",
                                             "office PMO \"x\"", "case { | a -> b", "print",       "from cost where"};
    static const char *const finished[] = {"", "# only a comment", "x + 1", "x;", "initiative", "from cost where a", "let x = 1", "if a then b else c",
                                           "office PMO {}", "check", "office PMO {} check", "commit"};
    for (size_t i = 0; i < sizeof unfinished / sizeof *unfinished; i++)
        check_incomplete(unfinished[i], true);
    for (size_t i = 0; i < sizeof finished / sizeof *finished; i++)
        check_incomplete(finished[i], false);
    struct reading reading = read_text("rule r { wehn", PARSE_INPUT); /* with an error it is no use to ask for more */
    CHECK(!reading.parse.incomplete && reading.parse.error_count > 0);
    arena_destroy(reading.arena);
}

static bool expects(const char *text, const char *wanted) {
    struct arena *arena = arena_create();
    struct expected_list list = parse_expected_after(arena, text, strlen(text), PARSE_PROGRAM);
    bool found = false;
    for (int i = 0; i < list.count; i++)
        found = found || strcmp(list.items[i], wanted) == 0;
    arena_destroy(arena);
    return found;
}

static void test_expected(void) {
    CHECK(expects("", "rule"));
    CHECK(expects("rule r \"T\" {", "when"));
    CHECK(!expects("rule r \"T\" {", "shall"));
    CHECK(expects("mandate r \"T\" {", "shall not"));
    CHECK(expects("rule r \"T\" { for initiative", "where"));
    CHECK(expects("rule r \"T\" { for initiative where", "an expression"));
    CHECK(expects("report r { from cost", "sort by"));
    CHECK(expects("record r { a: ", "set of"));
    CHECK(expects("record r { a:", "a name"));
    CHECK(expects("rule q { wehn x }\nrule r \"T\" {", "raise")); /* past an error as well */
}

static void test_bytes(void) {
    struct reading reading = read_text("\xef\xbb\xbfprint 1", PARSE_PROGRAM);
    CHECK_INT(reading.parse.error_count, 0);
    CHECK_INT(items_of(&reading)->count, 1);
    arena_destroy(reading.arena);
    reading = read_bytes("print \"a\0b\" # \xff\nprint 2", 23, PARSE_PROGRAM);
    CHECK_INT(reading.parse.error_count, 2);
    CHECK(reading.diagnostics->list.items[0]->code == DIAG_ZERO_BYTE && reading.diagnostics->list.items[0]->span.start == 8);
    CHECK(reading.diagnostics->list.items[1]->code == DIAG_BAD_UTF8 && reading.diagnostics->list.items[1]->span.start == 14);
    arena_destroy(reading.arena);
    reading = read_text("print 1\r\n## doc\r\nperson P {}\r\n", PARSE_PROGRAM);
    CHECK_INT(reading.parse.error_count, 0);
    CHECK_TEXT(AS(instance, INSTANCE, items_of(&reading)->items[1])->doc, "doc");
    arena_destroy(reading.arena);
}

/* before, then count times part, then after. */
static struct reading read_repeated(const char *before, const char *part, int count, const char *after) {
    struct buffer text = {0};
    buffer_add_string(&text, before);
    for (int i = 0; i < count; i++)
        buffer_add_string(&text, part);
    buffer_add_string(&text, after);
    struct reading reading = read_bytes(text.bytes, text.length, PARSE_PROGRAM);
    buffer_free(&text);
    return reading;
}

static void test_limits(void) {
    struct reading reading = read_repeated("office ", "x", LIMIT_NAME_BYTES, " {}");
    CHECK_INT(reading.parse.error_count, 0);
    arena_destroy(reading.arena);
    reading = read_repeated("office ", "x", LIMIT_NAME_BYTES + 1, " {}");
    CHECK(reading.parse.error_count == 1 && reading.diagnostics->list.items[0]->code == DIAG_NAME_TOO_LONG);
    arena_destroy(reading.arena);
    /* The stack holds the start, `print` and one symbol for each bracket. */
    int deep = LIMIT_PARSE_DEPTH - 10;
    struct buffer close = {0};
    buffer_add_char(&close, '1');
    buffer_add_repeated(&close, ')', deep);
    buffer_add_string(&close, "\nprint 2");
    reading = read_repeated("print ", "(", deep, close.bytes);
    CHECK_INT(reading.parse.error_count, 0);
    CHECK_INT(items_of(&reading)->count, 2);
    arena_destroy(reading.arena);
    buffer_free(&close);
    reading = read_repeated("print ", "(", LIMIT_PARSE_DEPTH, "1\nperson P {}");
    CHECK(reading.parse.error_count == 1 && reading.diagnostics->list.items[0]->code == DIAG_TOO_DEEP);
    CHECK_INT(items_of(&reading)->count, 1);
    arena_destroy(reading.arena);
    reading = read_repeated("print 1", " + 1", LIMIT_PARSE_DEPTH - 2, "");
    CHECK_INT(reading.parse.error_count, 0);
    arena_destroy(reading.arena);
    reading = read_repeated("print 1", " + 1", LIMIT_PARSE_DEPTH + 1, "\nprint 2");
    CHECK(reading.parse.error_count == 1 && reading.diagnostics->list.items[0]->code == DIAG_TOO_DEEP);
    CHECK_INT(items_of(&reading)->count, 1);
    arena_destroy(reading.arena);
    reading = read_repeated("", "person P \"x\" { a: [1, 2] }\n", 20000, "");
    CHECK_INT(reading.parse.error_count, 0);
    CHECK_INT(items_of(&reading)->count, 20000);
    arena_destroy(reading.arena);
}

/* Whatever the tokens, reading ends, and what it reports is in order and in the text. */
static void test_any_tokens(void) {
    static const char *const tokens[] = {"{",    "}",     "(",     ")",     "[",      "]",       ",",       ";",    ":",      "=",      "==",   "\"t\"", "\"a {",
                                         "\" b", "'q'",   "name",  "x",     "rule",   "mandate", "record",  "when", "where",  "from",   "for",  "shall", "not",
                                         "in",   "1",     "2.5",   "5 USD", "3 days", "if",      "then",    "else", "case",   "|",      "->",   "\n",    "\n",
                                         "by",   "on",    "test",  "given", "expect", "report",  "show",    "sort", "column", "import", "to",   ".",     "..",
                                         "??",   "\xc2\xa0", "\xe2\x82\xac", "2026-13-40", "# c", "## d\n", "exists", "is",   "missing", "{x}", "check", "every"};
    unsigned state = 12345;
    for (int round = 0; round < 3000; round++) {
        struct buffer text = {0};
        int count = 1 + round % 60;
        for (int i = 0; i < count; i++) {
            state = state * 1103515245u + 12345u;
            buffer_add_string(&text, tokens[(state >> 16) % (sizeof tokens / sizeof *tokens)]);
            buffer_add_char(&text, ' ');
        }
        struct reading reading = read_bytes(text.bytes, text.length, (enum parse_mode)(round % 3));
        uint32_t last = 0;
        bool is_ordered = true;
        for (int i = 0; i < reading.diagnostics->list.count; i++) {
            const struct span *span = &reading.diagnostics->list.items[i]->span;
            is_ordered = is_ordered && span->start >= last && span->end <= text.length && span->start <= span->end;
            last = span->start;
        }
        if (!is_ordered)
            printf("text: %s\n", text.bytes);
        CHECK(is_ordered);
        CHECK_INT(reading.diagnostics->list.count, reading.parse.error_count);
        arena_destroy(reading.arena);
        buffer_free(&text);
    }
}

int main(void) {
    RUN(test_words_agree_with_the_grammar);
    RUN(test_precedence);
    RUN(test_trees);
    RUN(test_literals);
    RUN(test_texts);
    RUN(test_whole_policy);
    RUN(test_every_word_can_be_a_name);
    RUN(test_reserved_words);
    RUN(test_comments);
    RUN(test_places);
    RUN(test_unfinished_inputs);
    RUN(test_expected);
    RUN(test_bytes);
    RUN(test_limits);
    RUN(test_any_tokens);
    return UNIT_END("syntax_parse");
}
