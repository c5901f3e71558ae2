/* The journal: the canonical form, and that a change has the same hash whichever way its rows were written. */
#include "tests/unit/store_fixture.h"
#include "runtime/store/journal.h"
#include "runtime/store/journal_inside.h"

static const char program_text[] =
    "enum color { red, green, blue }\n"
    "record project \"Project\" { label: text?  color: color?  weight: number?  tags: set of color }\n"
    "record entry \"Entry\" { project: project inverse entries  n: int  label: text? }\n";
static const char later_text[] =
    "enum color { blue, white, red, green }\n"
    "record project \"Project\" { rank: int?  label: text?  color: color?  weight: number?  tags: set of color }\n"
    "record entry \"Entry\" { project: project inverse entries  n: int  label: text?  size: int default 3 }\n";

static struct arena *arena;

struct bench {
    struct fixture fixture;
    char *folder;
    struct store *store;
    struct failure failure;
};

static struct bench start(void) {
    struct bench bench = {.fixture = fixture_open(program_text), .folder = folder_make()};
    bench.store = store_of(folder_path(arena, bench.folder, "remit.db"), STORE_READ_WRITE, &bench.failure);
    CHECK(store_apply_schema(bench.store, bench.fixture.program, &bench.failure));
    return bench;
}

static void stop(struct bench *bench) {
    CHECK_TEXT(bench->failure.message, "");
    store_close(bench->store);
    fixture_close(&bench->fixture);
    folder_remove(bench->folder);
}

static void begin(struct bench *bench) {
    CHECK(store_begin(bench->store, "t", "t", 0, &bench->failure));
}

static void commit(struct bench *bench) {
    CHECK(store_commit(bench->store, &bench->failure));
}

static const char *head(struct bench *bench) {
    const char *hash;
    int64_t number;
    CHECK(journal_head(bench->store, arena, &hash, &number, &bench->failure));
    return hash;
}

static void expect_whole(struct bench *bench) {
    struct journal_verdict *verdict;
    CHECK(journal_verify(bench->store, arena, NULL, &verdict, &bench->failure));
    CHECK_INT(verdict->faults_found, 0);
    for (int i = 0; i < verdict->fault_count; i++)
        printf("change %lld: %s: %s\n", (long long)verdict->faults[i].change, verdict->faults[i].record ? verdict->faults[i].record : "", verdict->faults[i].problem);
}

/* ---- the canonical form ---- */

static const char *hex_of(const struct buffer *bytes) {
    struct buffer hex = {0};
    for (size_t i = 0; i < bytes->length; i++)
        buffer_add_format(&hex, "%02x", (unsigned char)bytes->bytes[i]);
    const char *result = arena_copy_string(arena, buffer_string(&hex));
    buffer_free(&hex);
    return result;
}

static const char *form_of(int code, const struct catalog_field *field, struct value value) {
    struct buffer bytes = {0};
    content_start(&bytes, 1);
    content_add(&bytes, code, field, value);
    content_end(&bytes);
    const char *hex = hex_of(&bytes);
    buffer_free(&bytes);
    return hex;
}

static void writes_each_kind_of_value(void) {
    CHECK_TEXT(form_of(3, NULL, value_missing()), "0200");
    CHECK_TEXT(form_of(3, NULL, value_int(0)), "020c0000");
    CHECK_TEXT(form_of(3, NULL, value_int(-1)), "020c0100");
    CHECK_TEXT(form_of(3, NULL, value_int(64)), "020c800100");
    CHECK_TEXT(form_of(3, NULL, value_int(INT64_MAX)), "020cfeffffffffffffffff0100");
    CHECK_TEXT(form_of(3, NULL, value_int(INT64_MIN)), "020cffffffffffffffffff0100");
    CHECK_TEXT(form_of(3, NULL, value_number(1.5)), "020d000000000000f83f00");
    CHECK_TEXT(form_of(3, NULL, value_number(-0.0)), form_of(3, NULL, value_number(0.0)));
    CHECK_TEXT(form_of(3, NULL, text_value("")), "020e0000");
    CHECK_TEXT(form_of(3, NULL, text_value("ab")), "020e02616200");
    CHECK_TEXT(form_of(40, NULL, value_int(0)), "02a0010000");
    struct catalog_enum values[] = {{-1, "gone", 2}, {0, "new", 7}, {1, "old", 1}};
    struct catalog_field field = {.name = "color", .values = values, .value_count = 3};
    CHECK_TEXT(form_of(3, &field, value_int(1)), "020f0100"); /* by its number, whatever its ordinal */
    CHECK_TEXT(form_of(3, &field, value_int(-1)), "020f0200");
    CHECK_TEXT(form_of(3, &field, value_int(9)), "020c1200"); /* no such value: as it stands */
}

