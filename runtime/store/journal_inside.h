/* Inside the journal: the canonical form of what a store holds, and the hashes over it. Private to the store room.
 * Knows: SQLite, the catalog. Does not know: programs, commands.
 *
 * The chain. Each row of remit_change has `hash`, BLAKE2b-256 in hex over: the hash of the change before (nothing for the first), its number, at, who, what, the policy version in force
 * when it ended, and `parts`. Its text in remit_change.parts is what the change wrote, a line for each part:
 *     came R N H [ID:h …]      N rows of the record with the number R were written by this change and H is the hash over them; R.P: members of the set in position P
 *     went R N M H [ID:h …]    N rows of it were replaced or removed by it, M of them removed; H is over them as they were
 *     version V H              version V of the policy set
 *     now S B A                a table that keeps no history held B before this change and A after it: S is catalog, ids, settings, declarations, schema, or R.P for a field that is written over
 * With at most HINTS_MOST rows of a part, each is named with the beginning of its own hash, so that the very row that was edited can be told.
 *
 * The canonical form of a row is its id and its values that are not missing, in order of the position of their fields (content.c): so it stays the same whatever fields are added, hidden or renamed later,
 * and whatever ordinals the values of enums get. The rows of a part are hashed one after the other in the order of the table: by owner and id, or by id; members of a set by id, then by their canonical form.
 * An order was preferred to a sum of hashes that does not depend on it: a sum that is as hard to forge needs 2048 bits and more for each row (Wagner's generalised birthday attack
 * makes a sum of 256 bits cheap to forge), 5 times the work; and the loader writes in this order anyhow, as a reader of the table reads in it.
 *
 * What changed without Remit shows, since everything is worked out again from t_TYPE and h_TYPE: a row as of change c is one with _since <= c < _until. Where a table keeps no history, `now` has
 * what it held before as well as after, so that an edit between two changes is not made good by the second one.
 * Not covered, since nothing of what the store says depends on it: indexes that only make it faster ("RECORD path …", "RECORD id") beyond their agreeing with remit_path; tables, views and triggers of
 * other programs (triggers never run for Remit). A whole journal that is forged from its first change on is found with an anchor alone. */
#ifndef REMIT_RUNTIME_STORE_JOURNAL_INSIDE_H
#define REMIT_RUNTIME_STORE_JOURNAL_INSIDE_H

#include "runtime/store/inside.h"

enum { HINT_HEX = 8, HINTS_MOST = 16 };

/* ---- digest.c: hashes ---- */
struct digest;
struct digest *digest_create(void);
void digest_add(struct digest *digest, const char *bytes, size_t length);
void digest_finish(struct digest *digest, char hex[HASH_HEX]); /* frees it */
void digest_abandon(struct digest *digest);                    /* NULL is allowed */
void digest_of(const char *bytes, size_t length, char hex[HASH_HEX]);

/* A hash over rows, with their number and the hints of the first. */
struct row_digest {
    struct digest *digest;
    int64_t count;
    struct { int64_t id; char hex[HINT_HEX + 1]; } hints[HINTS_MOST];
};
void row_digest_add(struct row_digest *rows, int64_t id, const char *bytes, size_t length);
/* " H ID:h …", ending in no newline; frees what rows holds. Of no rows H is the hash over nothing. */
void row_digest_write(struct row_digest *rows, struct buffer *out);
void row_digest_abandon(struct row_digest *rows);

/* ---- content.c: the canonical form ---- */
struct content_field {
    int code;                        /* 1: the own key, 2: the title, 2 + position: a field */
    const char *column;              /* quoted */
    const char *name;                /* for people */
    const struct catalog_field *field; /* NULL of key and title */
    bool is_overwritten;             /* it keeps no history, so it is no part of what came */
};
struct content {
    const struct catalog_record *record;
    int count;
    struct content_field *fields;    /* by code; not the sets */
    const char *columns;             /* ", "_key", …" in that order */
    const char *owner, *order;       /* the column that rows are kept by, quoted, or "0"; what they are ordered by */
};
/* In the arena. */
struct content *content_of(struct arena *arena, const struct catalog_record *record);
/* Does this field keep no history of its values? What a check saw last, day after day, of findings and obligations that stay as they are. */
bool content_is_overwritten(const char *record, const char *field);
void content_start(struct buffer *out, int64_t id);
void content_add(struct buffer *out, int code, const struct catalog_field *field, struct value value); /* nothing when it is missing */
void content_end(struct buffer *out);
void content_add_integer(struct buffer *out, int64_t integer);
void content_add_text(struct buffer *out, const char *text, size_t length);
/* A row of a question: its columns from `first` on are those of content->columns. with_overwritten: as it went. */
void content_add_row(struct buffer *out, const struct content *content, sqlite3_stmt *row, int first, int64_t id, bool with_overwritten);
void content_add_member(struct buffer *out, const struct catalog_field *set, int64_t id, struct value member);

