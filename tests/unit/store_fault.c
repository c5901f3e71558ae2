/* What the world does to a store: a full disk, another writer, a kill in the middle. Each time it holds the old state or the new one. */
#include "tests/unit/store_fixture.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static const char program_text[] =
    "record project \"Project\" { label: text? }\n"
    "record entry \"Entry\" { project: project inverse entries  n: int  label: text? }\n";

static struct arena *arena;

struct bench {
    struct fixture fixture;
    char *folder;
    const char *path;
    struct store *store;
    struct failure failure;
    struct record_type *project, *entry;
};

static struct bench start(void) {
    struct bench bench = {.fixture = fixture_open(program_text), .folder = folder_make()};
    bench.path = folder_path(arena, bench.folder, "remit.db");
    bench.store = store_of(bench.path, STORE_READ_WRITE, &bench.failure);
    CHECK(store_apply_schema(bench.store, bench.fixture.program, &bench.failure));
    bench.project = record_of(&bench.fixture, "project");
    bench.entry = record_of(&bench.fixture, "entry");
    CHECK(store_begin(bench.store, "t", "t", 0, &bench.failure));
    CHECK(ADD(bench.store, bench.project, &bench.failure, {"label", text_value("first")}) == 1);
    CHECK(store_commit(bench.store, &bench.failure));
    CHECK_TEXT(bench.failure.message, "");
    return bench;
}

static void stop(struct bench *bench) {
    store_close(bench->store);
    fixture_close(&bench->fixture);
    folder_remove(bench->folder);
}

static void expect_as_before(struct bench *bench) {
    CHECK_TEXT(ask(bench->store, arena, "SELECT count(*), (SELECT count(*) FROM t_entry), (SELECT count(*) FROM remit_change)" END " FROM t_project"), "1|0|1\n");
    CHECK_TEXT(ask(bench->store, arena, "SELECT * FROM pragma_integrity_check, (SELECT ';')"), "ok\n");
}

/* Adds rows until something fails, one by one or by the loader. */
static bool write_much(struct bench *bench, bool by_loader, int rows) {
    char label[400];
    memset(label, 'x', sizeof label);
    struct failure *failure = &bench->failure;
    if (!store_begin(bench->store, "t", "much", 0, failure))
        return false;
    bool done = true;
    if (by_loader) {
        struct field *fields[] = {field_of(&bench->fixture, "entry", "project"), field_of(&bench->fixture, "entry", "n"), field_of(&bench->fixture, "entry", "label")};
        struct store_loader *loader = store_loader_open(bench->store, bench->entry, fields, 3, failure);
        int64_t inserted, updated;
        for (int i = 0; done && i < rows; i++)
            done = store_loader_add(loader, 0, (struct value[]){value_int(1), value_int(i), value_text(label, sizeof label)}, failure);
        if (done)
            done = store_loader_finish(loader, &inserted, &updated, failure);
        else
            store_loader_abandon(loader);
    } else
        for (int i = 0; done && i < rows; i++)
            done = ADD(bench->store, bench->entry, failure, {"project", value_int(1)}, {"n", value_int(i)}, {"label", value_text(label, sizeof label)}) != 0;
    if (done)
        return store_commit(bench->store, failure);
    store_rollback(bench->store);
    return false;
}

/* SQLite's own limit on pages stands for a full disk. */
static void survives_a_full_disk(void) {
    for (int by_loader = 0; by_loader < 2; by_loader++) {
        struct bench bench = start();
        CHECK(store_execute(bench.store, "PRAGMA max_page_count = 100", &bench.failure));
        CHECK(!write_much(&bench, by_loader, 5000));
        CHECK_INT(bench.failure.code, DIAG_STORE_FULL);
        CHECK_INT(bench.failure.kind, FAILURE_STORE);
        CHECK(!store_in_transaction(bench.store));
        CHECK(store_apply_schema(bench.store, bench.fixture.program, &bench.failure));
        expect_as_before(&bench);
        bench.failure = (struct failure){0};
        CHECK(write_much(&bench, by_loader, 10)); /* and it goes on */
        CHECK_TEXT(bench.failure.message, "");
        stop(&bench);
    }
}

