/* Every call of the file system fails once, and then the disk is gone or full from that call on: the store holds the old state or the new one, and its journal holds. */
#include "tests/unit/failing_vfs.h"
#include "tests/unit/store_fixture.h"
#include "runtime/store/journal.h"

#include <sys/stat.h>

static const char program_text[] =
    "enum color { red, green, blue }\n"
    "record project \"Project\" { label: text?  tags: set of color }\n"
    "record entry \"Entry\" { project: project inverse entries  n: int  label: text? }\n";
static const char later_text[] =
    "enum color { green, red, blue, white }\n"
    "record project \"Project\" { label: text?  tags: set of color  rank: int default 3 }\n"
    "record entry \"Entry\" { project: project inverse entries  n: int?  label: text?  on: date? }\n"
    "record note \"Note\" { text_of: text }\n";

/* Every call, but for the slow programs that sanitizers make, where one in five is enough of what fails for good. */
#ifdef __SANITIZE_ADDRESS__
enum { STEP = 5 };
#else
enum { STEP = 1 };
#endif

static struct arena *arena;

struct bench {
    struct fixture now, later;
    char *folder;
    const char *path;
    struct store *store;
    struct failure failure;
};

static bool open_store(struct bench *bench) {
    bench->failure = (struct failure){0};
    bench->store = store_open(bench->path, &(struct store_options){.mode = STORE_READ_WRITE, .busy_timeout_ms = 100, .cache_bytes = 65536}, &bench->failure);
    return bench->store != NULL;
}

/* ---- what is done while calls fail ---- */

static bool add_first(struct bench *bench, struct store *store, struct failure *failure) {
    int64_t id = ADD(store, record_of(&bench->now, "project"), failure, {"label", text_value("first")});
    struct value tags[] = {value_int(0), value_int(2)};
    return id && ADD(store, record_of(&bench->now, "project"), failure, {"label", text_value("second")}) &&
           store_set_members(store, field_of(&bench->now, "project", "tags"), id, tags, 2, failure) && ADD(store, record_of(&bench->now, "entry"), failure, {"project", value_int(id)}, {"n", value_int(5)});
}

static bool change_rows(struct bench *bench, struct store *store, struct failure *failure) {
    struct value tags[] = {value_int(1)};
    struct policy_file file = {"a.remit", "remit 1\n"};
    struct policy_version version = {.meaning = "m", .texts = "t"};
    return CHANGE(store, record_of(&bench->now, "project"), 1, NULL, failure, {"label", text_value("changed")}) &&
           store_set_members(store, field_of(&bench->now, "project", "tags"), 1, tags, 1, failure) && store_remove(store, record_of(&bench->now, "project"), 2, failure) &&
           store_save_policy(store, &file, 1, &version, failure);
}

static bool load_rows(struct bench *bench, struct store *store, struct failure *failure) {
    enum { ROWS = 800 };
    char label[200];
    memset(label, 'x', sizeof label);
    struct field *fields[] = {field_of(&bench->now, "entry", "project"), field_of(&bench->now, "entry", "n"), field_of(&bench->now, "entry", "label")};
    struct store_loader *loader = store_loader_open(store, record_of(&bench->now, "entry"), fields, 3, failure);
    bool done = loader != NULL;
    for (int i = 0; done && i < ROWS; i++)
        done = store_loader_add(loader, 0, (struct value[]){value_int(i % 2 + 1), value_int(i), value_text(label, sizeof label)}, failure);
    int64_t inserted, updated;
    if (done)
        return store_loader_finish(loader, &inserted, &updated, failure);
    store_loader_abandon(loader);
    return false;
}

static bool change_schema(struct bench *bench, struct store *store, struct failure *failure) {
    return store_apply_schema(store, bench->later.program, failure);
}

/* From opening to closing, as a command does it. */
static bool run(struct bench *bench, bool (*work)(struct bench *bench, struct store *store, struct failure *failure)) {
    if (!open_store(bench))
        return false;
    struct failure *failure = &bench->failure;
    bool done = store_begin(bench->store, "t", "work", 0, failure) && store_apply_schema(bench->store, bench->now.program, failure) && work(bench, bench->store, failure);
    if (done)
        done = store_commit(bench->store, failure);
    else
        store_rollback(bench->store);
    store_close(bench->store);
    bench->store = NULL;
    return done;
}

/* ---- the state of a store, as text ---- */

