/* Scans: order, what is left out, batches, starting again, paths. */
#include "tests/unit/store_fixture.h"

static const char program_text[] =
    "record unit \"Unit\" { area: text? }\n"
    "record project \"Project\" { unit: unit? inverse projects  budget: money?  weight: number?  label: text? }\n"
    "record entry \"Entry\" { project: project inverse entries  n: int  unit: unit? inverse entries }\n";

struct bench {
    struct fixture fixture;
    struct store *store;
    struct failure failure;
    struct record_type *unit, *project, *entry;
};

static struct bench start(void) {
    struct bench bench = {.fixture = fixture_open(program_text)};
    bench.store = store_in_memory(&bench.fixture);
    bench.unit = record_of(&bench.fixture, "unit");
    bench.project = record_of(&bench.fixture, "project");
    bench.entry = record_of(&bench.fixture, "entry");
    return bench;
}

static void stop(struct bench *bench) {
    CHECK_TEXT(bench->failure.message, "");
    store_close(bench->store);
    fixture_close(&bench->fixture);
}

static void fill(struct bench *bench) {
    for (int i = 0; i < 3; i++)
        ADD(bench->store, bench->unit, &bench->failure, {"area", text_value("x")});
    ADD(bench->store, bench->project, &bench->failure, {"unit", value_int(3)}, {"budget", value_int(0)}, {"label", text_value("")});
    ADD(bench->store, bench->project, &bench->failure, {"budget", value_int(-5)}, {"weight", value_number(0)}, {"label", text_value("two")});
    ADD(bench->store, bench->project, &bench->failure, {"unit", value_int(1)}, {"weight", value_number(2.5)});
    ADD(bench->store, bench->project, &bench->failure, {"unit", value_int(3)}, {"label", text_value("caf\303\251")});
    static const int64_t owners[] = {4, 2, 2, 1, 4};
    for (int i = 0; i < 5; i++)
        ADD(bench->store, bench->entry, &bench->failure, {"project", value_int(owners[i])}, {"n", value_int(i * 10)}, {"unit", i % 2 ? value_missing() : value_int(3 - i / 2)});
}

static void scans_by_id(void) {
    struct bench bench = start();
    fill(&bench);
    struct field *fields[] = {field_of(&bench.fixture, "project", "budget"), field_of(&bench.fixture, "project", "weight"), field_of(&bench.fixture, "project", "label"),
                              field_of(&bench.fixture, "project", "_key"), field_of(&bench.fixture, "project", "budget")};
    struct scan scan = {.record = bench.project, .order = SCAN_BY_ID, .fields = fields, .field_count = 5};
    CHECK_TEXT(scan_text(bench.store, bench.fixture.arena, &scan), "1:0:-::-:0 2:-5:0:two:-:-5 3:-:2.5:-:-:- 4:-:-:caf\303\251:-:- ");
    scan.only_id = true;
    scan.id = 2;
    CHECK_TEXT(scan_text(bench.store, bench.fixture.arena, &scan), "2:-5:0:two:-:-5 ");
    scan.id = 9;
    CHECK_TEXT(scan_text(bench.store, bench.fixture.arena, &scan), "");
    scan = (struct scan){.record = bench.entry,
                         .order = SCAN_BY_ID,
                         .fields = (struct field *[]){field_of(&bench.fixture, "entry", "n")},
                         .field_count = 1}; /* clustered by project: sorted */
    CHECK_TEXT(scan_text(bench.store, bench.fixture.arena, &scan), "1:0 2:10 3:20 4:30 5:40 ");
    scan.only_id = true;
    scan.id = 3;
    CHECK_TEXT(scan_text(bench.store, bench.fixture.arena, &scan), "3:20 ");
    scan = (struct scan){.record = bench.unit, .order = SCAN_BY_ID};
    CHECK_TEXT(scan_text(bench.store, bench.fixture.arena, &scan), "1 2 3 ");
    stop(&bench);
}