/* The kernel's limit on a file's size, met at each step of the way: while pages spill, at the commit, in the journal. */
static void survives_failing_writes(void) {
    signal(SIGXFSZ, SIG_IGN);
    for (int by_loader = 0; by_loader < 2; by_loader++)
        for (int step = 0; step < 12; step++) {
            struct bench bench = start();
            struct stat about;
            CHECK(stat(bench.path, &about) == 0);
            store_close(bench.store); /* a small cache, so that pages are written before the commit too */
            bench.store = store_open(bench.path, &(struct store_options){.mode = STORE_READ_WRITE, .cache_bytes = 65536}, &bench.failure);
            CHECK(store_apply_schema(bench.store, bench.fixture.program, &bench.failure));
            fflush(NULL); /* what tests print must not be cut off by the limit */
            struct rlimit before, limit;
            getrlimit(RLIMIT_FSIZE, &before);
            limit = before;
            limit.rlim_cur = step < 4 ? (rlim_t)(step * 700 + 100) : (rlim_t)about.st_size + (rlim_t)(step - 4) * 20000;
            setrlimit(RLIMIT_FSIZE, &limit);
            bool done = write_much(&bench, by_loader, 1000);
            setrlimit(RLIMIT_FSIZE, &before);
            CHECK(!done);
            CHECK(bench.failure.code == DIAG_STORE_FULL || bench.failure.code == DIAG_STORE_INPUT_OUTPUT);
            store_close(bench.store);
            struct failure again = {0};
            bench.store = store_of(bench.path, STORE_READ_WRITE, &again);
            CHECK(bench.store != NULL);
            CHECK_TEXT(again.message, "");
            expect_as_before(&bench);
            stop(&bench);
        }
}

static void waits_and_says_who_has_it(void) {
    struct bench bench = start();
    CHECK(store_begin(bench.store, "t", "t", 0, &bench.failure));
    CHECK(ADD(bench.store, bench.project, &bench.failure, {"label", text_value("second")}) == 2);
    struct failure failure = {0};
    struct store *other = store_of(bench.path, STORE_READ_WRITE, &failure);
    CHECK(other != NULL);
    CHECK(store_apply_schema(other, bench.fixture.program, &failure)); /* reading goes on */
    CHECK_TEXT(ask(other, arena, "SELECT count(*)" END " FROM t_project"), "1\n");
    CHECK(!store_begin(other, "t", "t", 0, &failure));
    CHECK_INT(failure.code, DIAG_STORE_LOCKED);
    CHECK_INT(failure.kind, FAILURE_STORE);
    CHECK(!store_in_transaction(other));
    failure = (struct failure){0};
    CHECK(store_commit(bench.store, &bench.failure));
    CHECK(store_begin(other, "t", "t", 0, &failure));
    CHECK_INT(ADD(other, bench.project, &failure, {"label", text_value("third")}), 3); /* numbers go on from the other's */
    CHECK(store_commit(other, &failure));
    CHECK_TEXT(failure.message, "");
    store_close(other);
    stop(&bench);
}

static bool asked_often(void *context) {
    return ++*(int *)context > 30;
}

static void waits_no_longer_than_the_work_may_last(void) {
    struct bench bench = start();
    CHECK(store_begin(bench.store, "t", "t", 0, &bench.failure));
    int asked = 0;
    struct failure failure = {0};
    struct store_options options = {.mode = STORE_READ_WRITE, .busy_timeout_ms = 24 * 3600 * 1000, .should_stop = asked_often, .stop_context = &asked};
    struct store *other = store_open(bench.path, &options, &failure);
    CHECK(other != NULL);
    CHECK(!store_begin(other, "t", "t", 0, &failure));
    CHECK_INT(failure.code, DIAG_STORE_LOCKED);
    CHECK(asked > 30);
    store_close(other);
    stop(&bench);
}

static void a_reader_keeps_a_writer_waiting(void) {
    struct bench bench = start();
    struct failure failure = {0};
    struct store *reader = store_of(bench.path, STORE_READ_ONLY, &failure);
    struct statement *reading = store_prepare(reader, "SELECT _id FROM t_project", &failure);
    CHECK_INT(statement_step(reading, &failure), STATEMENT_ROW);
    CHECK(store_begin(bench.store, "t", "t", 0, &bench.failure));
    CHECK(ADD(bench.store, bench.project, &bench.failure, {"label", text_value("second")}) == 2);
    bool done = store_commit(bench.store, &bench.failure); /* refused under the rollback journal, fine under the write-ahead log */
    CHECK(done || bench.failure.code == DIAG_STORE_LOCKED);
    statement_close(reading);
    store_close(reader);
    bench.failure = (struct failure){0};
    CHECK(store_apply_schema(bench.store, bench.fixture.program, &bench.failure));
    CHECK(store_begin(bench.store, "t", "t", 0, &bench.failure));
    CHECK(ADD(bench.store, bench.project, &bench.failure, {"label", text_value("again")}) == (done ? 3 : 2));
    CHECK(store_commit(bench.store, &bench.failure));
    CHECK_TEXT(bench.failure.message, "");
    stop(&bench);
}

