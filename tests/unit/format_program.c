/* The canonical text: a whole policy set, comments and blank lines, brackets, long lines, and random programs and expressions read again. */
#include "tests/unit/unit.h"

#include "lang/base/text.h"
#include "lang/format/format.h"
#include <stdlib.h>

struct reading {
    struct arena *arena;
    const char *text;
    struct parse parse;
};

static struct reading read_text(const char *text, enum parse_mode mode) {
    struct arena *arena = arena_create();
    struct source_set *sources = source_set_create(arena);
    struct diagnostics *diagnostics = diagnostics_create(arena, sources);
    uint32_t file = source_add(sources, "test.remit", text, strlen(text));
    struct reading reading = {arena, source_get(sources, file)->text, parse_source(arena, intern_create(arena), diagnostics, file, mode)};
    if (reading.parse.error_count > 0) {
        struct buffer out = {0};
        diagnostics_draw(&out, diagnostics, false);
        printf("%s\nreading:\n%s\n", buffer_string(&out), text);
        buffer_free(&out);
    }
    return reading;
}

/* What a comment says: without the signs before and the space behind. */
static struct buffer comment_words(const struct reading *reading, int at) {
    struct span span = reading->parse.comments.items[at].span;
    struct buffer words = {0};
    while (span.start < span.end && reading->text[span.start] == '#')
        span.start++;
    while (span.end > span.start && strchr(" \t\r\f\v;", reading->text[span.end - 1]))
        span.end--;
    buffer_add(&words, reading->text + span.start, span.end - span.start);
    return words;
}

/* All comments are there, in the order in which they were. */
static void check_comments(const struct reading *before, const struct reading *after) {
    CHECK_INT(after->parse.comments.count, before->parse.comments.count);
    for (int i = 0; i < before->parse.comments.count && i < after->parse.comments.count; i++) {
        struct buffer old = comment_words(before, i), new = comment_words(after, i);
        CHECK_TEXT(buffer_string(&new), buffer_string(&old));
        buffer_free(&old);
        buffer_free(&new);
    }
}

/* The canonical text, to be freed; checks that it says the same and that formatting it again changes nothing. */
static struct buffer format_text(const char *text) {
    struct buffer once = {0}, twice = {0};
    struct reading first = read_text(text, PARSE_PROGRAM);
    CHECK_INT(first.parse.error_count, 0);
    bool is_same = format_program(&once, &first.parse, first.text);
    if (!is_same)
        printf("does not say the same:\n%s\nformatted:\n%s\n", text, buffer_string(&once));
    CHECK(is_same);
    struct reading second = read_text(buffer_string(&once), PARSE_PROGRAM);
    CHECK(format_program(&twice, &second.parse, second.text));
    CHECK_TEXT(buffer_string(&twice), buffer_string(&once));
    check_comments(&first, &second);
    arena_destroy(first.arena);
    arena_destroy(second.arena);
    buffer_free(&twice);
    return once;
}

static void check_format(const char *text, const char *expected) {
    struct buffer out = format_text(text);
    CHECK_TEXT(buffer_string(&out), expected);
    buffer_free(&out);
}