static void scans_by_reference(void) {
    struct bench bench = start();
    fill(&bench);
    struct field *n = field_of(&bench.fixture, "entry", "n"), *budget = field_of(&bench.fixture, "project", "budget");
    struct scan owned = {.record = bench.entry, .order = SCAN_BY_REFERENCE, .reference = field_of(&bench.fixture, "entry", "project"), .fields = &n, .field_count = 1};
    CHECK_TEXT(scan_text(bench.store, bench.fixture.arena, &owned), "4<1:30 2<2:10 3<2:20 1<4:0 5<4:40 ");
    owned.only_owner = true;
    owned.owner = 4;
    CHECK_TEXT(scan_text(bench.store, bench.fixture.arena, &owned), "1<4:0 5<4:40 ");
    struct scan other = {.record = bench.entry, .order = SCAN_BY_REFERENCE, .reference = field_of(&bench.fixture, "entry", "unit"), .fields = &n, .field_count = 1};
    struct scan plain = {.record = bench.project, .order = SCAN_BY_REFERENCE, .reference = field_of(&bench.fixture, "project", "unit"), .fields = &budget, .field_count = 1};
    for (int round = 0; round < 3; round++) { /* without a path, with one, with a wider one */
        CHECK_TEXT(scan_text(bench.store, bench.fixture.arena, &other), "5<1:40 3<2:20 1<3:0 ");
        plain.only_owner = false;
        CHECK_TEXT(scan_text(bench.store, bench.fixture.arena, &plain), "3<1:- 1<3:0 4<3:- ");
        plain.only_owner = true;
        plain.owner = 3;
        CHECK_TEXT(scan_text(bench.store, bench.fixture.arena, &plain), "1<3:0 4<3:- ");
        struct field *covered[] = {budget, field_of(&bench.fixture, "project", "label")};
        CHECK(store_ensure_path(bench.store, plain.reference, covered, round ? 2 : 1, &bench.failure));
        CHECK(store_ensure_path(bench.store, other.reference, &n, 1, &bench.failure));
        CHECK(store_ensure_path(bench.store, owned.reference, &n, 1, &bench.failure));
    }
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT record, reference, covered" END " FROM remit_path ORDER BY record"), "entry|unit|n\nproject|unit|budget,label\n");
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT sql" END " FROM sqlite_schema WHERE name = 'project path unit'"),
               "CREATE INDEX \"project path unit\" ON \"t_project\"(\"unit\", \"_id\", \"budget\", \"label\")\n");
    stop(&bench);
}

static void ensures_paths_by_itself(void) {
    struct bench bench = start();
    fill(&bench);
    struct field *budget = field_of(&bench.fixture, "project", "budget"), *unit = field_of(&bench.fixture, "project", "unit");
    CHECK(store_commit(bench.store, &bench.failure));
    CHECK(store_ensure_path(bench.store, unit, &budget, 1, &bench.failure));
    CHECK(!store_in_transaction(bench.store));
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT covered" END " FROM remit_path"), "budget\n");
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT count(*)" END " FROM remit_change"), "1\n");
    stop(&bench);
}

static void fills_batches(void) {
    struct bench bench = start();
    enum { ROWS = 2 * SCAN_BATCH_ROWS };
    char label[32];
    struct field *fields[] = {field_of(&bench.fixture, "project", "budget"), field_of(&bench.fixture, "project", "label")};
    struct scan scan = {.record = bench.project, .order = SCAN_BY_ID, .fields = fields, .field_count = 2};
    struct cursor *cursor = NULL;
    for (int rows = 0; rows <= ROWS + 1; rows++) {
        if (rows == 1 || rows == SCAN_BATCH_ROWS - 1 || rows == SCAN_BATCH_ROWS || rows == SCAN_BATCH_ROWS + 1 || rows == ROWS || rows == ROWS + 1) {
            cursor = cursor ? cursor : store_scan(bench.store, &scan, &bench.failure);
            int seen = 0;
            const struct batch *batch;
            while ((batch = cursor_next(cursor, &bench.failure)) && batch->row_count > 0)
                for (int i = 0; i < batch->row_count; i++) {
                    seen++;
                    snprintf(label, sizeof label, "label %d", seen);
                    if (batch->ids[i] != seen || batch->columns[0].missing[i] != (seen % 3 == 0) || (seen % 3 && batch->columns[0].integers[i] != seen - 1) ||
                        batch->columns[1].lengths[i] != strlen(label) || memcmp(batch->columns[1].texts[i], label, strlen(label)) != 0) {
                        CHECK(!"a row is not what was written");
                        printf("row %d of %d\n", seen, rows);
                    }
                }
            CHECK_INT(seen, rows);
            batch = cursor_next(cursor, &bench.failure); /* the end stays the end */
            CHECK(batch && batch->row_count == 0);
            CHECK(cursor_restart(cursor, 0, &bench.failure));
        }
        snprintf(label, sizeof label, "label %d", rows + 1);
        ADD(bench.store, bench.project, &bench.failure, {"budget", (rows + 1) % 3 ? value_int(rows) : value_missing()}, {"label", text_value(label)});
    }
    cursor_close(cursor);
    stop(&bench);
}