/* Scans that are open together read one state; a transaction may begin while they are open. */
static void scans_read_one_state(void) {
    struct bench bench = start();
    struct failure failure = {0};
    struct scan scan = {.record = bench.project, .order = SCAN_BY_ID};
    struct cursor *first = store_scan(bench.store, &scan, &bench.failure), *second = store_scan(bench.store, &scan, &bench.failure);
    CHECK_INT(cursor_next(first, &bench.failure)->row_count, 1);
    CHECK_INT(cursor_next(first, &bench.failure)->row_count, 0);
    struct store *other = store_of(bench.path, STORE_READ_WRITE, &failure);
    CHECK(store_execute(other, "BEGIN IMMEDIATE; INSERT INTO t_project(_since) VALUES(1)", &failure));
    bool done = store_execute(other, "COMMIT", &failure); /* waits for the scans in vain, unless there is a write-ahead log */
    CHECK(done || failure.code == DIAG_STORE_LOCKED);
    CHECK_INT(cursor_next(second, &bench.failure)->row_count, 1);
    CHECK(cursor_restart(first, 0, &bench.failure));
    CHECK_INT(cursor_next(first, &bench.failure)->row_count, 1);
    store_close(other);
    CHECK(store_begin(bench.store, "t", "t", 0, &bench.failure));
    CHECK(ADD(bench.store, bench.project, &bench.failure, {"label", value_missing()}) != 0);
    cursor_close(first);
    CHECK(store_in_transaction(bench.store));
    CHECK(store_commit(bench.store, &bench.failure));
    cursor_close(second);
    CHECK_TEXT(bench.failure.message, "");
    stop(&bench);
}

/* A child writes, is killed before it commits, and leaves a journal behind. */
static void survives_a_kill(void) {
    for (int by_loader = 0; by_loader < 2; by_loader++) {
        struct bench bench = start();
        store_close(bench.store);
        int ready[2];
        CHECK(pipe(ready) == 0);
        fflush(NULL);
        pid_t child = fork();
        if (child == 0) {
            bench.store = store_open(bench.path, &(struct store_options){.mode = STORE_READ_WRITE, .cache_bytes = 65536}, &bench.failure);
            store_apply_schema(bench.store, bench.fixture.program, &bench.failure);
            store_begin(bench.store, "t", "killed", 0, &bench.failure);
            struct field *fields[] = {field_of(&bench.fixture, "entry", "project"), field_of(&bench.fixture, "entry", "n")};
            struct store_loader *loader = store_loader_open(bench.store, bench.entry, fields, 2, &bench.failure);
            int64_t inserted, updated;
            for (int i = 0; i < 50000; i++) {
                if (by_loader)
                    store_loader_add(loader, 0, (struct value[]){value_int(1), value_int(i)}, &bench.failure);
                else
                    ADD(bench.store, bench.entry, &bench.failure, {"project", value_int(1)}, {"n", value_int(i)});
            }
            CHANGE(bench.store, bench.project, 1, NULL, &bench.failure, {"label", text_value("changed")});
            store_loader_finish(loader, &inserted, &updated, &bench.failure);
            CHECK(write(ready[1], "x", 1) == 1);
            pause();
            _exit(0);
        }
        char byte;
        close(ready[1]);
        CHECK(read(ready[0], &byte, 1) == 1);
        close(ready[0]);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        struct stat about;
        bool has_journal = stat(arena_format(arena, "%s-journal", bench.path), &about) == 0;
        bench.store = store_of(bench.path, STORE_READ_ONLY, &bench.failure);
        if (has_journal && !bench.store)
            CHECK_INT(bench.failure.code, DIAG_STORE_INTERRUPTED_WRITER);
        store_close(bench.store);
        bench.failure = (struct failure){0};
        bench.store = store_of(bench.path, STORE_READ_WRITE, &bench.failure);
        CHECK(bench.store != NULL);
        CHECK_TEXT(bench.failure.message, "");
        expect_as_before(&bench);
        CHECK_TEXT(ask(bench.store, arena, "SELECT label" END " FROM project"), "first\n");
        stop(&bench);
    }
}

