/* Opening and closing a store: what kind of file it is, and the settings of a connection.
 * Knows: files, SQLite's settings. Does not know: records.
 *
 * The write-ahead log would let readers go on while one writes. But SQLite up to 3.51.2 has a rare bug that damages a file when several connections
 * reset its log at once, so it is used only on a library that has the mend; on others the rollback journal does the same work, with readers waiting. */
#include "runtime/store/scan.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SQLITE_WITH_SAFE_LOG = 3051003 };

/* ---- what the file is, before SQLite sees it ---- */

enum file_kind { FILE_ABSENT, FILE_EMPTY, FILE_PERHAPS, FILE_REFUSED };

static bool has_journal(const char *path) {
    struct arena *arena = arena_create();
    bool found = access(arena_format(arena, "%s-journal", path), F_OK) == 0;
    arena_destroy(arena);
    return found;
}

static enum file_kind look_at_file(const char *path, struct failure *failure) {
    struct stat about;
    if (!path[0]) {
        failure_set(failure, DIAG_STORE_NOT_FOUND, path);
        return FILE_REFUSED;
    }
    if (stat(path, &about) != 0) {
        if (errno == ENOENT)
            return FILE_ABSENT;
        failure_set(failure, DIAG_STORE_UNREADABLE, path, strerror(errno));
        return FILE_REFUSED;
    }
    if (S_ISDIR(about.st_mode)) {
        failure_set(failure, DIAG_STORE_FOLDER, path);
        failure_hint(failure, "Name the file, such as `%s%sremit.db`.", path, text_ends(path, "/") ? "" : "/");
        return FILE_REFUSED;
    }
    if (!S_ISREG(about.st_mode)) {
        failure_set(failure, DIAG_STORE_NOT_A_STORE, path, "it is no plain file");
        return FILE_REFUSED;
    }
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        failure_set(failure, DIAG_STORE_UNREADABLE, path, strerror(errno));
        return FILE_REFUSED;
    }
    static const char magic[16] = "SQLite format 3";
    char start[16] = {0};
    ssize_t got = read(file, start, sizeof start);
    close(file);
    if (got < 0) {
        failure_set(failure, DIAG_STORE_UNREADABLE, path, strerror(errno));
        return FILE_REFUSED;
    }
    if (got == 0)
        return FILE_EMPTY;
    if ((got == sizeof start && memcmp(start, magic, sizeof magic) == 0) || has_journal(path))
        return FILE_PERHAPS; /* a journal may still have to bring the file back to what it was */
    failure_set(failure, DIAG_STORE_NOT_A_STORE, path, "it is no SQLite file");
    return FILE_REFUSED;
}

/* Whether new files may be made beside that one; *is_there: there is a folder at all. */
static bool may_write_folder(const char *path, bool *is_there) {
    struct arena *arena = arena_create();
    const char *slash = strrchr(path, '/');
    const char *folder = !slash ? "." : slash == path ? "/" : arena_copy(arena, path, (size_t)(slash - path));
    struct stat about;
    *is_there = stat(folder, &about) == 0 && S_ISDIR(about.st_mode);
    bool allowed = *is_there && access(folder, W_OK | X_OK) == 0;
    arena_destroy(arena);
    return allowed;
}

/* A new store is made only when something is written; whether it can be made is said now. */
static bool may_make_file(const char *path, struct failure *failure) {
    bool is_there;
    if (may_write_folder(path, &is_there))
        return true;
    return is_there ? failure_set(failure, DIAG_STORE_READ_ONLY, path, "its folder may not be written") : failure_set(failure, DIAG_STORE_NO_FOLDER, path);
}

/* ---- the connection ---- */

static int ask_to_stop(void *context) {
    struct store *store = context;
    return store->should_stop && store->should_stop(store->stop_context);
}

void store_set_stop(struct store *store, bool (*should_stop)(void *context), void *context) {
    store->should_stop = should_stop;
    store->stop_context = context;
    if (store->db)
        sqlite3_progress_handler(store->db, should_stop ? STORE_STOP_STEPS : 0, should_stop ? ask_to_stop : NULL, store);
}

