/* Scans that read ahead: a thread fills sets of rows over a connection of its own, while those before are used.
 * Knows: threads, a second connection to the same file. Does not know: how rows are taken out of SQLite (scan.c).
 *
 * Both connections must see the same rows. Outside a transaction, the store's own connection holds the lock for reading, under which no other program can
 * commit; so the second sees the same. (Not so with a write-ahead log, where it could see what came later: there nothing is read ahead.) In a transaction, nobody else can write, and
 * the second connection sees what was there when it began; so nothing is read ahead once it has changed something. */
#include "runtime/store/scan.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    SETS         = 4,        /* of rows: one in use, one being filled, two that wait */
    CACHE_BYTES  = 1 << 20,  /* of the second connection: each page is read once */
    WAIT_NS      = 100000000 /* between two questions whether to stop */
};

struct ahead {
    struct store *store;
    sqlite3 *db;
    struct row_set *filling;
    struct scanner scanner;
    struct row_set sets[SETS];
    pthread_t thread;
    bool is_running;
    /* Set number n stands at n % SETS. Of these, under the lock: */
    pthread_mutex_t lock;
    pthread_cond_t moved;
    int filled;   /* so many sets have been filled */
    int given;    /* so many have been handed out; the last of them is in use */
    int result;   /* of the last that was filled */
    bool is_stopped;
};

/* ---- the second connection ---- */