/* Killed while the file is being made: what is left counts as new. */
static void survives_a_kill_while_made(void) {
    struct fixture fixture = fixture_open(program_text);
    char *folder = folder_make();
    const char *path = folder_path(arena, folder, "remit.db");
    int ready[2];
    CHECK(pipe(ready) == 0);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        struct failure failure = {0};
        struct store *store = store_open(path, &(struct store_options){.mode = STORE_READ_WRITE, .cache_bytes = 16384}, &failure);
        store_begin(store, "t", "t", 0, &failure);
        store_apply_schema(store, fixture.program, &failure);
        for (int i = 0; i < 50000; i++)
            ADD(store, record_of(&fixture, "project"), &failure, {"label", text_value("a rather long label, so that pages are written before the end")});
        CHECK(write(ready[1], "x", 1) == 1);
        pause();
        _exit(0);
    }
    char byte;
    close(ready[1]);
    CHECK(read(ready[0], &byte, 1) == 1);
    close(ready[0]);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    struct failure failure = {0};
    struct store *store = store_of(path, STORE_READ_WRITE, &failure);
    CHECK(store != NULL);
    CHECK(store && store_apply_schema(store, fixture.program, &failure));
    CHECK_TEXT(failure.message, "");
    CHECK_TEXT(ask(store, arena, "SELECT count(*)" END " FROM t_project"), "0\n");
    store_close(store);
    fixture_close(&fixture);
    folder_remove(folder);
}

static bool stop_soon(void *context) {
    return ++*(int *)context > 20;
}

static void takes_back_what_was_stopped(void) {
    struct bench bench = start();
    CHECK(store_begin(bench.store, "t", "t", 0, &bench.failure));
    int asked = 0;
    store_set_stop(bench.store, stop_soon, &asked);
    bool going = true;
    for (int i = 0; going && i < 1000000; i++)
        going = ADD(bench.store, bench.project, &bench.failure, {"label", text_value("more")}) != 0;
    CHECK(!going);
    CHECK_INT(bench.failure.kind, FAILURE_STOPPED);
    store_set_stop(bench.store, NULL, NULL);
    store_rollback(bench.store);
    expect_as_before(&bench);
    struct failure after = {0};
    CHECK(store_begin(bench.store, "t", "t", 0, &after)); /* and it goes on without the program being applied again */
    CHECK_INT(ADD(bench.store, bench.project, &after, {"label", text_value("second")}), 2);
    CHECK(store_remove(bench.store, bench.project, 1, &after));
    CHECK(store_commit(bench.store, &after));
    CHECK_TEXT(after.message, "");
    stop(&bench);
}

/* On a full disk SQLite gives up the transaction by itself. Nothing may be written then as if it were still there. */
static void writes_nothing_after_the_transaction_is_lost(void) {
    struct bench bench = start();
    CHECK(store_execute(bench.store, "PRAGMA max_page_count = 60", &bench.failure));
    CHECK(store_begin(bench.store, "t", "t", 0, &bench.failure));
    bool going = true;
    for (int i = 0; going && i < 1000000; i++)
        going = ADD(bench.store, bench.project, &bench.failure, {"label", text_value("more")}) != 0;
    CHECK(!going);
    CHECK_INT(bench.failure.code, DIAG_STORE_FULL);
    struct failure after = {0};
    CHECK_INT(ADD(bench.store, bench.project, &after, {"label", text_value("more")}), 0);
    CHECK(after.code == DIAG_STORE_LOST || after.code == DIAG_STORE_FULL);
    after = (struct failure){0};
    CHECK(!store_savepoint(bench.store, &after) || !store_commit(bench.store, &after));
    store_rollback(bench.store);
    CHECK(!store_in_transaction(bench.store));
    expect_as_before(&bench);
    stop(&bench);
}

int main(void) {
    arena = arena_create();
    RUN(survives_a_full_disk);
    RUN(survives_failing_writes);
    RUN(waits_and_says_who_has_it);
    RUN(waits_no_longer_than_the_work_may_last);
    RUN(a_reader_keeps_a_writer_waiting);
    RUN(scans_read_one_state);
    RUN(survives_a_kill);
    RUN(survives_a_kill_while_made);
    RUN(takes_back_what_was_stopped);
    RUN(writes_nothing_after_the_transaction_is_lost);
    arena_destroy(arena);
    return UNIT_END("store_fault");
}
