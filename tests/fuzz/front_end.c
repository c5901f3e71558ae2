/* The fuzzer's entry: any bytes through lexer, parser, checker and formatter. What is formatted must read back as the same tree. */
#include "lang/base/text.h"
#include "lang/check/check.h"
#include "lang/check/stdlib_text.h"
#include "lang/format/format.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct node *parse_module(struct arena *arena, struct intern *names, struct source_set *sources, struct diagnostics *diagnostics, const char *name) {
    for (const struct stdlib_module *module = stdlib_modules; module->name; module++)
        if (strcmp(module->name, name) == 0)
            return parse_source(arena, names, diagnostics, source_add(sources, name, module->text, module->length), PARSE_PROGRAM).tree;
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena *arena = arena_create();
    struct intern *names = intern_create(arena);
    struct source_set *sources = source_set_create(arena);
    struct diagnostics *diagnostics = diagnostics_create(arena, sources);
    struct checker *checker = checker_create(arena, names, diagnostics, NULL);
    struct check_input library[] = {{parse_module(arena, names, sources, diagnostics, "prelude"), false, true, false}, {parse_module(arena, names, sources, diagnostics, "pmo"), false, true, false}};
    checker_add(checker, library, 2);
    uint32_t file = source_add(sources, "input.remit", (const char *)data, size);
    struct parse parse = parse_source(arena, names, diagnostics, file, PARSE_PROGRAM);
    struct check_input input = {parse.tree, true, false, parse.error_count > 0};
    checker_add(checker, &input, 1);
    struct buffer out = {0};
    if (parse.error_count == 0 && !format_program(&out, &parse, source_get(sources, file)->text))
        abort();
    buffer_clear(&out);
    diagnostics_sort(diagnostics);
    diagnostics_draw(&out, diagnostics, true);
    buffer_free(&out);
    arena_destroy(arena);
    return 0;
}