static const char policy_set[] =
    "remit 1                                   # the version of the language this file is written in\n"
    "use pmo                                   # records, rules and reports from the standard library\n"
    "\n"
    "settings { currency: USD  fiscal_year_starts: 4 }\n"
    "\n"
    "domain delivery  \"Delivery\" {}\n"
    "domain reporting \"Reporting\"     { parent: delivery }\n"
    "\n\n\n"
    "office PMO \"Project Management Office\" { mandates: [delivery]  }\n"
    "body BOARD \"Investment Board\" { members: [CFO, COO, CIO]  chair: CFO  quorum: 2 }\n"
    "person CFO \"Chief Financial Officer\" {}   person COO \"Chief Operating Officer\" {}\n"
    "\n"
    "initiative METERS \"Smart meter replacement\" {\n"
    "  office: PMO\n  sponsor: COO\n  stage: delivery\n  start: 2026-01-05  due: 2027-06-30\n  budget: 2.4M USD\n}\n"
    "\n"
    "extend initiative {\n"
    "  spent    = sum(costs.amount)                                  # a derived field\n"
    "  slippage = (latest(milestones by forecast).forecast ?? due) - due\n"
    "  latest_status = latest(statuses by reported_on)\n"
    "}\n"
    "\n"
    "## Raised when money out exceeds the approved budget by a tenth.\n"
    "rule overspend \"Spend exceeds the approved budget\" by PMO on delivery {\n"
    "  for initiative where stage in [delivery, closing]\n"
    "  when spent > budget * 110%\n"
    "  raise high \"{name} has spent {spent} of {budget}\"\n"
    "  remedy \"Ask the investment board for a new baseline\"\n"
    "  because \"Finance Manual 4.2\"\n"
    "}\n"
    "\n"
    "mandate weekly_status \"Weekly status report\" by PMO on reporting {\n"
    "  for initiative where stage = delivery\n  every week from start\n  shall exists statuses[reported_on in period]\n"
    "  within 2 working days\n  waivable by BOARD through CMO, PMO up to 90 days\n  dated first_report\n  effort 1 hour\n  escalate to BOARD after 2 breaches\n"
    "  because \"A steering group acts on slippage only if it sees it\"\n"
    "}\n"
    "\n"
    "mandate business_case \"Approved business case\" by PMO on gates {\n"
    "  for initiative where budget > 1M USD\n  before stage becomes delivery\n"
    "  shall exists approvals[body = BOARD and outcome = approved]\n"
    "  except \"Regulatory orders\" when regulator is known shall exists orders[in_force]\n"
    "  effective from 2026-04-01\n"
    "}\n"
    "\n"
    "mandate impact_assessment \"Change impact assessment\" by CMO on reporting {\n"
    "  for initiative where stage = delivery\n"
    "  should exists assessments[kind = change_impact]               # CMO only advises on reporting\n"
    "}\n"
    "\n"
    "report slippage_report(threshold: duration = 0 days) \"Slippage to the steering group\" by PMO {\n"
    "  to [BOARD]\n  every week\n"
    "  from initiative where stage = delivery and slippage > threshold\n"
    "  show name, office.name as \"Office\", slippage as \"Slip\", latest_status.summary as \"Latest\"\n"
    "  sort by slippage desc\n"
    "}\n"
    "\n"
    "test \"overspend starts above 110 percent\" {\n"
    "  on 2026-02-01\n"
    "  given cost { initiative: X  date: 2026-01-20  amount: 110_000.01 USD }\n"
    "  expect overspend raised for X\n"
    "  expect weekly_status breached for X in 2026-W04\n"
    "  expect refused { set X { stage: delivery } }\n"
    "  expect not refused by business_case { set X { stage: delivery } }\n"
    "}\n"
    "scenario as_one \"One transformation office\" {\n"
    "  merge PMO, CMO into TMO \"Transformation Management Office\"\n  retire mandate impact_assessment\n"
    "  change mandate weekly_status { effort: 30 minutes }\n}\n";

static void test_policy_set(void) {
    struct buffer out = format_text(policy_set);
    CHECK(strncmp(out.bytes, "remit 1  # the version of the language", 38) == 0);
    CHECK(strstr(out.bytes, "\ndomain delivery \"Delivery\" {}\ndomain reporting \"Reporting\" { parent: delivery }\n\noffice PMO") != NULL);
    CHECK(strstr(out.bytes, "person CFO \"Chief Financial Officer\" {}\nperson COO") != NULL);
    CHECK(strstr(out.bytes, "  stage: delivery\n  start: 2026-01-05\n  due: 2027-06-30\n") != NULL);
    CHECK(strstr(out.bytes, "  spent = sum(costs.amount)  # a derived field\n") != NULL);
    CHECK(strstr(out.bytes, "\n## Raised when money out") != NULL);
    CHECK(strstr(out.bytes, "  expect refused { set X { stage: delivery } }\n") != NULL);
    buffer_free(&out);
}

static void test_language_line(void) {
    check_format("", "remit 1\n");
    check_format("use pmo", "remit 1\nuse pmo\n");
    check_format("# mine\nuse pmo", "remit 1\n\n# mine\nuse pmo\n");
    check_format("print 1", "remit 1\n\nprint 1\n");
    check_format("remit 1 print 1", "remit 1\nprint 1\n");
}

