/* The loader: order, sorting beyond memory, keys and references, changing rows that are there. */
#include "runtime/store/loader.h"
#include "tests/unit/store_fixture.h"

static const char program_text[] =
    "record project \"Project\" { label: text? }\n"
    "record entry \"Entry\" { project: project inverse entries  n: int  label: text?  share: number? }\n"
    "record fact \"Fact\" { project: project? inverse facts  code: text  n: int?  parent: fact? inverse parts  key code }\n";

struct bench {
    struct fixture fixture;
    struct store *store;
    struct failure failure;
    struct record_type *project, *entry, *fact;
    struct field *entry_fields[4], *fact_fields[3];
};

static struct bench start(int projects) {
    struct bench bench = {.fixture = fixture_open(program_text)};
    bench.store = store_in_memory(&bench.fixture);
    bench.project = record_of(&bench.fixture, "project");
    bench.entry = record_of(&bench.fixture, "entry");
    bench.fact = record_of(&bench.fixture, "fact");
    static const char *const entry_names[] = {"n", "project", "label", "share"}, *const fact_names[] = {"code", "project", "n"};
    for (int i = 0; i < 4; i++)
        bench.entry_fields[i] = record_find_field(bench.entry, entry_names[i]);
    for (int i = 0; i < 3; i++)
        bench.fact_fields[i] = record_find_field(bench.fact, fact_names[i]);
    for (int i = 0; i < projects; i++)
        ADD(bench.store, bench.project, &bench.failure, {"label", value_missing()});
    return bench;
}

static void stop(struct bench *bench) {
    CHECK_TEXT(bench->failure.message, "");
    store_close(bench->store);
    fixture_close(&bench->fixture);
}

static void loads_beside_owners(void) {
    struct bench bench = start(5);
    struct store_loader *loader = store_loader_open(bench.store, bench.entry, bench.entry_fields, 4, &bench.failure);
    static const int64_t owners[] = {3, 1, 5, 1, 3, 2};
    char text[16];
    for (int i = 0; i < 6; i++) {
        snprintf(text, sizeof text, "t%d", i);
        struct value values[] = {value_int(i - 3), value_int(owners[i]), i % 2 ? value_missing() : text_value(text), i % 3 ? value_number(i / 4.0) : value_missing()};
        CHECK(store_loader_add(loader, 0, values, &bench.failure));
        memset(text, 'X', sizeof text); /* text was copied */
    }
    int64_t inserted, updated;
    CHECK(store_loader_finish(loader, &inserted, &updated, &bench.failure));
    CHECK_INT(inserted, 6);
    CHECK_INT(updated, 0);
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT project, _id, _since, n, label, share, _key" END " FROM t_entry"),
               "1|2|1|-2|-|0.25|-\n1|4|1|0|-|-|-\n2|6|1|2|-|1.25|-\n3|1|1|-3|t0|-|-\n3|5|1|1|t4|1|-\n5|3|1|-1|t2|0.5|-\n");
    CHECK_INT(ADD(bench.store, bench.entry, &bench.failure, {"project", value_int(1)}, {"n", value_int(0)}), 7);
    CHECK(store_commit(bench.store, &bench.failure));
    stop(&bench);
}

/* More than LOADER_BYTES, so that runs are sorted, spilled and merged. */
static void sorts_beyond_memory(void) {
    enum { PROJECTS = 3001, ROWS = 1100000 };
    struct bench bench = start(PROJECTS);
    struct store_loader *loader = store_loader_open(bench.store, bench.entry, bench.entry_fields, 4, &bench.failure);
    char text[100];
    for (int64_t i = 0; i < ROWS; i++) {
        int length = snprintf(text, sizeof text, "%0*lld", (int)(i % 90) + 1, (long long)i);
        struct value values[] = {value_int(i * 1000003), value_int(i * 7919 % PROJECTS + 1), value_text(text, (size_t)length), value_number((double)i)};
        if (!store_loader_add(loader, 0, values, &bench.failure))
            break;
    }
    int64_t inserted, updated;
    CHECK(store_loader_finish(loader, &inserted, &updated, &bench.failure));
    CHECK_INT(inserted, ROWS);
    CHECK_TEXT(ask(bench.store, bench.fixture.arena,
                   "SELECT count(*), count(DISTINCT _id), min(_id), max(_id), sum(n = (_id - 1) * 1000003), sum(project = (_id - 1) * 7919 % 3001 + 1), sum(CAST(label "
                   "AS INTEGER) = _id - 1),"
                   " sum(share = _id - 1), sum(length(label) >= (_id - 1) % 90 + 1)" END " FROM t_entry"),
               "1100000|1100000|1|1100000|1100000|1100000|1100000|1100000|1100000\n");
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT * FROM pragma_integrity_check, (SELECT ';')"), "ok\n");
    CHECK(store_commit(bench.store, &bench.failure));
    stop(&bench);
}