/* ---- gather.c: a few rows put in order ---- */
struct gathered {
    struct buffer bytes;
    struct gathered_row {
        int64_t owner, id, change;   /* change, is_gone: for whoever needs them */
        bool is_gone;
        size_t offset, length;
    } *rows;
    int count, capacity;
};
void gather_add(struct gathered *gathered, struct gathered_row row, const char *bytes, size_t length); /* offset and length are set here */
/* By owner, id, and bytes. */
void gather_sort(struct gathered *gathered);
const char *gather_bytes(const struct gathered *gathered, int row);
void gather_clear(struct gathered *gathered);
void gather_free(struct gathered *gathered);

/* ---- touched.c: what the transaction under way has written to ---- */
enum touched_how { TOUCHED_FEW, TOUCHED_LOADED, TOUCHED_MANY };
struct touched_row {
    int64_t owner, id;
};
struct touched {
    struct touched *next;
    char *record, *set;              /* set NULL: rows of the record */
    enum touched_how how;
    struct touched_row *rows;        /* TOUCHED_FEW, in no order, perhaps several times */
    int row_count, row_capacity;
    int64_t history_mark;            /* rows of the history beyond this rowid are of this transaction */
    struct row_digest loaded;        /* TOUCHED_LOADED: all that came, in order */
    char before[HASH_HEX];           /* of the field that is written over, if there is one; else "" */
};

/* ---- parts.c: what a transaction wrote, as lines of its entry ---- */
bool parts_write(struct store *store, struct buffer *out, struct failure *failure);

/* ---- chain.c: the hash of a change ---- */
/* before: the hash of the change before, or "". */
struct change_row {
    int64_t number, at, policy;
    const char *who, *what, *parts;
};
void journal_hash_change(const char *before, const struct change_row *change, char hex[HASH_HEX]);

/* ---- state.c: tables that keep no history ---- */
enum { STATE_CATALOG, STATE_COUNT = 5 };
extern const char *const state_names[STATE_COUNT];
bool state_digest(struct store *store, int state, char hex[HASH_HEX], struct failure *failure);
/* Of the values of a field that is written over. */
bool state_of_field(struct store *store, struct arena *arena, const char *record, const char *field, char hex[HASH_HEX], struct failure *failure);
bool state_of_version(struct store *store, int64_t number, char hex[HASH_HEX], struct failure *failure);

/* ---- versions.c: all rows that were ever written, in the order of the canonical form ---- */
struct row_visit {
    void *context;
    /* A row that came with one change, or that went with one. since: when what went had come. */
    bool (*came)(void *context, int64_t change, int64_t id, const char *bytes, size_t length, struct failure *failure);
    bool (*went)(void *context, int64_t change, int64_t id, const char *bytes, size_t length, struct failure *failure);
};
bool journal_each_row(struct store *store, const struct catalog_record *record, const struct row_visit *visit, struct failure *failure);
bool journal_each_member(struct store *store, const struct catalog_record *record, const struct catalog_field *set, const struct row_visit *visit, struct failure *failure);

/* ---- stored_words.c: what is stored, in words, without a program; in the arena ---- */
const char *stored_words(struct store *store, struct arena *arena, const struct catalog_field *field, struct value value); /* NULL: missing */
const char *stored_key(struct store *store, struct arena *arena, const char *record, int64_t id, int depth);
const char *stored_key_of_row(struct store *store, struct arena *arena, const struct content *content, sqlite3_stmt *row, int first, int64_t id, int depth);

/* ---- chain_past.c ---- */
/* Makes the chain of the changes that have none, in the transaction that brings a store to the format with a journal. */
bool journal_chain_past(struct store *store, struct failure *failure);
/* touched.c: a field that is written over enters the journal with what it holds, as if it had held nothing. */
bool journal_touch_first(struct store *store, const char *record, struct failure *failure);

#endif