static void test_comments(void) {
    check_format("remit 1\n\n\n\n# a\n\n\n# b\nrecord r { # c\n\n  # d\n  a: text # e\n\n\n  ## f\n  b: int  # g\n  # h\n\n} # i\n# j",
                 "remit 1\n\n# a\n\n# b\nrecord r {  # c\n  # d\n  a: text  # e\n\n  ## f\n  b: int  # g\n  # h\n}  # i\n# j\n");
    check_format("remit 1\noffice X \"x\" { a: 1 # one\n b: 2 }\n", "remit 1\noffice X \"x\" {\n  a: 1  # one\n  b: 2\n}\n");
    /* Within an expression a comment moves before the whole; one that would become documentation becomes a plain one. */
    check_format("remit 1\nrecord r {\n  a = 1 + ## two\n    2\n}\n", "remit 1\nrecord r {\n  # two\n  a = 1 + 2\n}\n");
    check_format("remit 1\nreport r \"R\" {\n  from a # x\n  # y\n  where b\n  show c\n}\n",
                 "remit 1\nreport r \"R\" {\n  from a  # x\n  # y\n  where b\n  show c\n}\n");
    check_format("remit 1\nenum e { a, # first\n b }\n", "remit 1\nenum e {\n  a,  # first\n  b\n}\n");
    check_format("remit 1\ntest \"t\" {\n  # nothing yet\n}\n", "remit 1\ntest \"t\" {\n  # nothing yet\n}\n");
}

static void test_commands(void) {
    check_format("remit 1 if a { print 1 } else if b { commit } else { begin; rollback }",
                 "remit 1\nif a {\n  print 1\n} else if b {\n  commit\n} else {\n  begin\n  rollback\n}\n");
    check_format("remit 1 import cost from \"a.csv\" where column \"S\"=\"x\" { date: column \"Posting date\" as \"%d/%m/%Y\",\"%Y-%m-%d\" "
                 "amount: column \"Amount\" times 1M stage: column \"S\" {\"Amber/Red\":amber_red \"\":missing otherwise:lower(column \"S\")} }",
                 "remit 1\nimport cost from \"a.csv\" where column \"S\" = \"x\" {\n"
                 "  date: column \"Posting date\" as \"%d/%m/%Y\", \"%Y-%m-%d\"\n  amount: column \"Amount\" times 1M\n"
                 "  stage: column \"S\" { \"Amber/Red\": amber_red  \"\": missing  otherwise: lower(column \"S\") }\n}\n");
    check_format("remit 1 print convert(x,EUR,on date), (from), -x check check a,b", "remit 1\nprint convert(x, EUR, on date), (from), -x\ncheck\ncheck a, b\n");
    check_format("remit 1 why r for X  why not r for \"X 1\" in 2026-W04 why r for X in week( today )", "remit 1\nwhy r for X\nwhy not r for \"X 1\" in 2026-W04\nwhy r for X in week(today)\n");
    check_format("remit 1 for each i in cost where i.a { set i { a: 1 } }", "remit 1\nfor each i in cost where i.a {\n  set i { a: 1 }\n}\n");
}

static void check_brackets(const char *expression, const char *expected) {
    struct reading reading = read_text(expression, PARSE_EXPRESSION);
    struct buffer out = {0};
    const struct node_list *items = &AS(program, PROGRAM, reading.parse.tree)->items;
    CHECK_INT(items->count, 1);
    if (items->count == 1)
        format_expression(&out, AS(evaluate, EVALUATE, items->items[0])->value);
    CHECK_TEXT(buffer_string(&out), expected);
    buffer_free(&out);
    arena_destroy(reading.arena);
}

