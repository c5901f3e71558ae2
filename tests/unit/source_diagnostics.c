/* Sources, places in them, the table of messages, and diagnostics as they are drawn. */
#include "lang/base/arena.h"
#include "lang/base/limits.h"
#include "lang/base/text.h"
#include "lang/source/diagnostics.h"
#include "tests/unit/unit.h"

#include <ctype.h>
#include <stdlib.h>

/* A program of one file, and what is said about it. */
struct world {
    struct arena *arena;
    struct source_set *sources;
    struct diagnostics *list;
};

static struct world world_create(void) {
    struct world world = {.arena = arena_create()};
    world.sources = source_set_create(world.arena);
    world.list = diagnostics_create(world.arena, world.sources);
    return world;
}

static uint32_t add(struct world *world, const char *path, const char *text) {
    return source_add(world->sources, path, text, strlen(text));
}

/* The span of the first place where a text stands. */
static struct span find(const struct world *world, uint32_t file, const char *part) {
    const struct source *source = source_get(world->sources, file);
    const char *at = strstr(source->text, part);
    CHECK(at != NULL);
    uint32_t start = at ? (uint32_t)(at - source->text) : 0;
    return (struct span){start, start + (uint32_t)strlen(part), file};
}

static const char *drawn(const struct world *world, const struct diagnostic *diagnostic) {
    struct buffer out = {0};
    diagnostic_draw(&out, world->list, diagnostic, false);
    const char *text = arena_copy(world->arena, out.bytes, out.length);
    buffer_free(&out);
    return text;
}

/* ---- sources ---- */

static void check_place(const struct world *world, uint32_t file, uint32_t offset, uint32_t line, uint32_t column) {
    struct place place = source_place(world->sources, file, offset);
    CHECK_INT(place.line, line);
    CHECK_INT(place.column, column);
}

static void test_sources(void) {
    struct world world = world_create();
    char text[] = "one\ntwo";
    uint32_t first = source_add(world.sources, "first.remit", text, 7);
    memset(text, 'x', 7); /* the set keeps a copy */
    CHECK_INT(first, 0);
    for (uint32_t i = 1; i < 100; i++)
        CHECK_INT(add(&world, "more.remit", "a\n"), i);
    const struct source *source = source_get(world.sources, first);
    CHECK_TEXT(source->path, "first.remit");
    CHECK_TEXT(source->text, "one\ntwo");
    CHECK_INT(source->length, 7);
    CHECK_INT(source->line_count, 2);
    CHECK_INT(source->line_starts[0], 0);
    CHECK_INT(source->line_starts[1], 4);
    CHECK_INT(source_get(world.sources, 99)->line_count, 2);
    uint32_t zero = source_add(world.sources, "zero", "a\0b\nc", 5); /* a zero byte does not end a text */
    CHECK_INT(source_get(world.sources, zero)->line_count, 2);
    arena_destroy(world.arena);
}

static void test_places(void) {
    struct world world = world_create();
    uint32_t file = add(&world, "a", "ab\n\ncö東d\n");
    check_place(&world, file, 0, 1, 1);
    check_place(&world, file, 1, 1, 2);
    check_place(&world, file, 2, 1, 3); /* the line break belongs to its line */
    check_place(&world, file, 3, 2, 1);
    check_place(&world, file, 4, 3, 1);
    check_place(&world, file, 5, 3, 2);
    check_place(&world, file, 7, 3, 3); /* code points, not bytes */
    check_place(&world, file, 10, 3, 4);
    check_place(&world, file, 11, 3, 5);
    check_place(&world, file, 12, 4, 1); /* the end, after the last line break */
    check_place(&world, file, 4000000000u, 4, 1);
    uint32_t empty = add(&world, "b", "");
    check_place(&world, empty, 0, 1, 1);
    CHECK_INT(source_get(world.sources, empty)->line_count, 1);
    uint32_t marked = add(&world, "c", "\xEF\xBB\xBF" "ab\ncd"); /* an editor does not count the byte-order mark */
    check_place(&world, marked, 0, 1, 1);
    check_place(&world, marked, 3, 1, 1);
    check_place(&world, marked, 4, 1, 2);
    check_place(&world, marked, 6, 2, 1);
    arena_destroy(world.arena);
}

