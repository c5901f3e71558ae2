/* The fuzzer's entry: any bytes through lexer, parser, checker and formatter; what is right also through lint, and its rules and mandates into
 * plain sentences. What is formatted must read back as the same tree; what lint mends must be readable.
 * The standard library is checked once and kept for many inputs, as a session keeps it: what an input declares is taken back when the input is wrong. After one that is right
 * everything is made anew, and now and then in any case. */
#include "lang/base/text.h"
#include "lang/check/check.h"
#include "lang/check/stdlib_text.h"
#include "lang/format/format.h"
#include "lang/lint/lint.h"
#include "lang/prose/prose.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { INPUTS_KEPT = 200, BYTES_KEPT = 64 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is kept. */
static struct arena *arena;
static struct intern *names;
static struct source_set *sources;
static struct diagnostics *diagnostics;
static struct checker *checker;
static int inputs;

static struct node *parse_module(const char *name) {
    for (const struct stdlib_module *module = stdlib_modules; module->name; module++)
        if (strcmp(module->name, name) == 0)
            return parse_source(arena, names, diagnostics, source_add(sources, name, module->text, module->length), PARSE_PROGRAM).tree;
    abort();
}

static void start(void) {
    arena = arena_create();
    names = intern_create(arena);
    sources = source_set_create(arena);
    diagnostics = diagnostics_create(arena, sources);
    checker = checker_create(arena, names, diagnostics, NULL);
    struct check_input library[] = {{parse_module("prelude"), false, true, false}, {parse_module("pmo"), false, true, false}};
    if (checker_add(checker, library, 2) != 0)
        abort();
    inputs = 0;
}

/* Lint, with all its rules; what it mends can still be read. */
static void lint(const struct parse *parse, uint32_t file) {
    struct lint_file lint_file = {file, parse->tree, &parse->comments, false};
    struct lint_input input = {.program = checker_program(checker), .sources = sources, .files = &lint_file, .file_count = 1, .today = 20000};
    struct lint_findings findings = lint_run(arena, &input, diagnostics);
    const char *mended = lint_mended(arena, &findings, sources, file, NULL);
    if (!mended)
        return;
    struct diagnostics *unheard = diagnostics_create(arena, sources);
    if (parse_source(arena, names, unheard, source_add(sources, "mended.remit", mended, strlen(mended)), PARSE_PROGRAM).error_count)
        abort();
}

static void tell(struct node *item) {
    struct buffer out = {0};
    const struct program *program = checker_program(checker);
    struct prose prose = {.arena = arena, .program = program, .sources = sources};
    if (item->kind == NODE_MANDATE) {
        const struct tmandate *mandate = program_find_mandate(program, AS(name, NAME, AS(mandate, MANDATE, item)->name)->text);
        prose.record = mandate ? mandate->record : NULL;
        prose_mandate(&out, &prose, "office", item);
    } else if (item->kind == NODE_RULE) {
        const struct trule *rule = program_find_rule(program, AS(name, NAME, AS(rule, RULE, item)->name)->text);
        prose.record = rule ? rule->record : NULL;
        prose_rule(&out, &prose, item);
    }
    if (text_find_bad_utf8(buffer_string(&out), out.length) < out.length)
        abort();
    buffer_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!arena)
        start();
    uint32_t file = source_add(sources, "input.remit", (const char *)data, size);
    struct parse parse = parse_source(arena, names, diagnostics, file, PARSE_PROGRAM);
    struct check_input input = {parse.tree, true, false, parse.error_count > 0};
    bool is_right = checker_add(checker, &input, 1) == 0;
    struct buffer out = {0};
    if (parse.error_count == 0 && !format_program(&out, &parse, source_get(sources, file)->text))
        abort();
    if (is_right && parse.error_count == 0) {
        lint(&parse, file);
        struct node_list items = AS(program, PROGRAM, parse.tree)->items;
        for (int i = 0; i < items.count; i++)
            tell(items.items[i]);
    }
    buffer_clear(&out);
    diagnostics_sort(diagnostics);
    diagnostics_draw(&out, diagnostics, true);
    buffer_free(&out);
    diagnostics->list.count = 0;
    diagnostics->error_count = 0;
    if (is_right || ++inputs == INPUTS_KEPT || arena_used(arena) > BYTES_KEPT) {
        arena_destroy(arena);
        arena = NULL;
    }
    return 0;
}