static void changes_rows_that_are_there(void) {
    struct bench bench = start(2);
    struct value first[] = {text_value("a"), value_int(1), value_int(1)}, second[] = {text_value("b"), value_missing(), value_missing()};
    int64_t a = ADD(bench.store, bench.fact, &bench.failure, {"code", first[0]}, {"project", first[1]}, {"n", first[2]});
    CHECK(store_commit(bench.store, &bench.failure));
    CHECK(store_begin(bench.store, "t", "t", 0, &bench.failure));
    struct store_loader *loader = store_loader_open(bench.store, bench.fact, bench.fact_fields, 3, &bench.failure);
    CHECK(store_loader_add(loader, a, first, &bench.failure)); /* nothing changes */
    CHECK(store_loader_add(loader, 0, second, &bench.failure));
    first[2] = value_int(2);
    CHECK(store_loader_add(loader, a, first, &bench.failure));
    int64_t inserted, updated;
    CHECK(store_loader_finish(loader, &inserted, &updated, &bench.failure));
    CHECK_INT(inserted, 1);
    CHECK_INT(updated, 1);
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT _id, _since, code, n" END " FROM t_fact"), "1|2|a|2\n2|2|b|-\n");
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT _id, _since, _until, n" END " FROM h_fact"), "1|1|2|1\n");
    stop(&bench);
}

static void says_what_is_wrong(void) {
    struct bench bench = start(2);
    int64_t inserted, updated;
    struct value values[] = {text_value("a"), value_missing(), value_missing()};
    struct store_loader *loader = store_loader_open(bench.store, bench.fact, bench.fact_fields, 3, &bench.failure);
    CHECK(store_loader_add(loader, 0, values, &bench.failure));
    CHECK(store_loader_add(loader, 0, values, &bench.failure));
    CHECK(!store_loader_finish(loader, &inserted, &updated, &bench.failure));
    CHECK_TEXT(bench.failure.message, "`fact` has a row with the key `a` already");
    store_rollback(bench.store);
    bench.failure = (struct failure){0};
    CHECK(store_apply_schema(bench.store, bench.fixture.program, &bench.failure));
    CHECK(store_begin(bench.store, "t", "t", 0, &bench.failure));
    values[1] = value_int(3);
    loader = store_loader_open(bench.store, bench.fact, bench.fact_fields, 3, &bench.failure);
    CHECK(store_loader_add(loader, 0, values, &bench.failure));
    CHECK(!store_loader_finish(loader, &inserted, &updated, &bench.failure));
    CHECK_TEXT(bench.failure.message, "a row of `fact` refers in `project` to a row that is not there");
    bench.failure = (struct failure){0};
    values[0] = value_missing();
    loader = store_loader_open(bench.store, bench.fact, bench.fact_fields, 3, &bench.failure);
    CHECK(!store_loader_add(loader, 0, values, &bench.failure));
    CHECK_TEXT(bench.failure.message, "a row of `fact` needs a value for `code`");
    store_loader_abandon(loader);
    bench.failure = (struct failure){0};
    loader = store_loader_open(bench.store, bench.fact, bench.fact_fields + 1, 2, &bench.failure);
    CHECK(!store_loader_add(loader, 0, values + 1, &bench.failure));
    CHECK_INT(bench.failure.code, DIAG_VALUE_REQUIRED);
    store_loader_abandon(loader);
    bench.failure = (struct failure){0};
    loader = store_loader_open(bench.store, bench.entry, bench.entry_fields, 4, &bench.failure);
    CHECK(!store_loader_add(loader, 0, (struct value[]){value_int(1), value_missing(), value_missing(), value_missing()}, &bench.failure));
    CHECK_TEXT(bench.failure.message, "a row of `entry` needs a value for `project`");
    CHECK(store_loader_finish(loader, &inserted, &updated, &(struct failure){0})); /* nothing was added */
    bench.failure = (struct failure){0};
    stop(&bench);
}

static bool stop_now(void *context) {
    (void)context;
    return true;
}

static void stops_when_asked(void) {
    struct bench bench = start(2);
    struct store_loader *loader = store_loader_open(bench.store, bench.fact, bench.fact_fields, 3, &bench.failure);
    store_set_stop(bench.store, stop_now, NULL);
    char code[32];
    bool going = true;
    for (int i = 0; going && i < 100000; i++) {
        snprintf(code, sizeof code, "code %d", i);
        going = store_loader_add(loader, 0, (struct value[]){text_value(code), value_missing(), value_missing()}, &bench.failure);
    }
    CHECK(!going);
    CHECK_INT(bench.failure.kind, FAILURE_STOPPED);
    store_loader_abandon(loader);
    store_rollback(bench.store);
    store_set_stop(bench.store, NULL, NULL);
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT count(*)" END " FROM t_fact"), "0\n");
    bench.failure = (struct failure){0};
    stop(&bench);
}