/* Every offset of a text of many lines, against counting from the start. */
static void test_places_against_counting(void) {
    struct world world = world_create();
    struct buffer text = {0};
    for (int i = 0; i < 300; i++) {
        buffer_add_repeated(&text, 'x', i * 7 % 23);
        buffer_add_char(&text, '\n');
    }
    uint32_t file = source_add(world.sources, "a", text.bytes, text.length);
    uint32_t line = 1, column = 1;
    for (uint32_t offset = 0; offset <= text.length; offset++) {
        check_place(&world, file, offset, line, column);
        column++;
        if (offset < text.length && text.bytes[offset] == '\n') {
            line++;
            column = 1;
        }
    }
    buffer_free(&text);
    arena_destroy(world.arena);
}

static void test_span_join(void) {
    struct span joined = span_join((struct span){3, 5, 2}, (struct span){8, 11, 2});
    CHECK(joined.start == 3 && joined.end == 11 && joined.file == 2);
    joined = span_join((struct span){3, 9, 1}, (struct span){4, 5, 1});
    CHECK(joined.start == 3 && joined.end == 9);
}

/* ---- the table ---- */

static void test_table(void) {
    struct arena *arena = arena_create();
    for (int i = 0; i < DIAG_COUNT; i++) {
        enum diagnostic_code code = (enum diagnostic_code)i;
        const char *text = diagnostic_code_text(arena, code), *format = diagnostic_format(code), *help = diagnostic_help(code);
        size_t length = strlen(format);
        bool good = strlen(text) == 5 && text[0] == 'R' && strcmp(text, "R0000") > 0 && strcmp(text, "R0800") < 0;
        good = good && diagnostic_code_parse(text) == code; /* fails for the second of two rows with one number */
        good = good && length && format[length - 1] != '.' && !strchr(format, '\n') && !isspace((unsigned char)format[0]);
        good = good && strlen(help) > 20 && !isspace((unsigned char)help[strlen(help) - 1]);
        good = good && text_find_bad_utf8(format, length) == length && text_find_bad_utf8(help, strlen(help)) == strlen(help);
        if (!good)
            CHECK_TEXT(text, format);
    }
    arena_destroy(arena);
}

