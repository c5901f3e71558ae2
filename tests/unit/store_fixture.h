/* What the tests of the store share: programs from text, stores in a folder of their own, rows from names. */
#ifndef REMIT_TESTS_STORE_FIXTURE_H
#define REMIT_TESTS_STORE_FIXTURE_H

#include "lang/base/civil.h"
#include "lang/base/text.h"
#include "lang/check/check.h"
#include "lang/check/stdlib_text.h"
#include "lang/syntax/parse.h"
#include "runtime/store/store.h"
#include "tests/unit/unit.h"

#include <ftw.h>
#include <stdlib.h>
#include <unistd.h>

struct fixture {
    struct arena *arena;
    struct program *program;
};

/* The prelude and this text. */
static inline struct fixture fixture_open(const char *text) {
    struct fixture fixture = {.arena = arena_create()};
    struct intern *names = intern_create(fixture.arena);
    struct source_set *sources = source_set_create(fixture.arena);
    struct diagnostics *diagnostics = diagnostics_create(fixture.arena, sources);
    struct checker *checker = checker_create(fixture.arena, names, diagnostics, NULL);
    const char *prelude = "";
    for (const struct stdlib_module *module = stdlib_modules; module->name; module++)
        if (strcmp(module->name, "prelude") == 0)
            prelude = module->text;
    const char *texts[] = {prelude, text};
    for (int i = 0; i < 2; i++) {
        uint32_t file = source_add(sources, i ? "test.remit" : "<prelude>", texts[i], strlen(texts[i]));
        struct check_input input = {.tree = parse_source(fixture.arena, names, diagnostics, file, PARSE_PROGRAM).tree, .allow_commands = i == 1, .standard_library = i == 0};
        checker_add(checker, &input, 1);
    }
    for (int i = 0; i < diagnostics->list.count; i++)
        printf("program: %s\n", diagnostics->list.items[i]->message);
    CHECK_INT(diagnostics->error_count, 0);
    fixture.program = checker_program(checker);
    return fixture;
}

static inline void fixture_close(struct fixture *fixture) {
    arena_destroy(fixture->arena);
}

static inline struct record_type *record_of(struct fixture *fixture, const char *name) {
    return program_find_record(fixture->program, name);
}

static inline struct field *field_of(struct fixture *fixture, const char *record, const char *name) {
    return record_find_field(record_of(fixture, record), name);
}