/* Every kind of value comes out as it went in. */
static void encodes_values(void) {
    static const int64_t numbers[] = {0, 1, -1, 63, 64, -64, -65, 127, 128, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN, INT64_MIN + 1};
    enum { COUNT = sizeof numbers / sizeof *numbers };
    struct row_buffer *buffer = row_buffer_create(COUNT + 3);
    struct value values[COUNT + 3], read[COUNT + 3];
    for (int i = 0; i < COUNT; i++)
        values[i] = value_int(numbers[i]);
    char text[300];
    memset(text, 'a', sizeof text);
    values[COUNT] = value_text(text, sizeof text);
    values[COUNT + 1] = value_text("", 0);
    values[COUNT + 2] = value_number(-0.1);
    for (int64_t row = 0; row < 3; row++)
        row_buffer_add(buffer, 5 - row, row + 1, values);
    row_buffer_sort(buffer);
    struct row_source *source = row_source_open(buffer, NULL, NULL, 0);
    int64_t owner, id;
    for (int64_t row = 0; row < 3; row++) {
        CHECK(row_source_next(source, &owner, &id, read));
        CHECK_INT(owner, 3 + row);
        CHECK_INT(id, 3 - row);
        for (int i = 0; i < COUNT + 3; i++)
            CHECK(read[i].kind == values[i].kind && value_compare(read[i], values[i]) == 0);
    }
    CHECK(!row_source_next(source, &owner, &id, read));
    CHECK(!row_source_failed(source));
    row_source_close(source);
    row_buffer_destroy(buffer);
}

static void says_when_there_is_no_room_to_sort(void) {
    struct bench bench = start(3);
    char *before = getenv("TMPDIR") ? strdup(getenv("TMPDIR")) : NULL;
    setenv("TMPDIR", "/dev/null/none", 1); /* no folder can be there */
    struct store_loader *loader = store_loader_open(bench.store, bench.entry, bench.entry_fields, 4, &bench.failure);
    char text[1000];
    memset(text, 'a', sizeof text);
    bool going = true;
    for (int i = 0; going && i < 100000; i++)
        going = store_loader_add(loader, 0, (struct value[]){value_int(i), value_int(3 - i % 3), value_text(text, sizeof text), value_missing()}, &bench.failure);
    CHECK(!going);
    CHECK_INT(bench.failure.code, DIAG_STORE_TEMPORARY);
    store_loader_abandon(loader);
    if (before)
        setenv("TMPDIR", before, 1);
    else
        unsetenv("TMPDIR");
    free(before);
    bench.failure = (struct failure){0};
    stop(&bench);
}

/* A large load makes the indexes over references again; a row may refer to one of the same load. */
static void makes_paths_again(void) {
    enum { ROWS = 60000 };
    struct bench bench = start(100);
    struct field *n = bench.fact_fields[2], *parent = record_find_field(bench.fact, "parent");
    struct field *fields[] = {bench.fact_fields[0], bench.fact_fields[1], n, parent};
    CHECK(store_ensure_path(bench.store, bench.fact_fields[1], &n, 1, &bench.failure));
    const char *indexes = ask(bench.store, bench.fixture.arena, "SELECT name, sql" END " FROM sqlite_schema WHERE type = 'index' ORDER BY name");
    struct store_loader *loader = store_loader_open(bench.store, bench.fact, fields, 4, &bench.failure);
    char code[80];
    for (int i = 0; i < ROWS; i++) {
        snprintf(code, sizeof code, "a rather long code, so that there are several chunks %d", i);
        struct value values[] = {text_value(code), value_int(i % 100 + 1), value_int(i), i % 3 ? value_int(i) : value_missing()};
        if (!store_loader_add(loader, 0, values, &bench.failure))
            break;
        CHECK_INT(store_loader_last_id(loader), i + 1);
    }
    int64_t inserted, updated;
    CHECK(store_loader_finish(loader, &inserted, &updated, &bench.failure));
    CHECK_INT(inserted, ROWS);
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT name, sql" END " FROM sqlite_schema WHERE type = 'index' ORDER BY name"), indexes);
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT * FROM pragma_integrity_check, (SELECT ';')"), "ok\n");
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT count(*)" END " FROM pragma_foreign_key_check"), "0\n");
    CHECK(store_commit(bench.store, &bench.failure));
    stop(&bench);
}

int main(void) {
    RUN(encodes_values);
    RUN(loads_beside_owners);
    RUN(sorts_beyond_memory);
    RUN(makes_paths_again);
    RUN(changes_rows_that_are_there);
    RUN(says_what_is_wrong);
    RUN(stops_when_asked);
    RUN(says_when_there_is_no_room_to_sort);
    return UNIT_END("store_loader");
}