bool store_may_go_on(struct store *store, struct failure *failure) {
    return !ask_to_stop(store) || store_fail(store, SQLITE_INTERRUPT, failure);
}

/* Another program holds the store: wait a little and try again, unless it has been long enough or the work is to stop. */
static int wait_for_lock(void *context, int tries) {
    struct store *store = context;
    if (tries == 0)
        store->waited_ms = 0;
    int pause = tries < LOCK_QUICK_TRIES ? 1 : LOCK_PAUSE_MS;
    if (store->waited_ms >= store->wait_ms || ask_to_stop(store))
        return 0;
    sqlite3_sleep(pause);
    store->waited_ms += pause;
    return 1;
}

static void set_switch(struct store *store, int which, int value) {
    int result = sqlite3_db_config(store->db, which, value, NULL);
    assert(result == SQLITE_OK);
    (void)result;
}

/* Settings that do not touch the file. A store may come from a stranger, so its views get no function that could do harm and its tables cannot be tricked. */
static void guard_connection(struct store *store) {
    set_switch(store, SQLITE_DBCONFIG_DEFENSIVE, 1);
    set_switch(store, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0);
    set_switch(store, SQLITE_DBCONFIG_DQS_DML, 0);
    set_switch(store, SQLITE_DBCONFIG_DQS_DDL, 0);
    set_switch(store, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0);
    store_set_foreign_keys(store, true);
    sqlite3_limit(store->db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_extended_result_codes(store->db, 1);
}

/* Reads the header: is it ours, and may we write it? */
static bool look_inside(struct store *store, struct failure *failure) {
    int64_t application, format, tables;
    if (!store_ask_int(store, &application, 0, failure, "PRAGMA application_id") || !store_ask_int(store, &format, 0, failure, "PRAGMA user_version"))
        return false;
    if (application != STORE_APPLICATION_ID) {
        if (!store_ask_int(store, &tables, 0, failure, "SELECT count(*) FROM sqlite_schema"))
            return false;
        store->is_new = application == 0 && tables == 0; /* an interrupted first use, or an SQLite file without a table */
        return store->is_new || failure_set(failure, DIAG_STORE_NOT_A_STORE, store->path, "it is an SQLite file of another program");
    }
    if (format > STORE_FORMAT)
        return failure_set(failure, DIAG_STORE_NEWER, store->path, (int)format, STORE_FORMAT);
    bool is_there;
    if (!store->read_only && (sqlite3_db_readonly(store->db, "main") == 1 || !may_write_folder(sqlite3_db_filename(store->db, "main"), &is_there)))
        store->read_only = true; /* neither the file itself nor a journal beside it may be written: it can still be read */
    return format == STORE_FORMAT || store_pretend_format(store, failure);
}

bool store_settle(struct store *store, struct failure *failure) {
    if (!store_run(store, failure, "PRAGMA cache_size = -%lld", (long long)(store->cache_bytes / 1024)))
        return false;
    if (store->read_only || store->is_memory)
        return true;
    const char *mode = sqlite3_libversion_number() >= SQLITE_WITH_SAFE_LOG ? "WAL" : "DELETE";
    struct failure busy = {0}; /* another program that reads just now keeps the mode as it is, which is no harm */
    bool done = store_run(store, &busy, "PRAGMA journal_mode = %s", mode);
    if (!done && busy.code != DIAG_STORE_LOCKED) {
        *failure = busy;
        return false;
    }
    return true;
}

static bool open_connection(struct store *store, const char *path, struct failure *failure) {
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    flags |= store->read_only && !store->is_memory ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    struct arena *arena = arena_create();
    /* SQLite gives names that start with a colon a meaning of their own. */
    const char *name = path[0] == ':' && strcmp(path, ":memory:") != 0 ? arena_format(arena, "./%s", path) : path;
    int result = sqlite3_open_v2(name, &store->db, flags, NULL);
    arena_destroy(arena);
    if (result != SQLITE_OK)
        return store->db ? store_fail(store, result, failure) : failure_set(failure, DIAG_STORE_MEMORY);
    guard_connection(store);
    sqlite3_busy_handler(store->db, wait_for_lock, store);
    store_set_stop(store, store->should_stop, store->stop_context);
    return (scan_define(store->db, &store->filling) && periods_define(store->db) && functions_define(store)) || failure_set(failure, DIAG_STORE_MEMORY);
}

static bool open_file(struct store *store, struct failure *failure) {
    enum file_kind kind = store->is_memory ? FILE_EMPTY : look_at_file(store->path, failure);
    store->is_new = kind == FILE_ABSENT || kind == FILE_EMPTY;
    if (kind == FILE_REFUSED)
        return false;
    if (store->is_new && store->read_only && !store->is_memory) {
        failure_set(failure, DIAG_STORE_NOT_FOUND, store->path);
        failure_hint(failure, "Name one with `--store FILE`, or make it by loading something into it.");
        return false;
    }
    if (kind != FILE_ABSENT)
        return open_connection(store, store->path, failure) && (store->is_new || (look_inside(store, failure) && (store->is_new || store_settle(store, failure))));
    /* SQLite makes a file when it opens it. Until something is written, memory stands in for it. */
    store->is_absent = true;
    return may_make_file(store->path, failure) && open_connection(store, ":memory:", failure);
}

bool store_make_file(struct store *store, struct failure *failure) {
    if (store->is_absent) {
        sqlite3_close_v2(store->db); /* a statement that is still open keeps it alive as long as it needs it */
        store->db = NULL;
        if (!open_connection(store, store->path, failure))
            return false;
        store->is_absent = false;
        store->made_file = true;
    }
    return store_run(store, failure, "PRAGMA page_size = %d", STORE_PAGE_BYTES) && store_settle(store, failure);
}

struct store *store_open(const char *path, const struct store_options *options, struct failure *failure) {
    struct store *store = calloc(1, sizeof *store);
    assert(store);
    store->path = strdup(path);
    store->read_only = options->mode == STORE_READ_ONLY;
    store->is_memory = strcmp(path, ":memory:") == 0;
    store->without_views = options->without_views;
    store->member_texts = arena_create();
    store->scratch = arena_create();
    store->wait_ms = options->busy_timeout_ms ? options->busy_timeout_ms : STORE_WAIT_MS;
    store->should_stop = options->should_stop;
    store->stop_context = options->stop_context;
    store->cache_bytes = options->cache_bytes ? options->cache_bytes : STORE_CACHE_BYTES;
    if (open_file(store, failure))
        return store;
    store_close(store);
    return NULL;
}

/* What was to be its first transaction was taken back: no file is left of it, unless another program has written to it since. */
static void remove_unused_file(struct store *store) {
    struct failure unheard = {0};
    int64_t tables;
    store->wait_ms = 0;
    if (!store->made_file || !store->is_new || sqlite3_exec(store->db, "BEGIN EXCLUSIVE", NULL, NULL, NULL) != SQLITE_OK)
        return;
    if (store_ask_int(store, &tables, 0, &unheard, "SELECT count(*) FROM sqlite_schema") && tables == 0)
        unlink(sqlite3_db_filename(store->db, "main"));
    sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
}

void store_close(struct store *store) {
    if (!store)
        return;
    if (store->db) {
        store_rollback(store);
        remove_unused_file(store);
    }
    storages_destroy(store);
    catalog_destroy(store->catalog);
    int result = sqlite3_close(store->db);
    functions_forget(store);
    assert(result == SQLITE_OK); /* else a cursor or a statement was left open */
    (void)result;
    arena_destroy(store->member_texts);
    arena_destroy(store->scratch);
    free(store->members);
    free(store->savepoints);
    free(store->path);
    free(store);
}

const char *store_library_version(void) {
    return sqlite3_libversion();
}

bool store_is_read_only(const struct store *store) {
    return store->read_only;
}

bool store_is_absent(const struct store *store) {
    return store->is_new && !store->is_memory;
}