static void test_brackets(void) {
    check_brackets("((a)) + (b * c)", "a + b * c");
    check_brackets("(a + b) * c", "(a + b) * c");
    check_brackets("a - (b - c)", "a - (b - c)");
    check_brackets("(a - b) - c", "a - b - c");
    check_brackets("(a or b) and c", "(a or b) and c");
    check_brackets("not (a = b)", "not a = b");
    check_brackets("(not a) = b", "(not a) = b");
    check_brackets("(a = b) = c", "(a = b) = c");
    check_brackets("(a ?? b) ?? c", "(a ?? b) ?? c");
    check_brackets("a ?? (b ?? c)", "a ?? b ?? c");
    check_brackets("(a ?? b) > c and d = (e ?? f)", "(a ?? b) > c and d = (e ?? f)");
    check_brackets("a ?? b > c", "(a ?? b) > c");
    check_brackets("(a ?? b) in [c ?? d]", "(a ?? b) in [c ?? d]");
    check_brackets("-(a.b)", "-a.b");
    check_brackets("(-a).b", "(-a).b");
    check_brackets("(a + b)[c]", "(a + b)[c]");
    check_brackets("(if a then b else c) + 1", "(if a then b else c) + 1");
    check_brackets("if a then (b) else (if c then d else e)", "if a then b else if c then d else e");
    check_brackets("count((from cost where a))", "count(from cost where a)");
    check_brackets("sum((from cost show b).b)", "sum((from cost show b).b)");
    check_brackets("exists (a[b])", "exists a[b]");
    check_brackets("(exists a) = b", "exists a = b");
    check_brackets("x at (G at H)", "x at (G at H)");
    check_brackets("(a..b).start", "(a..b).start");
    check_brackets("\"{a}\\{\\\"\\n\"", "\"{a}\\{\\\"\\n\"");
    check_brackets("1 days", "1 day");
    check_brackets("2 day", "2 days");
    check_brackets("[column \"a\" as \"%d\", x]", "[(column \"a\" as \"%d\"), x]");
}

static void test_long_lines(void) {
    check_format("remit 1 define the_day_before(i: initiative, day: date): date? = latest(i.milestones[planned < day] by planned).planned",
                 "remit 1\ndefine the_day_before(i: initiative, day: date): date? =\n  latest(i.milestones[planned < day] by planned).planned\n");
    check_format("remit 1 extend initiative { first_of_its_milestones_that_are_late = earliest(milestones[planned < today and not done] by planned) }",
                 "remit 1\nextend initiative {\n  first_of_its_milestones_that_are_late =\n    earliest(milestones[planned < today and not done] by planned)\n}\n");
    check_format("remit 1 rule r \"R\" { for initiative where stage_of_the_initiative = delivery and budget_of_the_initiative > 1M USD and "
                 "regulator_of_the_initiative is known when first_condition_that_is_long(with, several, arguments) or "
                 "second_condition_that_is_long(with, several, arguments) raise high \"x\" }",
                 "remit 1\nrule r \"R\" {\n"
                 "  for initiative\n"
                 "    where stage_of_the_initiative = delivery\n"
                 "      and budget_of_the_initiative > 1M USD\n"
                 "      and regulator_of_the_initiative is known\n"
                 "  when first_condition_that_is_long(with, several, arguments)\n"
                 "    or second_condition_that_is_long(with, several, arguments)\n"
                 "  raise high \"x\"\n}\n");
    check_format("remit 1 define f(x: int): text = case { | x > 100000 -> \"a text of some length\" | x > 10000 -> \"another text of some length\" | "
                 "otherwise -> \"none of these\" }",
                 "remit 1\ndefine f(x: int): text = case {\n  | x > 100000 -> \"a text of some length\"\n"
                 "  | x > 10000 -> \"another text of some length\"\n  | otherwise -> \"none of these\"\n}\n");
    struct buffer out = format_text("print [aaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbb, cccccccccccccccccccccccccc, ddddddddddddddddddddd, eeeeee], "
                                    "if aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa then bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb else ccccccccccccccccccccccccc");
    buffer_free(&out);
}

/* ---- random trees ---- */

static unsigned random_state = 2026;

static int random_below(int bound) {
    random_state = random_state * 1103515245u + 12345u;
    return (int)((random_state >> 16) % (unsigned)bound);
}

static struct node *named(struct arena *arena, const char *text) {
    struct node *node = node_create(arena, NODE_NAME, (struct span){0, 0, 0});
    ((struct node_name *)node)->text = text;
    return node;
}

static struct node *random_name(struct arena *arena) {
    static const char *const names[] = {"a",  "budget", "from", "where", "by",     "on",   "date", "source", "status", "key",    "at",     "known",
                                        "to", "show",   "sort", "total", "column", "each", "as",   "every",  "until",  "period", "report", "check", "one"};
    return named(arena, names[random_below((int)(sizeof names / sizeof *names))]);
}

static struct node *random_expression(struct arena *arena, int depth);