/* A folder for this test; removed by folder_remove. */
static inline char *folder_make(void) {
    const char *base = getenv("TMPDIR");
    char path[200];
    snprintf(path, sizeof path, "%s/remit-test-XXXXXX", base && base[0] ? base : "/tmp");
    return strdup(mkdtemp(path) ? path : ".");
}
static inline int folder_remove_entry(const char *path, const struct stat *about, int kind, struct FTW *walk) {
    (void)about, (void)kind, (void)walk;
    return remove(path);
}
static inline void folder_remove(char *folder) {
    nftw(folder, folder_remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    free(folder);
}
static inline const char *folder_path(struct arena *arena, const char *folder, const char *name) {
    return arena_format(arena, "%s/%s", folder, name);
}

static inline struct store *store_of(const char *path, enum store_open_mode mode, struct failure *failure) {
    return store_open(path, &(struct store_options){.mode = mode, .busy_timeout_ms = 100}, failure);
}

/* A store in memory with the program's tables, and a transaction begun. */
static inline struct store *store_in_memory(struct fixture *fixture) {
    struct failure failure = {0};
    struct store *store = store_of(":memory:", STORE_READ_WRITE, &failure);
    CHECK(store_apply_schema(store, fixture->program, &failure));
    CHECK(store_begin(store, "tester", "test", 1000, &failure));
    CHECK_TEXT(failure.message, "");
    return store;
}

static inline struct value text_value(const char *text) {
    return value_text(text, strlen(text));
}

struct put {
    const char *field;
    struct value value;
};
enum { PUTS_MAX = 20 };

static inline int64_t put_row(struct store *store, struct record_type *record, int64_t id, const struct put *puts, int count, bool *changed, struct failure *failure) {
    struct field *fields[PUTS_MAX];
    struct value values[PUTS_MAX];
    for (int i = 0; i < count; i++) {
        fields[i] = record_find_field(record, puts[i].field);
        values[i] = puts[i].value;
    }
    struct store_row row = {.record = record, .field_count = count, .fields = fields, .values = values};
    if (id) {
        bool ignored;
        return store_update(store, id, &row, changed ? changed : &ignored, failure) ? id : 0;
    }
    return store_insert(store, &row, &id, failure) ? id : 0;
}
#define PUT_COUNT(...) ((int)(sizeof((struct put[]){__VA_ARGS__}) / sizeof(struct put)))
#define ADD(store, record, failure, ...) put_row((store), (record), 0, (struct put[]){__VA_ARGS__}, PUT_COUNT(__VA_ARGS__), NULL, (failure))
#define CHANGE(store, record, id, changed, failure, ...) put_row((store), (record), (id), (struct put[]){__VA_ARGS__}, PUT_COUNT(__VA_ARGS__), (changed), (failure))

/* Rows of an SQL question as text: values by `|`, missing as -, one row a line. */
static inline const char *ask(struct store *store, struct arena *arena, const char *sql) {
    struct failure failure = {0};
    struct buffer out = {0};
    struct statement *statement = store_prepare(store, sql, &failure);
    enum statement_step step = STATEMENT_FAILED;
    while (statement && (step = statement_step(statement, &failure)) == STATEMENT_ROW)
        for (int i = 0;; i++) {
            struct value value = statement_value(statement, i);
            if (value.kind == VALUE_TEXT && value.length == 1 && value.text[0] == ';') {
                buffer_add_char(&out, '\n');
                break;
            }
            if (i)
                buffer_add_char(&out, '|');
            if (value.kind == VALUE_MISSING)
                buffer_add_char(&out, '-');
            else if (value.kind == VALUE_INT)
                buffer_add_format(&out, "%lld", (long long)value.integer);
            else if (value.kind == VALUE_NUMBER)
                buffer_add_format(&out, "%g", value.number);
            else
                buffer_add(&out, value.text, value.length);
        }
    if (step == STATEMENT_FAILED)
        buffer_add_format(&out, "failed: %s", failure.message);
    statement_close(statement);
    const char *result = arena_copy_string(arena, buffer_string(&out));
    buffer_free(&out);
    return result;
}
/* The columns of a question end with this. */
#define END ", ';'"

/* Rows of a scan as text: id:owner:values. */
static inline const char *scan_text(struct store *store, struct arena *arena, const struct scan *scan) {
    struct failure failure = {0};
    struct buffer out = {0};
    struct cursor *cursor = store_scan(store, scan, &failure);
    const struct batch *batch = NULL;
    while (cursor && (batch = cursor_next(cursor, &failure)) && batch->row_count)
        for (int r = 0; r < batch->row_count; r++) {
            buffer_add_format(&out, "%lld", (long long)batch->ids[r]);
            if (batch->owners)
                buffer_add_format(&out, "<%lld", (long long)batch->owners[r]);
            for (int c = 0; c < scan->field_count; c++) {
                const struct batch_column *column = &batch->columns[c];
                buffer_add_char(&out, ':');
                if (column->missing[r])
                    buffer_add_char(&out, '-');
                else if (column->texts)
                    buffer_add(&out, column->texts[r], column->lengths[r]);
                else if (column->numbers)
                    buffer_add_format(&out, "%g", column->numbers[r]);
                else
                    buffer_add_format(&out, "%lld", (long long)column->integers[r]);
            }
            buffer_add_char(&out, ' ');
        }
    if (!batch)
        buffer_add_format(&out, "failed: %s", failure.message);
    cursor_close(cursor);
    const char *result = arena_copy_string(arena, buffer_string(&out));
    buffer_free(&out);
    return result;
}

#endif