static void tells_rows_apart(void) {
    /* Text that looks like what follows it, values in other fields, empty and missing. */
    CHECK(strcmp(form_of(3, NULL, text_value("1")), form_of(3, NULL, value_int(1))) != 0);
    CHECK(strcmp(form_of(3, NULL, value_int(1)), form_of(4, NULL, value_int(1))) != 0);
    CHECK(strcmp(form_of(3, NULL, text_value("")), form_of(3, NULL, value_missing())) != 0);
    CHECK(strcmp(form_of(3, NULL, value_number(1)), form_of(3, NULL, value_int(1))) != 0);
}

/* ---- one change, written in several ways ---- */

enum { PROJECTS = 3, ENTRIES = 1500 /* more than are looked up one by one */ };

static void add_projects(struct bench *bench) {
    begin(bench);
    for (int i = 1; i <= PROJECTS; i++)
        CHECK(ADD(bench->store, record_of(&bench->fixture, "project"), &bench->failure, {"label", text_value("p")}, {"color", value_int(i % 3)}, {"weight", value_number(i / 2.0)}) == i);
    commit(bench);
}

static void add_entry(struct bench *bench, int i) {
    CHECK(ADD(bench->store, record_of(&bench->fixture, "entry"), &bench->failure, {"project", value_int(i % PROJECTS + 1)}, {"n", value_int(i)}) == i + 1);
}

static void load_entries(struct bench *bench, int first, int count) {
    struct field *fields[] = {field_of(&bench->fixture, "entry", "n"), field_of(&bench->fixture, "entry", "project")};
    struct store_loader *loader = store_loader_open(bench->store, record_of(&bench->fixture, "entry"), fields, 2, &bench->failure);
    for (int i = first; i < first + count; i++)
        CHECK(store_loader_add(loader, 0, (struct value[]){value_int(i), value_int(i % PROJECTS + 1)}, &bench->failure));
    int64_t inserted, updated;
    CHECK(store_loader_finish(loader, &inserted, &updated, &bench->failure));
}

enum way { ONE_BY_ONE, LOADED, LOADED_TWICE, LOADED_AND_ONE_BY_ONE, LOADED_AND_TAKEN_BACK, CHANGED_AGAIN, WAYS };

static const char *head_when_written(enum way way, int entries) {
    struct bench bench = start();
    add_projects(&bench);
    begin(&bench);
    if (way == LOADED_AND_TAKEN_BACK) {
        CHECK(store_savepoint(bench.store, &bench.failure));
        load_entries(&bench, 0, entries / 2);
        store_savepoint_rollback(bench.store);
        CHECK(store_apply_schema(bench.store, bench.fixture.program, &bench.failure));
    }
    int loaded = way == ONE_BY_ONE || way == CHANGED_AGAIN ? 0 : way == LOADED || way == LOADED_AND_TAKEN_BACK ? entries : entries / 2;
    if (loaded)
        load_entries(&bench, 0, loaded);
    if (way == LOADED_TWICE)
        load_entries(&bench, loaded, entries - loaded);
    else
        for (int i = loaded; i < entries; i++)
            add_entry(&bench, i);
    if (way == CHANGED_AGAIN) {
        CHECK(CHANGE(bench.store, record_of(&bench.fixture, "entry"), 1, NULL, &bench.failure, {"n", value_int(77)}, {"project", value_int(2)}));
        CHECK(CHANGE(bench.store, record_of(&bench.fixture, "entry"), 1, NULL, &bench.failure, {"n", value_int(0)}, {"project", value_int(1)}));
    }
    commit(&bench);
    const char *hash = head(&bench);
    expect_whole(&bench);
    stop(&bench);
    return hash;
}