static struct node *random_literal(struct arena *arena) {
    static const struct {
        enum node_kind kind;
        const char *text;
    } literals[] = {{NODE_INT_LITERAL, "1_000"},     {NODE_DECIMAL_LITERAL, "110%"},       {NODE_DATE_LITERAL, "2026-03-31"},
                    {NODE_PERIOD_LITERAL, "2026Q1"}, {NODE_PERIOD_LITERAL, "2026-W12"},    {NODE_DATETIME_LITERAL, "2026-03-31T17:00"},
                    {NODE_INT_LITERAL, "2k"},        {NODE_DECIMAL_LITERAL, "2.5M"}};
    struct span none = {0, 0, 0};
    int choice = random_below(12);
    if (choice < 8) {
        struct node *node = node_create(arena, literals[choice].kind, none);
        ((struct node_int_literal *)node)->text = literals[choice].text; /* all of these rows are one text */
        return node;
    }
    if (choice == 8) {
        struct node_money_literal *money = (struct node_money_literal *)node_create(arena, NODE_MONEY_LITERAL, none);
        money->amount = "2.4M";
        money->currency = "USD";
        return &money->head;
    }
    if (choice == 9) {
        struct node_quantity *quantity = (struct node_quantity *)node_create(arena, NODE_QUANTITY, none);
        quantity->amount = random_below(2) ? "1" : "30";
        quantity->unit = random_below(UNIT_WORKING_DAY + 1);
        return &quantity->head;
    }
    return node_create(arena, choice == 10 ? NODE_MISSING : NODE_BOOL_LITERAL, none);
}

static struct node *random_text(struct arena *arena, int depth) {
    static const char *const parts[] = {"plain ", "a \"quote\"", "line\nbreak", "{brace} \\", "\xc3\xbc\xe2\x82\xac"};
    struct node_text_literal *text = (struct node_text_literal *)node_create(arena, NODE_TEXT_LITERAL, (struct span){0, 0, 0});
    int count = random_below(4);
    for (int i = 0; i < count; i++) {
        if (i % 2 == 0) {
            struct node *part = node_create(arena, NODE_TEXT_PART, (struct span){0, 0, 0});
            ((struct node_text_part *)part)->text = parts[random_below(5)];
            LIST_ADD(arena, &text->parts, part);
        } else
            LIST_ADD(arena, &text->parts, random_expression(arena, depth - 1));
    }
    return &text->head;
}

static struct node *random_call(struct arena *arena, int depth) {
    struct node_call *call = (struct node_call *)node_create(arena, NODE_CALL, (struct span){0, 0, 0});
    call->callee = named(arena, random_below(2) ? "latest" : "count");
    int count = random_below(4);
    for (int i = 0; i < count; i++) {
        struct node_argument *argument = (struct node_argument *)node_create(arena, NODE_ARGUMENT, (struct span){0, 0, 0});
        int shape = random_below(5);
        if (shape == 1)
            argument->name = named(arena, random_below(2) ? "on" : "threshold");
        if (shape != 4)
            argument->value = random_expression(arena, depth - 1);
        if (shape == 2)
            argument->by = random_expression(arena, depth - 1);
        if (shape >= 3)
            argument->condition = random_expression(arena, depth - 1);
        LIST_ADD(arena, &call->arguments, &argument->head);
    }
    return &call->head;
}

static struct node *random_query(struct arena *arena, int depth) {
    struct span none = {0, 0, 0};
    struct node_query *query = (struct node_query *)node_create(arena, NODE_QUERY, none);
    struct node_source_item *source = (struct node_source_item *)node_create(arena, NODE_SOURCE, none);
    source->collection = random_expression(arena, depth - 1);
    source->binder = random_below(2) ? named(arena, "i") : NULL;
    LIST_ADD(arena, &query->sources, &source->head);
    query->condition = random_below(2) ? random_expression(arena, depth - 1) : NULL;
    for (int i = random_below(3); i > 0; i--) {
        struct node_column *column = (struct node_column *)node_create(arena, NODE_COLUMN, none);
        column->value = random_expression(arena, depth - 1);
        column->label = random_below(2) ? random_name(arena) : NULL;
        LIST_ADD(arena, &query->columns, &column->head);
    }
    if (random_below(2)) {
        struct node_sort *sort = (struct node_sort *)node_create(arena, NODE_SORT, none);
        sort->value = random_expression(arena, depth - 1);
        sort->descending = random_below(2);
        LIST_ADD(arena, &query->order, &sort->head);
    }
    query->take = random_below(3) ? NULL : random_expression(arena, depth - 1);
    query->as_of = random_below(3) ? NULL : random_expression(arena, depth - 1);
    return &query->head;
}