static void test_code_parse(void) {
    struct arena *arena = arena_create();
    CHECK_TEXT(diagnostic_code_text(arena, DIAG_UNKNOWN_NAME), "R0100");
    CHECK_INT(diagnostic_code_parse("R0100"), DIAG_UNKNOWN_NAME);
    CHECK_INT(diagnostic_code_parse("r0100"), DIAG_UNKNOWN_NAME);
    CHECK_INT(diagnostic_code_parse("r100"), DIAG_UNKNOWN_NAME);
    CHECK_INT(diagnostic_code_parse("100"), DIAG_UNKNOWN_NAME);
    static const char *const bad[] = {"", "R", "R0000", "R9999", "Rx", "R0100x", "R 100", "R+100", "R-100", " R100", "R0100 ", "RR100", "E0100", "R4294967396", "R18446744073709551716",
                                      "R99999999999999999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (diagnostic_code_parse(bad[i]) != DIAG_COUNT)
            CHECK_TEXT(bad[i], "refused");
    arena_destroy(arena);
}

/* ---- the list ---- */

static void test_add(void) {
    struct world world = world_create();
    uint32_t file = add(&world, "a.remit", "when bugdet > 1");
    struct span span = find(&world, file, "bugdet");
    struct diagnostic *one = diagnostic_add(world.list, DIAG_UNKNOWN_FIELD, span, "bugdet", "initiative");
    CHECK_TEXT(one->message, "there is no `bugdet` in initiative");
    CHECK_INT(one->code, DIAG_UNKNOWN_FIELD);
    CHECK_INT(one->severity, SEVERITY_ERROR);
    CHECK(one->hint == NULL && one->second_label == NULL);
    CHECK_INT(world.list->error_count, 1);
    diagnostic_hint(world.list, one, "did you mean `%s`?", "budget");
    CHECK_TEXT(one->hint, "did you mean `budget`?");
    diagnostic_second(world.list, one, (struct span){1, 2, file}, "`%s` is declared here", "spent");
    CHECK_TEXT(one->second_label, "`spent` is declared here");
    CHECK_INT(one->second.start, 1);
    char *name = arena_format(world.arena, "%*s", 5000, "n"); /* a message has no greatest length */
    CHECK_INT(strlen(diagnostic_add(world.list, DIAG_UNKNOWN_NAME, span, name)->message), strlen("there is no `` here") + 5000);
    CHECK_INT(world.list->error_count, 2);
    CHECK_INT(world.list->list.count, 2);
    arena_destroy(world.arena);
}

/* Only errors are counted as errors. */
static void test_severities(void) {
    struct world world = world_create();
    uint32_t file = add(&world, "a.remit", "x");
    for (int i = 0; i < DIAG_COUNT; i++) {
        const char *format = diagnostic_format((enum diagnostic_code)i);
        if (strchr(format, '%'))
            continue; /* takes arguments */
        int errors = world.list->error_count;
        struct diagnostic *one = diagnostic_add(world.list, (enum diagnostic_code)i, (struct span){0, 1, file});
        CHECK_TEXT(one->message, format);
        CHECK_INT(world.list->error_count - errors, one->severity == SEVERITY_ERROR);
        const char *start = one->severity == SEVERITY_ERROR ? "error[" : one->severity == SEVERITY_WARNING ? "warning[" : "note[";
        CHECK(text_starts(drawn(&world, one), start));
    }
    arena_destroy(world.arena);
}

static void test_sort(void) {
    enum { COUNT = 2000 };
    struct world world = world_create();
    for (int i = 0; i < 3; i++)
        add(&world, "a.remit", "some text of a policy");
    diagnostics_sort(world.list); /* of none */
    uint32_t state = 99;
    for (int i = 0; i < COUNT; i++) {
        state = state * 1664525u + 1013904223u;
        struct span span = {state >> 16 & 15, 20, state >> 24 & 1 ? 2 : state >> 28 & 1};
        diagnostic_add(world.list, DIAG_UNKNOWN_NAME, span, arena_format(world.arena, "%04d", i));
    }
    diagnostics_sort(world.list);
    CHECK_INT(world.list->list.count, COUNT);
    for (int i = 1; i < COUNT; i++) {
        const struct diagnostic *a = world.list->list.items[i - 1], *b = world.list->list.items[i];
        bool in_order = a->span.file < b->span.file || (a->span.file == b->span.file && (a->span.start < b->span.start ||
                        (a->span.start == b->span.start && strcmp(a->message, b->message) < 0))); /* equals stay as they came */
        if (!in_order)
            CHECK(in_order);
    }
    diagnostic_add(world.list, DIAG_UNKNOWN_NAME, (struct span){0, 1, 0}, "last"); /* more can be added to a sorted list */
    diagnostics_sort(world.list);
    CHECK_INT(world.list->list.count, COUNT + 1);
    arena_destroy(world.arena);
}

/* A list from the end to the start, as long as a large file could make it, is sorted at once. */
static void test_sort_of_many(void) {
    enum { COUNT = 200000 };
    struct world world = world_create();
    add(&world, "a.remit", "x");
    for (int i = 0; i < COUNT; i++)
        diagnostic_add(world.list, DIAG_UNKNOWN_NAME, (struct span){(uint32_t)(COUNT - i), COUNT, 0}, "x");
    diagnostics_sort(world.list);
    int wrong = 0;
    for (int i = 0; i < COUNT; i++)
        wrong += world.list->list.items[i]->span.start != (uint32_t)i + 1;
    CHECK_INT(wrong, 0);
    arena_destroy(world.arena);
}

/* ---- drawing ---- */

static struct diagnostic *about(struct world *world, struct span span) { /* a message without advice of its own */
    return diagnostic_add(world->list, DIAG_MISSPELT_WORD, span, "`when`", "`x`");
}

/* What is drawn of one file about one part of it, without the first line. */
static void check_drawn(const char *text, const char *part, const char *hint, const char *expected) {
    struct world world = world_create();
    uint32_t file = add(&world, "p.remit", text);
    struct diagnostic *one = about(&world, find(&world, file, part));
    if (hint)
        diagnostic_hint(world.list, one, "%s", hint);
    const char *all = drawn(&world, one), *first = "error[R0004]: expected `when`, but found `x`\n";
    CHECK(text_starts(all, first));
    CHECK_TEXT(all + strlen(first), expected);
    arena_destroy(world.arena);
}

static void test_draw(void) {
    struct world world = world_create();
    uint32_t file = add(&world, "policy/spend.remit", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n  when bugdet > 1M USD\n");
    struct span span = find(&world, file, "bugdet");
    struct diagnostic *one = diagnostic_add(world.list, DIAG_UNKNOWN_FIELD, span, "bugdet", "initiative");
    diagnostic_hint(world.list, one, "did you mean `budget`?");
    CHECK_TEXT(drawn(&world, one), "error[R0101]: there is no `bugdet` in initiative\n"
                                   "  --> policy/spend.remit:12:8\n"
                                   "   |\n"
                                   "12 |   when bugdet > 1M USD\n"
                                   "   |        ^^^^^^ did you mean `budget`?\n"
                                   "   |\n");
    arena_destroy(world.arena);
}

static void test_draw_hints(void) {
    check_drawn("when x", "x", NULL, " --> p.remit:1:6\n  |\n1 | when x\n  |      ^\n  |\n");
    check_drawn("when x", "x", "did you mean `y`?", " --> p.remit:1:6\n  |\n1 | when x\n  |      ^ did you mean `y`?\n  |\n");
    check_drawn("when x", "x", "Names are declared in records, in extensions, or with `define`.",
                " --> p.remit:1:6\n  |\n1 | when x\n  |      ^\n  = Names are declared in records, in extensions, or with `define`.\n  |\n");
}

static void test_draw_columns(void) {
    check_drawn("\twhen x", "x", NULL, " --> p.remit:1:7\n  |\n1 |     when x\n  |          ^\n  |\n");
    check_drawn("ab\tx\ty", "x\ty", NULL, " --> p.remit:1:4\n  |\n1 | ab  x   y\n  |     ^^^^^\n  |\n");
    check_drawn("東京 x", "x", NULL, " --> p.remit:1:4\n  |\n1 | 東京 x\n  |      ^\n  |\n");
    check_drawn("a 東京 x", "東京", NULL, " --> p.remit:1:3\n  |\n1 | a 東京 x\n  |   ^^^^\n  |\n");
    check_drawn("Zu\xCC\x88rich x", "x", NULL, " --> p.remit:1:9\n  |\n1 | Zu\xCC\x88rich x\n  |        ^\n  |\n");
    check_drawn("é x", "x", NULL, " --> p.remit:1:3\n  |\n1 | é x\n  |   ^\n  |\n");
}

static void test_draw_lines(void) {
    check_drawn("rule a {\n  when x\n}\nrest", "a {\n  when x\n}", NULL, " --> p.remit:1:6\n  |\n1 | rule a {\n  |      ^^^\n  |\n"); /* the first line of many */
    check_drawn("one x\r\ntwo\r\n", "x", NULL, " --> p.remit:1:5\n  |\n1 | one x\n  |     ^\n  |\n");
    check_drawn("one x\r\ntwo\r\n", "x\r\ntwo", NULL, " --> p.remit:1:5\n  |\n1 | one x\n  |     ^\n  |\n");
    check_drawn("one\ntwo", "\ntwo", NULL, " --> p.remit:1:4\n  |\n1 | one\n  |    ^\n  |\n"); /* from a line break on */
    check_drawn("\xEF\xBB\xBFwhen x", "x", NULL, " --> p.remit:1:6\n  |\n1 | when x\n  |      ^\n  |\n");
    check_drawn("\xEF\xBB\xBFwhen x", "\xEF\xBB\xBFwhen", NULL, " --> p.remit:1:1\n  |\n1 | when x\n  | ^^^^\n  |\n");
}

static void check_drawn_at(const char *text, size_t length, uint32_t start, uint32_t end, const char *expected) {
    struct world world = world_create();
    uint32_t file = source_add(world.sources, "p.remit", text, length);
    const char *all = drawn(&world, about(&world, (struct span){start, end, file}));
    CHECK_TEXT(all + strlen("error[R0004]: expected `when`, but found `x`\n"), expected);
    arena_destroy(world.arena);
}

static void test_draw_at_the_end(void) {
    check_drawn_at("", 0, 0, 0, " --> p.remit:1:1\n  |\n1 | \n  | ^\n  |\n");
    check_drawn_at("when", 4, 4, 4, " --> p.remit:1:5\n  |\n1 | when\n  |     ^\n  |\n");
    check_drawn_at("when", 4, 2, 4, " --> p.remit:1:3\n  |\n1 | when\n  |   ^^\n  |\n");
    check_drawn_at("when\n", 5, 5, 5, " --> p.remit:2:1\n  |\n2 | \n  | ^\n  |\n");
    check_drawn_at("when\n", 5, 0, 5, " --> p.remit:1:1\n  |\n1 | when\n  | ^^^^\n  |\n");
    check_drawn_at("when", 4, 4, 9, " --> p.remit:1:5\n  |\n1 | when\n  |     ^\n  |\n"); /* past the end */
    check_drawn_at("when", 4, 90, 99, " --> p.remit:1:5\n  |\n1 | when\n  |     ^\n  |\n");
    check_drawn_at("when x", 6, 5, 5, " --> p.remit:1:6\n  |\n1 | when x\n  |      ^\n  |\n"); /* a point */
    check_drawn_at("\n\n", 2, 1, 1, " --> p.remit:2:1\n  |\n2 | \n  | ^\n  |\n");
}

/* What could change the terminal, or hide what a line says, is drawn as a dot; what is not UTF-8 as a replacement character. */
static void test_draw_strange_bytes(void) {
    check_drawn_at("a\033[1mb", 6, 5, 6, " --> p.remit:1:6\n  |\n1 | a.[1mb\n  |      ^\n  |\n");
    check_drawn_at("a\0b", 3, 2, 3, " --> p.remit:1:3\n  |\n1 | a.b\n  |   ^\n  |\n");
    check_drawn_at("a\0\x80" "b", 4, 3, 4, " --> p.remit:1:3\n  |\n1 | a\xEF\xBF\xBD" "b\n  |   ^\n  |\n");
    check_drawn_at("a\177\rb", 4, 3, 4, " --> p.remit:1:4\n  |\n1 | a..b\n  |    ^\n  |\n");
    check_drawn_at("a\xC2\x9B" "b", 4, 3, 4, " --> p.remit:1:3\n  |\n1 | a.b\n  |   ^\n  |\n");
    check_drawn_at("a\xE2\x80\xAE" "b", 5, 4, 5, " --> p.remit:1:3\n  |\n1 | a.b\n  |   ^\n  |\n");
    check_drawn_at("a\xE2\x81\xA6" "b\xE2\x81\xA9", 8, 4, 5, " --> p.remit:1:3\n  |\n1 | a.b.\n  |   ^\n  |\n");
    check_drawn_at("caf\xE9 x", 6, 3, 4, " --> p.remit:1:4\n  |\n1 | caf\xEF\xBF\xBD x\n  |    ^\n  |\n");
    check_drawn_at("a\xF0\x9F\x98", 4, 1, 4, " --> p.remit:1:2\n  |\n1 | a\xEF\xBF\xBD\n  |  ^\n  |\n"); /* cut short at the end */
    struct world world = world_create();
    uint32_t file = add(&world, "p\033.remit", "x");
    struct diagnostic *one = diagnostic_add(world.list, DIAG_UNKNOWN_NAME, (struct span){0, 1, file}, "a\nb\033[2J");
    diagnostic_hint(world.list, one, "did you mean\r`c`?");
    diagnostic_second(world.list, one, (struct span){0, 1, file}, "here\ttoo");
    CHECK_TEXT(drawn(&world, one), "error[R0100]: there is no `a.b.[2J` here\n --> p..remit:1:1\n  |\n1 | x\n  | ^ did you mean.`c`?\n1 | x\n  | ~ here.too\n  |\n");
    arena_destroy(world.arena);
}

/* Without a hint of its own a message has the first sentences of its explanation, and the example where that is one line. */
static void test_advice(void) {
    struct world world = world_create();
    uint32_t file = add(&world, "p.remit", "where stage == delivery");
    struct diagnostic *one = diagnostic_add(world.list, DIAG_DOUBLED_EQUALS, (struct span){12, 14, file});
    CHECK(strstr(drawn(&world, one), "\n  = Equality is written with one equals sign. Example: `where stage = delivery`\n  |\n") != NULL);
    CHECK_TEXT(diagnostic_advice(world.arena, DIAG_COMPARISON_CHAIN), "Compare twice and join the two with `and`, or ask for a range."); /* its example has two lines */
    CHECK_TEXT(diagnostic_advice(world.arena, DIAG_SECOND_KEY), diagnostic_help(DIAG_SECOND_KEY));
    CHECK(diagnostic_advice(world.arena, DIAG_UNEXPECTED) == NULL);
    for (int i = 0; i < DIAG_COUNT; i++) {
        const char *advice = diagnostic_advice(world.arena, (enum diagnostic_code)i);
        CHECK(advice == NULL || (advice[0] && !strchr(advice, '\n')));
    }
    arena_destroy(world.arena);
}

static void test_draw_second_place(void) {
    struct world world = world_create();
    uint32_t file = add(&world, "p.remit", "define a = 1\ndefine b = 2\ndefine a = 3\n");
    uint32_t other = add(&world, "lib/q.remit", "\n\ndefine a = 4\n");
    struct span first = {7, 8, file}, third = {33, 34, file}, elsewhere = {9, 10, other};
    struct diagnostic *later = about(&world, third);
    diagnostic_second(world.list, later, first, "`a` is declared here");
    CHECK_TEXT(drawn(&world, later), "error[R0004]: expected `when`, but found `x`\n --> p.remit:3:8\n  |\n1 | define a = 1\n  |        ~ `a` is declared here\n3 | define a = 3\n  |        ^\n  |\n");
    struct diagnostic *earlier = about(&world, first);
    diagnostic_second(world.list, earlier, third, "and again here");
    diagnostic_hint(world.list, earlier, "One of the two has to go, for a name stands for one thing alone.");
    CHECK_TEXT(drawn(&world, earlier), "error[R0004]: expected `when`, but found `x`\n --> p.remit:1:8\n  |\n1 | define a = 1\n  |        ^\n3 | define a = 3\n  |        ~ and again here\n"
                                       "  = One of the two has to go, for a name stands for one thing alone.\n  |\n");
    struct diagnostic *far = about(&world, first);
    diagnostic_second(world.list, far, elsewhere, "declared here");
    CHECK_TEXT(drawn(&world, far), "error[R0004]: expected `when`, but found `x`\n --> p.remit:1:8\n  |\n1 | define a = 1\n  |        ^\n ::: lib/q.remit:3:8\n3 | define a = 4\n  |        ~ declared here\n  |\n");
    arena_destroy(world.arena);
}

/* The second line of a drawing's lines that begin with a gutter: the source line, and the line of marks under it. */
static void split_drawing(const char *all, char *line, char *marks, size_t size) {
    const char *at = all;
    for (int i = 0; i < 3; i++)
        at = strchr(at, '\n') + 1;
    snprintf(line, size, "%.*s", (int)(strchr(at, '\n') - at), at);
    at = strchr(at, '\n') + 1;
    snprintf(marks, size, "%.*s", (int)(strchr(at, '\n') - at), at);
}

/* Columns before a byte of a drawn line. */
static int columns_before(const char *line, const char *at) {
    return text_width(line, (size_t)(at - line));
}

static void test_draw_long_lines(void) {
    static const char *const fillers[] = {"word ", "\t", "東京 ", "é"};
    char line[2000], marks[2000];
    for (size_t f = 0; f < sizeof fillers / sizeof *fillers; f++)
        for (int before = 0; before < 200; before++)
            for (int after = 0; after <= 200; after += 100) {
                struct world world = world_create();
                struct buffer text = {0};
                for (int i = 0; i < before; i++)
                    buffer_add_string(&text, fillers[f]);
                buffer_add_string(&text, "HERE");
                for (int i = 0; i < after; i++)
                    buffer_add_string(&text, fillers[f]);
                uint32_t file = source_add(world.sources, "p", text.bytes, text.length);
                split_drawing(drawn(&world, about(&world, find(&world, file, "HERE"))), line, marks, sizeof line);
                const char *here = strstr(line, "HERE");
                CHECK(here != NULL); /* the marked part is always to be seen */
                CHECK(text_width(line, strlen(line)) <= 4 + 120 + 3);
                CHECK(strstr(marks, "^^^^") != NULL && strstr(marks, "^^^^^") == NULL);
                if (here)
                    CHECK_INT(columns_before(line, here), strstr(marks, "^") - marks);
                buffer_free(&text);
                arena_destroy(world.arena);
            }
}

static void test_draw_long_marks(void) {
    struct world world = world_create();
    struct buffer text = {0};
    buffer_add_repeated(&text, 'x', 5000);
    uint32_t file = source_add(world.sources, "p", text.bytes, text.length);
    char line[2000], marks[2000];
    for (uint32_t start = 0; start < 5000; start += 499) {
        split_drawing(drawn(&world, about(&world, (struct span){start, 5000, file})), line, marks, sizeof line);
        CHECK(text_width(line, strlen(line)) <= 4 + 121);
        CHECK(text_width(marks, strlen(marks)) <= 4 + 121);
        CHECK(strchr(marks, '^') != NULL);
    }
    buffer_free(&text);
    arena_destroy(world.arena);
}

static void test_draw_color(void) {
    struct world world = world_create();
    uint32_t file = add(&world, "p.remit", "when x");
    struct diagnostic *one = about(&world, find(&world, file, "x"));
    struct buffer out = {0}, bare = {0};
    diagnostic_draw(&out, world.list, one, true);
    CHECK(strstr(out.bytes, "\033[1;31merror[R0004]\033[0m") != NULL);
    for (const char *at = out.bytes; *at; at++) { /* without the colours it is the plain drawing */
        if (*at == '\033')
            at = strchr(at, 'm');
        else
            buffer_add_char(&bare, *at);
    }
    CHECK_TEXT(buffer_string(&bare), drawn(&world, one));
    buffer_free(&out);
    buffer_free(&bare);
    arena_destroy(world.arena);
}

static int count_of(const char *text, const char *part) {
    int count = 0;
    for (; (text = strstr(text, part)) != NULL; text++)
        count++;
    return count;
}

static void test_draw_all(void) {
    for (int count = LIMIT_DIAGNOSTICS_SHOWN - 1; count <= LIMIT_DIAGNOSTICS_SHOWN + 3; count++) {
        struct world world = world_create();
        uint32_t file = add(&world, "p.remit", "when x");
        for (int i = 0; i < count; i++)
            about(&world, find(&world, file, "x"));
        struct buffer out = {0};
        diagnostics_draw(&out, world.list, false);
        int shown = count < LIMIT_DIAGNOSTICS_SHOWN ? count : LIMIT_DIAGNOSTICS_SHOWN;
        CHECK_INT(count_of(out.bytes, "error[R0004]"), shown);
        const char *rest = arena_format(world.arena, "… and %d more\n", count - shown);
        CHECK_INT(text_ends(out.bytes, rest), count > shown);
        buffer_free(&out);
        arena_destroy(world.arena);
    }
    struct world world = world_create();
    struct buffer out = {0};
    diagnostics_draw(&out, world.list, false);
    CHECK_TEXT(buffer_string(&out), "");
    arena_destroy(world.arena);
}

/* Any bytes and any spans: something is marked, no line is cut open, nothing but lines of well-formed text comes out. */
static void test_draw_anything(void) {
    static const char alphabet[] = "ab \t\n\n\r\0\033\xC3\xA9\xE6\x9D\xB1\xF0\x9F\x98\x80\xCC\x88\xFF\xEF\xBB\xBF";
    uint32_t state = 4711;
    for (int turn = 0; turn < 3000; turn++) {
        struct world world = world_create();
        char text[400];
        state = state * 1664525u + 1013904223u;
        uint32_t length = (state >> 16) % (turn % 10 ? 30 : 400);
        for (uint32_t i = 0; i < length; i++) {
            state = state * 1664525u + 1013904223u;
            text[i] = alphabet[(state >> 16) % (sizeof alphabet - 1)];
        }
        uint32_t file = source_add(world.sources, "p", text, length);
        for (int i = 0; i < 8; i++) {
            state = state * 1664525u + 1013904223u;
            uint32_t start = (state >> 8) % (length + 2), end = start + (state >> 24) % 9;
            struct diagnostic *one = about(&world, (struct span){start, end, file});
            diagnostic_second(world.list, one, (struct span){end, end + 3, file}, "here");
            const char *all = drawn(&world, one);
            CHECK(strchr(all, '^') != NULL && strchr(all, '~') != NULL);
            CHECK_INT(text_find_bad_utf8(all, strlen(all)), strlen(all));
            CHECK_INT(count_of(all, "\n"), 8);
            bool plain = true;
            for (const char *at = all; *at; at++)
                plain = plain && ((unsigned char)*at >= 0x20 || *at == '\n') && *at != 0x7F;
            CHECK(plain);
        }
        arena_destroy(world.arena);
    }
}

int main(void) {
    RUN(test_sources);
    RUN(test_places);
    RUN(test_places_against_counting);
    RUN(test_span_join);
    RUN(test_table);
    RUN(test_code_parse);
    RUN(test_add);
    RUN(test_severities);
    RUN(test_sort);
    RUN(test_sort_of_many);
    RUN(test_draw);
    RUN(test_draw_hints);
    RUN(test_advice);
    RUN(test_draw_columns);
    RUN(test_draw_lines);
    RUN(test_draw_at_the_end);
    RUN(test_draw_strange_bytes);
    RUN(test_draw_second_place);
    RUN(test_draw_long_lines);
    RUN(test_draw_long_marks);
    RUN(test_draw_color);
    RUN(test_draw_all);
    RUN(test_draw_anything);
    return UNIT_END("source_diagnostics");
}