static void has_one_hash_however_written(void) {
    for (int entries = 10; entries <= ENTRIES; entries += ENTRIES - 10) {
        const char *first = head_when_written(ONE_BY_ONE, entries);
        for (int way = ONE_BY_ONE + 1; way < WAYS; way++)
            CHECK_TEXT(head_when_written((enum way)way, entries), first);
    }
}

static void holds_through_everything(void) {
    struct bench bench = start();
    add_projects(&bench);
    begin(&bench);
    struct value tags[] = {value_int(2), value_int(0)}, fewer[] = {value_int(1), value_int(2)};
    CHECK(store_set_members(bench.store, field_of(&bench.fixture, "project", "tags"), 1, tags, 2, &bench.failure));
    load_entries(&bench, 0, 50);
    commit(&bench);
    begin(&bench);
    CHECK(store_set_members(bench.store, field_of(&bench.fixture, "project", "tags"), 1, fewer, 2, &bench.failure));
    CHECK(CHANGE(bench.store, record_of(&bench.fixture, "entry"), 4, NULL, &bench.failure, {"project", value_int(3)}));
    CHECK(store_remove(bench.store, record_of(&bench.fixture, "entry"), 5, &bench.failure));
    add_entry(&bench, 50);
    CHECK(store_remove(bench.store, record_of(&bench.fixture, "entry"), 51, &bench.failure)); /* came and went within one change */
    commit(&bench);
    expect_whole(&bench);
    const char *before = head(&bench);
    /* Fields are added, enums put in another order: what was hashed stays as it was. */
    struct fixture later = fixture_open(later_text);
    CHECK(store_apply_schema(bench.store, later.program, &bench.failure));
    expect_whole(&bench);
    CHECK(strcmp(head(&bench), before) != 0);
    CHECK_TEXT(ask(bench.store, arena, "SELECT count(*)" END " FROM t_entry WHERE size = 3 AND _since = 4"), "49\n");
    CHECK_TEXT(ask(bench.store, arena, "SELECT count(*)" END " FROM h_entry WHERE size IS NULL AND _until = 4"), "49\n");
    CHECK(store_apply_schema(bench.store, bench.fixture.program, &bench.failure) || bench.failure.code == DIAG_SCHEMA_ENUM_IN_USE);
    bench.failure = (struct failure){0};
    expect_whole(&bench);
    fixture_close(&later);
    stop(&bench);
}

static void says_which_row(void) {
    struct bench bench = start();
    add_projects(&bench);
    begin(&bench);
    load_entries(&bench, 0, 100);
    commit(&bench);
    struct journal_verdict *verdict;
    CHECK(store_begin(bench.store, "t", "t", 0, &bench.failure));
    CHECK(store_execute(bench.store, "UPDATE t_project SET label = 'q' WHERE _id = 2; UPDATE t_entry SET n = 1000 WHERE n = 7", &bench.failure));
    CHECK(journal_verify(bench.store, arena, NULL, &verdict, &bench.failure));
    CHECK_INT(verdict->faults_found, 2);
    CHECK_INT(verdict->faults[0].change, 1);
    CHECK_INT(verdict->faults[0].id, 2);
    CHECK_TEXT(verdict->faults[0].problem, "the row was edited");
    CHECK_INT(verdict->faults[1].change, 2);
    CHECK_INT(verdict->faults[1].id, 0); /* among a hundred it cannot be told */
    CHECK_TEXT(verdict->faults[1].record, "entry");
    store_rollback(bench.store);
    expect_whole(&bench);
    stop(&bench);
}

int main(void) {
    arena = arena_create();
    RUN(writes_each_kind_of_value);
    RUN(tells_rows_apart);
    RUN(has_one_hash_however_written);
    RUN(holds_through_everything);
    RUN(says_which_row);
    arena_destroy(arena);
    return UNIT_END("store_journal");
}