static struct node *random_column_of(struct arena *arena, int depth) {
    struct span none = {0, 0, 0};
    struct node_column_of *column = (struct node_column_of *)node_create(arena, NODE_COLUMN_OF, none);
    column->name = node_create(arena, NODE_TEXT_LITERAL, none);
    for (int i = random_below(3); i > 0; i--) {
        struct node *part = node_create(arena, NODE_TEXT_PART, none), *pattern = node_create(arena, NODE_TEXT_LITERAL, none);
        ((struct node_text_part *)part)->text = "%d/%m";
        LIST_ADD(arena, &((struct node_text_literal *)pattern)->parts, part);
        LIST_ADD(arena, &column->patterns, pattern);
    }
    if (random_below(3) == 0) {
        column->times = node_create(arena, NODE_INT_LITERAL, none);
        ((struct node_int_literal *)column->times)->text = "1M";
    }
    for (int i = random_below(3); i > 0; i--) {
        struct node_case_of *row = (struct node_case_of *)node_create(arena, NODE_CASE_OF, none);
        row->from = random_below(2) ? node_create(arena, NODE_TEXT_LITERAL, none) : named(arena, "otherwise");
        row->to = random_expression(arena, depth - 1);
        LIST_ADD(arena, &column->cases, &row->head);
    }
    return &column->head;
}

static struct node *random_expression(struct arena *arena, int depth) {
    struct span none = {0, 0, 0};
    if (depth <= 0)
        return random_below(2) ? random_name(arena) : random_literal(arena);
    switch (random_below(16)) {
    case 0:
        return random_name(arena);
    case 1: {
        struct node_member *member = (struct node_member *)node_create(arena, NODE_MEMBER, none);
        member->base = random_expression(arena, depth - 1);
        member->name = random_name(arena);
        return &member->head;
    }
    case 2: {
        struct node_filter *filter = (struct node_filter *)node_create(arena, NODE_FILTER, none);
        filter->base = random_expression(arena, depth - 1);
        filter->condition = random_expression(arena, depth - 1);
        return &filter->head;
    }
    case 3:
        return random_call(arena, depth);
    case 4:
        return random_text(arena, depth);
    case 5: {
        struct node_quantifier *quantifier = (struct node_quantifier *)node_create(arena, NODE_QUANTIFIER, none);
        quantifier->negated = random_below(2);
        quantifier->collection = random_expression(arena, depth - 1);
        return &quantifier->head;
    }
    case 6: {
        struct node_list_expression *list = (struct node_list_expression *)node_create(arena, NODE_LIST, none);
        for (int i = random_below(4); i > 0; i--)
            LIST_ADD(arena, &list->items, random_expression(arena, depth - 1));
        return &list->head;
    }
    case 7: {
        struct node_if_expression *node = (struct node_if_expression *)node_create(arena, NODE_IF, none);
        node->condition = random_expression(arena, depth - 1);
        node->then = random_expression(arena, depth - 1);
        node->otherwise = random_expression(arena, depth - 1);
        return &node->head;
    }
    case 8: {
        struct node_case_expression *node = (struct node_case_expression *)node_create(arena, NODE_CASE, none);
        for (int i = 1 + random_below(3); i > 0; i--) {
            struct node_case_row *row = (struct node_case_row *)node_create(arena, NODE_CASE_ROW, none);
            row->condition = random_below(3) ? random_expression(arena, depth - 1) : NULL;
            row->value = random_expression(arena, depth - 1);
            LIST_ADD(arena, &node->rows, &row->head);
        }
        return &node->head;
    }
    case 9: {
        struct node_at *at = (struct node_at *)node_create(arena, NODE_AT, none);
        at->value = random_expression(arena, depth - 1);
        at->time = random_expression(arena, depth - 1);
        return &at->head;
    }
    case 10:
        return random_query(arena, depth);
    case 11:
        return random_column_of(arena, depth);
    case 12: {
        static const enum operator operators[] = {OPERATOR_NOT, OPERATOR_NEGATE, OPERATOR_IS_KNOWN, OPERATOR_IS_MISSING};
        struct node_unary *unary = (struct node_unary *)node_create(arena, NODE_UNARY, none);
        unary->operator = (int)operators[random_below(4)];
        unary->operand = random_expression(arena, depth - 1);
        return &unary->head;
    }
    default: {
        struct node_binary *binary = (struct node_binary *)node_create(arena, NODE_BINARY, none);
        do
            binary->operator = random_below(OPERATOR_COUNT);
        while (binary->operator == OPERATOR_NOT || binary->operator == OPERATOR_NEGATE || binary->operator == OPERATOR_IS_KNOWN ||
               binary->operator == OPERATOR_IS_MISSING);
        binary->left = random_expression(arena, depth - 1);
        binary->right = random_expression(arena, depth - 1);
        return &binary->head;
    }
    }
}