static void starts_again_with_another_owner(void) {
    struct bench bench = start();
    fill(&bench);
    struct field *n = field_of(&bench.fixture, "entry", "n");
    struct scan scan = {.record = bench.entry,
                        .order = SCAN_BY_REFERENCE,
                        .reference = field_of(&bench.fixture, "entry", "project"),
                        .only_owner = true,
                        .owner = 1,
                        .fields = &n,
                        .field_count = 1};
    struct cursor *cursor = store_scan(bench.store, &scan, &bench.failure), *inner = NULL;
    static const int expected[] = {1, 2, 0, 2};
    for (int owner = 1; owner <= 4; owner++) {
        CHECK(cursor_restart(cursor, owner, &bench.failure));
        const struct batch *batch = cursor_next(cursor, &bench.failure);
        CHECK_INT(batch->row_count, expected[owner - 1]);
        struct scan nested = {.record = bench.project, .order = SCAN_BY_ID, .only_id = true, .id = owner}; /* one scan inside another */
        inner = inner ? inner : store_scan(bench.store, &nested, &bench.failure);
        CHECK(cursor_restart(inner, owner, &bench.failure));
        CHECK_INT(cursor_next(inner, &bench.failure)->row_count, 1);
        CHECK_INT(batch->row_count, expected[owner - 1]);
    }
    cursor_close(cursor);
    cursor_close(inner);
    stop(&bench);
}

static void scans_many_columns(void) {
    struct buffer text = {0};
    buffer_add_string(&text, "record wide \"Wide\" {\n");
    for (int i = 0; i < 230; i++)
        buffer_add_format(&text, "f%d: int?\n", i);
    buffer_add_string(&text, "}\n");
    struct fixture fixture = fixture_open(text.bytes);
    buffer_free(&text);
    struct failure failure = {0};
    struct store *store = store_in_memory(&fixture);
    struct record_type *wide = record_of(&fixture, "wide");
    struct field *fields[230];
    struct value values[230];
    for (int i = 0; i < 230; i++) {
        fields[i] = wide->fields[FIELD_FIRST_OWN + i];
        values[i] = i % 7 ? value_int(i) : value_missing();
    }
    int64_t id;
    CHECK(store_insert(store, &(struct store_row){wide, 230, fields, values}, &id, &failure));
    struct cursor *cursor = store_scan(store, &(struct scan){.record = wide, .fields = fields, .field_count = 230}, &failure);
    const struct batch *batch = cursor_next(cursor, &failure);
    CHECK_INT(batch->row_count, 1);
    for (int i = 0; i < 230; i++)
        CHECK(i % 7 ? batch->columns[i].integers[0] == i : batch->columns[i].missing[0] == 1);
    cursor_close(cursor);
    store_close(store);
    fixture_close(&fixture);
}

static bool stop_now(void *context) {
    (void)context;
    return true;
}

static void stops_a_scan(void) {
    struct bench bench = start();
    for (int i = 0; i < 5000; i++)
        ADD(bench.store, bench.project, &bench.failure, {"budget", value_int(i)});
    CHECK(store_commit(bench.store, &bench.failure));
    struct field *fields[] = {field_of(&bench.fixture, "project", "budget"), field_of(&bench.fixture, "project", "label")};
    struct scan scan = {.record = bench.project, .order = SCAN_BY_ID, .fields = fields, .field_count = 2};
    struct cursor *cursor = store_scan(bench.store, &scan, &bench.failure);
    store_set_stop(bench.store, stop_now, NULL);
    const struct batch *batch;
    struct failure failure = {0};
    while ((batch = cursor_next(cursor, &failure)) && batch->row_count > 0)
        continue;
    CHECK(batch == NULL);
    CHECK_INT(failure.kind, FAILURE_STOPPED);
    store_set_stop(bench.store, NULL, NULL);
    CHECK(cursor_restart(cursor, 0, &bench.failure));
    batch = cursor_next(cursor, &bench.failure);
    CHECK_INT(batch ? batch->row_count : -1, SCAN_BATCH_ROWS);
    cursor_close(cursor);
    stop(&bench);
}

static void scans_changes(void) {
    struct bench bench = start();
    ADD(bench.store, bench.unit, &bench.failure, {"area", text_value("x")});
    CHECK(store_commit(bench.store, &bench.failure));
    struct record_type *change = record_of(&bench.fixture, "change");
    struct field *fields[] = {record_find_field(change, "at"), record_find_field(change, "who"), change->fields[FIELD_OWN_KEY]};
    struct scan scan = {.record = change, .order = SCAN_BY_ID, .fields = fields, .field_count = 3};
    CHECK_TEXT(scan_text(bench.store, bench.fixture.arena, &scan), "1:1000:tester:- ");
    int64_t id = 0;
    CHECK(store_find_key(bench.store, change, "change-1", 8, &id, &bench.failure));
    CHECK_INT(id, 1);
    stop(&bench);
}

int main(void) {
    RUN(scans_by_id);
    RUN(scans_by_reference);
    RUN(ensures_paths_by_itself);
    RUN(fills_batches);
    RUN(starts_again_with_another_owner);
    RUN(scans_many_columns);
    RUN(stops_a_scan);
    RUN(scans_changes);
    return UNIT_END("store_scan");
}
