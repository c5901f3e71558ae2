/* Times the front end on one policy file: front_end FILE prints the seconds of parsing, checking and formatting, reading the file not among them.
 * Knows: the phases of lang/. Does not know: stores, what a good time is. */
#include "lang/base/text.h"
#include "lang/check/check.h"
#include "lang/check/stdlib_text.h"
#include "lang/format/format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static char *read_file(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0)
        return NULL;
    long size = ftell(file);
    rewind(file);
    char *text = size >= 0 ? malloc((size_t)size + 1) : NULL;
    if (text) {
        *length = fread(text, 1, (size_t)size, file);
        text[*length] = 0;
    }
    fclose(file);
    return text;
}

/* The phases of one file together: what they share. */
struct bench {
    struct arena *arena;
    struct intern *names;
    struct source_set *sources;
    struct diagnostics *diagnostics;
};

static struct parse parse_text(struct bench *bench, const char *name, const char *text, size_t length) {
    uint32_t file = source_add(bench->sources, name, text, length);
    return parse_source(bench->arena, bench->names, bench->diagnostics, file, PARSE_PROGRAM);
}

/* The prelude and pmo, as a policy with `use pmo` has them. */
static int add_library(struct bench *bench, struct checker *checker) {
    struct check_input library[2];
    int count = 0;
    for (const struct stdlib_module *module = stdlib_modules; module->name && count < 2; module++)
        if (strcmp(module->name, "prelude") == 0 || strcmp(module->name, "pmo") == 0)
            library[count++] = (struct check_input){parse_text(bench, module->name, module->text, module->length).tree, false, true, false};
    return checker_add(checker, library, count);
}

int main(int count, char **words) {
    size_t length = 0;
    char *text = count == 2 ? read_file(words[1], &length) : NULL;
    if (!text) {
        fprintf(stderr, "front_end FILE\n");
        return 2;
    }
    struct bench bench = {.arena = arena_create()};
    bench.names = intern_create(bench.arena);
    bench.sources = source_set_create(bench.arena);
    bench.diagnostics = diagnostics_create(bench.arena, bench.sources);
    struct checker *checker = checker_create(bench.arena, bench.names, bench.diagnostics, NULL);
    int errors = add_library(&bench, checker);

    double begun = seconds_now();
    struct parse parse = parse_text(&bench, words[1], text, length);
    double parsed = seconds_now();
    struct check_input input = {parse.tree, false, false, parse.error_count > 0};
    errors += checker_add(checker, &input, 1);
    double checked = seconds_now();
    struct buffer out = {0};
    bool same = format_program(&out, &parse, text);
    double formatted = seconds_now();

    printf("%.4f %.4f %.4f\n", parsed - begun, checked - parsed, formatted - checked);
    if (errors || parse.error_count || !same) {
        fprintf(stderr, "%d errors, canonical text %s\n", errors + parse.error_count, same ? "reads back the same" : "differs");
        return 2;
    }
    buffer_free(&out);
    arena_destroy(bench.arena);
    free(text);
    return 0;
}