static bool ask(sqlite3 *db, const char *sql, char *answer, size_t size) {
    sqlite3_stmt *statement = NULL;
    bool done = sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW;
    if (done)
        sqlite3_snprintf((int)size, answer, "%s", (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    return done;
}

static bool says_same(sqlite3 *a, sqlite3 *b, const char *sql) {
    char of_a[32], of_b[32];
    return ask(a, sql, of_a, sizeof of_a) && ask(b, sql, of_b, sizeof of_b) && strcmp(of_a, of_b) == 0;
}

/* Would a second connection see the same as the store's own, and go on doing so? */
static bool may_read_beside(struct store *store) {
    char mode[32];
    int has_moved = 0;
    if (store->is_memory || store->is_absent || store->is_new || sysconf(_SC_NPROCESSORS_ONLN) < 2)
        return false;
    if (sqlite3_file_control(store->db, "main", SQLITE_FCNTL_HAS_MOVED, &has_moved) != SQLITE_OK || has_moved)
        return false;
    if (store->in_transaction)
        return sqlite3_total_changes64(store->db) == store->changes_at_begin;
    return store->is_reading && ask(store->db, "PRAGMA journal_mode", mode, sizeof mode) && strcmp(mode, "wal") != 0;
}

/* The store's own connection is asked first: that is when it takes its lock. Another program that waits to write lets no new reader in, and waits for that lock in
 * turn: so the second connection does not wait for it, and nothing is read ahead then. */
static bool connect_beside(struct ahead *ahead) {
    struct store *store = ahead->store;
    char ignored[32];
    if (!ask(store->db, "PRAGMA schema_version", ignored, sizeof ignored))
        return false;
    if (sqlite3_open_v2(store->path, &ahead->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL) != SQLITE_OK)
        return false;
    sqlite3_db_config(ahead->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(ahead->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    char settings[64];
    sqlite3_snprintf(sizeof settings, settings, "PRAGMA cache_size = -%d; BEGIN", CACHE_BYTES / 1024);
    return scan_define(ahead->db, &ahead->filling) && sqlite3_exec(ahead->db, settings, NULL, NULL, NULL) == SQLITE_OK && says_same(store->db, ahead->db, "PRAGMA schema_version");
}

/* ---- the thread ---- */

static void *read_sets(void *context) {
    struct ahead *ahead = context;
    int result = SQLITE_ROW;
    pthread_mutex_lock(&ahead->lock);
    while (result == SQLITE_ROW && !ahead->is_stopped) {
        if (ahead->filled - ahead->given >= SETS - 1) { /* all are filled but the one in use */
            pthread_cond_wait(&ahead->moved, &ahead->lock);
            continue;
        }
        struct row_set *rows = &ahead->sets[ahead->filled % SETS];
        pthread_mutex_unlock(&ahead->lock);
        result = scanner_fill(&ahead->scanner, rows);
        pthread_mutex_lock(&ahead->lock);
        ahead->filled++;
        ahead->result = result;
        pthread_cond_broadcast(&ahead->moved);
    }
    pthread_mutex_unlock(&ahead->lock);
    return NULL;
}

/* Signals are for the threads that were there before. */
static bool start_thread(struct ahead *ahead) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    ahead->is_running = pthread_create(&ahead->thread, NULL, read_sets, ahead) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return ahead->is_running;
}

/* ---- for the cursor ---- */

struct ahead *ahead_start(struct store *store, const struct scan *scan, const char *sql, bool is_stepped) {
    if (!may_read_beside(store))
        return NULL;
    struct ahead *ahead = calloc(1, sizeof *ahead);
    assert(ahead);
    ahead->store = store;
    ahead->result = SQLITE_ROW;
    ahead->scanner = (struct scanner){.filling = &ahead->filling, .is_stepped = is_stepped};
    pthread_mutex_init(&ahead->lock, NULL);
    pthread_cond_init(&ahead->moved, NULL);
    bool good = connect_beside(ahead) && sqlite3_prepare_v2(ahead->db, sql, -1, &ahead->scanner.statement, NULL) == SQLITE_OK;
    for (int i = 0; i < SETS && good; i++)
        row_set_create(&ahead->sets[i], scan);
    if (good && start_thread(ahead))
        return ahead;
    ahead_stop(ahead);
    return NULL;
}

static bool wants_stop(const struct store *store) {
    return store->should_stop && store->should_stop(store->stop_context);
}

static void wait_a_little(struct ahead *ahead) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += WAIT_NS;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(&ahead->moved, &ahead->lock, &until);
}

const struct batch *ahead_next(struct ahead *ahead, struct failure *failure) {
    bool stops = wants_stop(ahead->store);
    pthread_mutex_lock(&ahead->lock);
    while (!stops && ahead->filled == ahead->given && ahead->result == SQLITE_ROW) {
        wait_a_little(ahead);
        stops = wants_stop(ahead->store);
    }
    struct row_set *rows = &ahead->sets[ahead->given % SETS];
    bool has_rows = ahead->filled > ahead->given, is_last = ahead->filled == ahead->given + 1;
    int result = stops ? SQLITE_INTERRUPT : is_last || !has_rows ? ahead->result : SQLITE_ROW;
    if (has_rows)
        ahead->given++;
    else
        rows->batch.row_count = 0; /* the thread has ended: the set is nobody's */
    pthread_cond_broadcast(&ahead->moved);
    pthread_mutex_unlock(&ahead->lock);
    if (result == SQLITE_ROW || result == SQLITE_DONE)
        return &rows->batch;
    store_fail(ahead->store, result, failure);
    return NULL;
}

void ahead_stop(struct ahead *ahead) {
    if (!ahead)
        return;
    if (ahead->is_running) {
        pthread_mutex_lock(&ahead->lock);
        ahead->is_stopped = true;
        pthread_cond_broadcast(&ahead->moved);
        pthread_mutex_unlock(&ahead->lock);
        sqlite3_interrupt(ahead->db);
        pthread_join(ahead->thread, NULL);
    }
    sqlite3_finalize(ahead->scanner.statement);
    sqlite3_close(ahead->db);
    for (int i = 0; i < SETS; i++)
        row_set_destroy(&ahead->sets[i]);
    pthread_cond_destroy(&ahead->moved);
    pthread_mutex_destroy(&ahead->lock);
    free(ahead);
}