static const char *state_of(struct bench *bench, bool *holds) {
    *holds = false;
    struct failure failure = {0};
    struct stat about;
    if (stat(bench->path, &about) != 0 || about.st_size == 0) {
        *holds = true;
        return "nothing";
    }
    struct store *store = store_open(bench->path, &(struct store_options){.mode = STORE_READ_WRITE, .busy_timeout_ms = 100}, &failure);
    if (!store || store_is_absent(store)) {
        *holds = store != NULL;
        store_close(store);
        return store ? "nothing" : arena_copy_string(arena, failure.message);
    }
    struct journal_verdict *verdict;
    if (journal_verify(store, arena, NULL, &verdict, &failure))
        *holds = verdict->faults_found == 0;
    else if (failure.code == DIAG_JOURNAL_NOT_YET)
        *holds = true;
    for (int i = 0; !*holds && i < verdict->fault_count; i++)
        printf("change %lld: %s: %s\n", (long long)verdict->faults[i].change, verdict->faults[i].record ? verdict->faults[i].record : "", verdict->faults[i].problem);
    const char *hash;
    int64_t number;
    const char *text = journal_head(store, arena, &hash, &number, &failure) ? arena_format(arena, "%lld %s", (long long)number, hash) : arena_copy_string(arena, failure.message);
    const char *integrity = ask(store, arena, "SELECT * FROM pragma_integrity_check, (SELECT ';')");
    *holds = *holds && strcmp(integrity, "ok\n") == 0;
    store_close(store);
    return text;
}

static void copy_file(const char *from, const char *to) {
    char *bytes = malloc(1 << 22);
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    size_t length = in && bytes ? fread(bytes, 1, 1 << 22, in) : 0;
    CHECK(!in || (out && fwrite(bytes, 1, length, out) == length));
    if (in)
        fclose(in);
    if (out)
        fclose(out);
    free(bytes);
}

/* Fails each call in turn until the work is done without any that fails. from NULL: there is no store yet. */
static void fail_each_call(struct bench *bench, const char *from, bool (*work)(struct bench *bench, struct store *store, struct failure *failure)) {
    const char *journal = folder_path(arena, bench->folder, "remit.db-journal");
    bool holds;
    for (int how = 0; how < FAILING_WAYS; how++) {
        const char *before = "nothing", *after = NULL;
        bool has_failed = true;
        for (int at = 1; has_failed && at < 3000; at += how == FAILING_ONCE ? 1 : STEP) {
            remove(bench->path);
            remove(journal);
            if (from)
                copy_file(from, bench->path);
            if (at == 1) {
                before = state_of(bench, &holds);
                CHECK(run(bench, work));
                after = state_of(bench, &holds);
                CHECK(holds);
                remove(bench->path);
                if (from)
                    copy_file(from, bench->path);
            }
            failing_start(at, (enum failing_how)how);
            bool done = run(bench, work);
            has_failed = failing.has_failed;
            failing_end();
            const char *is = state_of(bench, &holds);
            bool is_old = strcmp(is, before) == 0, is_new = strcmp(is, after) == 0;
            if (!holds || (!is_old && !is_new) || (done && !is_new) || (!done && bench->failure.kind == FAILURE_NONE)) {
                printf("call %d failed (way %d), work %s: %s; the store has %s, before %s, after %s\n", at, how, done ? "done" : "not done", bench->failure.message, is, before, after);
                unit_ok = false;
                return;
            }
        }
        CHECK(!has_failed);
    }
}

static struct bench start(void) {
    struct bench bench = {.now = fixture_open(program_text), .later = fixture_open(later_text), .folder = folder_make()};
    bench.path = folder_path(arena, bench.folder, "remit.db");
    return bench;
}

static void stop(struct bench *bench) {
    fixture_close(&bench->now);
    fixture_close(&bench->later);
    folder_remove(bench->folder);
}

static void makes_a_store(void) {
    struct bench bench = start();
    fail_each_call(&bench, NULL, add_first);
    stop(&bench);
}

static void with_rows(bool (*work)(struct bench *bench, struct store *store, struct failure *failure)) {
    struct bench bench = start();
    CHECK(run(&bench, add_first));
    const char *from = folder_path(arena, bench.folder, "from.db");
    copy_file(bench.path, from);
    fail_each_call(&bench, from, work);
    stop(&bench);
}

static void changes_rows(void) {
    with_rows(change_rows);
}

static void loads_rows(void) {
    with_rows(load_rows);
}

static void changes_the_schema(void) {
    with_rows(change_schema);
}

/* A store of the first format gets its journal while calls fail. */
static void makes_a_journal(void) {
    struct bench bench = start();
    const char *from = folder_path(arena, bench.folder, "from.db");
    char *sql = calloc(1, 1 << 20);
    FILE *file = fopen("tests/golden/journal/data/old_store.sql", "rb");
    CHECK(file && sql && fread(sql, 1, (1 << 20) - 1, file) > 0);
    sqlite3 *db = NULL;
    CHECK(sqlite3_open(from, &db) == SQLITE_OK && sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_close(db);
    if (file)
        fclose(file);
    free(sql);
    fail_each_call(&bench, from, add_first);
    stop(&bench);
}

int main(void) {
    arena = arena_create();
    failing_install();
    RUN(makes_a_store);
    RUN(changes_rows);
    RUN(loads_rows);
    RUN(changes_the_schema);
    RUN(makes_a_journal);
    arena_destroy(arena);
    return UNIT_END("store_failing_calls");
}
