/* Working the journal out again: the chain itself, and the order of the rest. See journal.h.
 * Knows: entries and their parts. Does not know: rows (verify_rows.c), the store's own tables (verify_state.c). */
#include "runtime/store/verify.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FAULTS_KEPT = 20 * JOURNAL_FAULTS_MOST };

/* Of very many faults those that begin first are kept. */
static void keep_fault(struct verification *verification, struct journal_fault fault) {
    struct journal_fault *latest = NULL;
    if (verification->faults.count < FAULTS_KEPT) {
        LIST_ADD(verification->arena, &verification->faults, fault);
        return;
    }
    for (int i = 0; i < verification->faults.count; i++)
        if (!latest || verification->faults.items[i].change > latest->change)
            latest = &verification->faults.items[i];
    if (latest->change > fault.change)
        *latest = fault;
}

void verify_fault(struct verification *verification, int64_t change, const char *record, const char *set, int64_t id, const char *format, ...) {
    verification->verdict->faults_found++;
    char problem[300];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(problem, sizeof problem, format, arguments);
    va_end(arguments);
    keep_fault(verification, (struct journal_fault){change, record, set, id, arena_copy_string(verification->arena, problem)});
}

/* ---- the lines of an entry ---- */

static char *next_word(char **at) {
    char *word = *at;
    *at += strcspn(*at, " ");
    if (**at)
        *(*at)++ = '\0';
    return word;
}

static bool read_line(char *line, struct expected *expected) {
    static const char *const kinds[PART_KINDS] = {"came", "went", "version", "now"};
    const char *kind = next_word(&line);
    expected->hints = "";
    for (int i = 0; i < PART_KINDS; i++)
        if (strcmp(kind, kinds[i]) == 0) {
            expected->kind = (enum part_kind)i;
            expected->name = next_word(&line);
            if (i == PART_CAME || i == PART_WENT)
                expected->count = strtoll(next_word(&line), NULL, 10);
            if (i == PART_WENT)
                next_word(&line); /* how many of them were removed */
            if (i == PART_NOW)
                expected->before = next_word(&line);
            expected->hash = next_word(&line);
            expected->hints = line;
            return expected->hash[0] != '\0';
        }
    return false;
}

static void read_parts(struct verification *verification, int64_t number, const char *parts) {
    char *text = arena_format(verification->arena, "%s", parts);
    while (*text) {
        char *line = text;
        text += strcspn(text, "\n");
        if (*text)
            *text++ = '\0';
        struct expected expected = {.change = number};
        if (read_line(line, &expected))
            LIST_ADD(verification->arena, &verification->expected, expected);
        else
            verify_fault(verification, number, NULL, NULL, 0, "its entry cannot be read");
    }
}

/* ---- the chain ---- */

static const char *text_of(struct arena *arena, sqlite3_stmt *row, int column) {
    const char *text = (const char *)sqlite3_column_text(row, column);
    return arena_copy_string(arena, text ? text : "");
}

static void verify_entry(struct verification *verification, const struct change_row *change, const char *hash, const char *before, const char *anchor) {
    char worked_out[HASH_HEX];
    int64_t next = verification->last + 1;
    if (change->number != next)
        verify_fault(verification, next, NULL, NULL, 0, change->number == next + 1 ? "it was removed" : "it and those up to %lld were removed", (long long)change->number - 1);
    journal_hash_change(before, change, worked_out);
    if (strcmp(worked_out, hash) != 0)
        verify_fault(verification, change->number, NULL, NULL, 0,
                     change->number != next ? "what stands before it is not what it was made after" : "its entry was edited, or what stands before it is not what it was made after");
    if (anchor && strcmp(anchor, hash) == 0)
        verification->verdict->anchor = change->number;
    read_parts(verification, change->number, change->parts);
    verification->last = change->number;
}

static bool verify_chain(struct verification *verification, const char *anchor, struct failure *failure) {
    sqlite3_stmt *statement = store_statement(verification->store, "SELECT \"_id\", \"at\", \"who\", \"what\", \"policy\", \"parts\", \"hash\" FROM remit_change ORDER BY 1", failure);
    const char *before = "";
    int result;
    if (!statement)
        return false;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        struct change_row change = {sqlite3_column_int64(statement, 0), sqlite3_column_int64(statement, 1), sqlite3_column_int64(statement, 4), text_of(verification->arena, statement, 2),
                                    text_of(verification->arena, statement, 3), text_of(verification->arena, statement, 5)};
        const char *hash = text_of(verification->arena, statement, 6);
        verify_entry(verification, &change, hash, before, anchor);
        before = hash;
        verification->verdict->changes++;
    }
    bool done = result == SQLITE_DONE || store_fail(verification->store, result, failure);
    sqlite3_finalize(statement);
    verification->verdict->head = before;
    return done;
}

static int compare_faults(const void *a, const void *b) {
    const struct journal_fault *x = a, *y = b;
    return (x->change > y->change) - (x->change < y->change);
}

static void end_verdict(struct verification *verification) {
    struct journal_verdict *verdict = verification->verdict;
    verdict->faults = verification->faults.items;
    verdict->fault_count = verification->faults.count;
    if (verdict->fault_count > 1)
        qsort(verdict->faults, (size_t)verdict->fault_count, sizeof *verdict->faults, compare_faults);
    if (verdict->fault_count > JOURNAL_FAULTS_MOST)
        verdict->fault_count = JOURNAL_FAULTS_MOST;
}

/* Where the tables were edited too, what cannot be asked of them is no failure of the machine. */
static bool verify_what_is_readable(struct verification *verification, struct failure *failure) {
    struct failure problem = {0};
    if (store_need_catalog(verification->store, &problem) && verify_rows(verification, &problem) && verify_overwritten(verification, &problem))
        return true;
    if (problem.code == DIAG_STORE_QUESTION && verification->verdict->faults_found)
        return true;
    *failure = problem;
    return false;
}

bool journal_verify(struct store *store, struct arena *arena, const char *anchor, struct journal_verdict **verdict, struct failure *failure) {
    struct verification verification = {.store = store, .arena = arena, .verdict = ARENA_NEW(arena, struct journal_verdict), .is_readable = true};
    int64_t format = STORE_FORMAT;
    *verdict = verification.verdict;
    verification.verdict->head = "";
    if (store->is_new)
        return true;
    if (!store_ask_int(store, &format, 0, failure, "PRAGMA user_version"))
        return false;
    if (format < STORE_FORMAT_WITH_JOURNAL) {
        failure_set(failure, DIAG_JOURNAL_NOT_YET, store->path);
        return false;
    }
    if (!store_begin_reading(store, failure))
        return false;
    store_forget_catalog(store);
    bool done = verify_chain(&verification, anchor, failure) && verify_states(&verification, failure) && verify_versions(&verification, failure) && verify_paths(&verification, failure) &&
                (!verification.is_readable || verify_what_is_readable(&verification, failure));
    store_end_reading(store);
    end_verdict(&verification);
    return done;
}