static void test_random_expressions(void) {
    for (int round = 0; round < 4000; round++) {
        struct arena *arena = arena_create();
        struct node *tree = random_expression(arena, 1 + round % 5);
        struct buffer text = {0};
        format_expression(&text, tree);
        if (tree->kind == NODE_NAME && strcmp(text.bytes, "from") == 0) {
            buffer_free(&text);
            arena_destroy(arena);
            continue; /* alone this is the start of a query */
        }
        struct reading reading = read_text(text.bytes, PARSE_EXPRESSION);
        const struct node_list *items = &AS(program, PROGRAM, reading.parse.tree)->items;
        bool is_same = items->count == 1 && node_equal(AS(evaluate, EVALUATE, items->items[0])->value, tree);
        if (!is_same)
            printf("round %d: %s\n", round, text.bytes);
        CHECK(is_same);
        arena_destroy(reading.arena);
        arena_destroy(arena);
        buffer_free(&text);
        if (!unit_ok)
            return;
    }
}

/* Random expressions in the clauses of a program, with comments strewn between: formatted, read again, formatted again. */
static void test_random_programs(void) {
    static const char *const lines[] = {"rule r \"R\" {\n for initiative where ", "\n when ",         "\n let x = ",  "\n raise high }\nreport p \"P\" {\n from a where ",
                                        "\n show b, ",                            "\n keep where ",   "\n take ",     "\n}\nrecord q {\n a = ",
                                        "\n b: text default ",                    "\n}\nset a { b: ", "\n c: ",       "\n}\nprint ",
                                        "\nlet y = ",                             "\ndefine f(): int = ", "\ntest \"t\" {\n on "};
    static const char *const fillers[] = {"", "", "", " # behind\n", "\n# own\n", "\n\n## doc\n", "\n", "  "};
    for (int round = 0; round < 300; round++) {
        struct arena *arena = arena_create();
        struct buffer text = {0};
        for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
            buffer_add_string(&text, lines[i]);
            buffer_add_string(&text, fillers[random_below(8)]);
            struct node *tree = random_expression(arena, 1 + round % 5);
            bool is_from = tree->kind == NODE_NAME && strcmp(((struct node_name *)tree)->text, "from") == 0;
            buffer_add_string(&text, tree->kind == NODE_QUERY || is_from ? "(" : "");
            format_expression(&text, tree);
            buffer_add_string(&text, tree->kind == NODE_QUERY || is_from ? ")" : "");
            buffer_add_string(&text, fillers[random_below(8)]);
        }
        buffer_add_string(&text, "\n}\n");
        struct buffer out = format_text(text.bytes);
        buffer_free(&out);
        buffer_free(&text);
        arena_destroy(arena);
        if (!unit_ok)
            return;
    }
}

static void test_errors_are_left_alone(void) {
    struct arena *arena = arena_create();
    struct source_set *sources = source_set_create(arena);
    struct diagnostics *diagnostics = diagnostics_create(arena, sources);
    static const char text[] = "office  A \"a\" {}\nrule {";
    uint32_t file = source_add(sources, "test.remit", text, strlen(text));
    struct parse parse = parse_source(arena, intern_create(arena), diagnostics, file, PARSE_PROGRAM);
    struct buffer out = {0};
    CHECK(format_program(&out, &parse, text));
    CHECK_TEXT(buffer_string(&out), text);
    buffer_free(&out);
    arena_destroy(arena);
}

int main(void) {
    RUN(test_policy_set);
    RUN(test_language_line);
    RUN(test_comments);
    RUN(test_commands);
    RUN(test_brackets);
    RUN(test_long_lines);
    RUN(test_random_expressions);
    RUN(test_random_programs);
    RUN(test_errors_are_left_alone);
    return UNIT_END("format_program");
}
