/* Scans that read ahead give what other scans give: also when they are left half way, stopped, or when the transaction has changed rows. */
#include "tests/unit/store_fixture.h"

enum { PROJECTS = 3000, ENTRIES_MAX = 5 /* of a project */ };

static const char program_text[] =
    "record project \"Project\" { label: text? }\n"
    "record entry \"Entry\" { project: project inverse entries  n: int  weight: number?  label: text? }\n";

struct bench {
    struct fixture fixture;
    struct store *store;
    struct failure failure;
    char *folder;
    struct record_type *project, *entry;
    struct field *fields[3];
    struct scan scan;
};

static void fill(struct bench *bench) {
    char label[32];
    for (int i = 1; i <= PROJECTS; i++)
        ADD(bench->store, bench->project, &bench->failure, {"label", text_value("x")});
    for (int i = 1, n = 0; i <= PROJECTS; i++)
        for (int k = 0; k < i * 7 % (ENTRIES_MAX + 1); k++, n++) {
            snprintf(label, sizeof label, "entry %d", n);
            ADD(bench->store, bench->entry, &bench->failure, {"project", value_int(i)}, {"n", value_int(n)}, {"weight", n % 4 ? value_number(n / 8.0) : value_missing()},
                {"label", n % 3 ? text_value(label) : value_missing()});
        }
}

static struct bench start(void) {
    struct bench bench = {.fixture = fixture_open(program_text), .folder = folder_make()};
    bench.store = store_of(folder_path(bench.fixture.arena, bench.folder, "ahead.db"), STORE_READ_WRITE, &bench.failure);
    CHECK(store_apply_schema(bench.store, bench.fixture.program, &bench.failure));
    CHECK(store_begin(bench.store, "t", "t", 0, &bench.failure));
    bench.project = record_of(&bench.fixture, "project");
    bench.entry = record_of(&bench.fixture, "entry");
    static const char *const names[] = {"n", "weight", "label"};
    for (int i = 0; i < 3; i++)
        bench.fields[i] = field_of(&bench.fixture, "entry", names[i]);
    fill(&bench);
    CHECK(store_commit(bench.store, &bench.failure));
    bench.scan = (struct scan){.record = bench.entry, .order = SCAN_BY_REFERENCE, .reference = field_of(&bench.fixture, "entry", "project"), .field_count = 3};
    return bench;
}

static void stop(struct bench *bench) {
    CHECK_TEXT(bench->failure.message, "");
    store_close(bench->store);
    folder_remove(bench->folder);
    fixture_close(&bench->fixture);
}

/* Both ways of reading, as text. */
static void check_same(struct bench *bench) {
    struct scan scan = bench->scan;
    scan.fields = bench->fields;
    const char *plain = scan_text(bench->store, bench->fixture.arena, &scan);
    scan.may_read_ahead = true;
    CHECK_TEXT(scan_text(bench->store, bench->fixture.arena, &scan), plain);
}

static void reads_the_same(void) {
    struct bench bench = start();
    check_same(&bench);
    bench.scan.order = SCAN_BY_ID; /* clustered by project: sorted */
    check_same(&bench);
    CHECK(store_begin(bench.store, "t", "t", 0, &bench.failure));
    check_same(&bench);
    CHECK(CHANGE(bench.store, bench.entry, 17, NULL, &bench.failure, {"n", value_int(-1)}));
    check_same(&bench); /* what the transaction has changed is seen */
    CHECK(store_commit(bench.store, &bench.failure));
    check_same(&bench);
    stop(&bench);
}

static void goes_on_beside_others(void) {
    struct bench bench = start();
    struct scan scan = bench.scan;
    scan.fields = bench.fields;
    scan.may_read_ahead = true;
    struct cursor *cursors[3];
    int64_t seen[3] = {0};
    for (int i = 0; i < 3; i++)
        cursors[i] = store_scan(bench.store, &scan, &bench.failure);
    for (bool any = true; any;) { /* in turn, at different speeds */
        any = false;
        for (int i = 0; i < 3; i++)
            for (int step = 0; step <= i; step++) {
                const struct batch *batch = cursor_next(cursors[i], &bench.failure);
                for (int r = 0; batch && r < batch->row_count; r++)
                    CHECK(batch->columns[0].integers[r] == seen[i]++);
                any = any || (batch && batch->row_count);
            }
    }
    CHECK(seen[0] > 0 && seen[0] == seen[1] && seen[1] == seen[2]);
    for (int i = 0; i < 3; i++)
        cursor_close(cursors[i]);
    stop(&bench);
}

static void may_be_left(void) {
    struct bench bench = start();
    struct scan scan = bench.scan;
    scan.fields = bench.fields;
    scan.may_read_ahead = true;
    for (int batches = 0; batches < 4; batches++) {
        struct cursor *cursor = store_scan(bench.store, &scan, &bench.failure);
        for (int i = 0; i < batches; i++)
            CHECK(cursor_next(cursor, &bench.failure)->row_count > 0);
        cursor_close(cursor);
    }
    CHECK(store_begin(bench.store, "t", "t", 0, &bench.failure)); /* no lock is left behind */
    CHECK(CHANGE(bench.store, bench.entry, 17, NULL, &bench.failure, {"n", value_int(-1)}));
    CHECK(store_commit(bench.store, &bench.failure));
    stop(&bench);
}

static bool stop_now(void *context) {
    return *(bool *)context;
}

static void stops_when_asked(void) {
    struct bench bench = start();
    struct scan scan = bench.scan;
    struct failure failure = {0};
    bool stops = false;
    scan.fields = bench.fields;
    scan.may_read_ahead = true;
    store_set_stop(bench.store, stop_now, &stops);
    struct cursor *cursor = store_scan(bench.store, &scan, &bench.failure);
    CHECK(cursor_next(cursor, &failure)->row_count > 0);
    stops = true;
    while (cursor_next(cursor, &failure)) /* without reading ahead, what is at hand may still come */
        ;
    CHECK_INT(failure.kind, FAILURE_STOPPED);
    cursor_close(cursor);
    stops = false;
    check_same(&bench);
    stop(&bench);
}

int main(void) {
    RUN(reads_the_same);
    RUN(goes_on_beside_others);
    RUN(may_be_left);
    RUN(stops_when_asked);
    return UNIT_END("store_ahead");
}
