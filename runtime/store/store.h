/* The store: records kept in a file. This header is all that others see of it: no type of SQLite's gets out, so that another database can stand behind it.
 * Knows: record types, values, transactions, history. Does not know: the language's syntax, rules, rendering.
 *
 * Shape of an SQLite store (documented for readers in runtime/README.md):
 *   t_TYPE           one STRICT table a record type: "_id" INTEGER, "_since" INTEGER (the change that last wrote the row), "_key" TEXT, "_title" TEXT, then a column for each
 *                    stored field by its name. int-like values are INTEGER (money in 1/10000, dates in days, enums by ordinal, references by _id), numbers REAL, text TEXT, missing NULL.
 *                    Rowid table with "_id" INTEGER PRIMARY KEY; a record with an owner is WITHOUT ROWID with PRIMARY KEY (owner, "_id") instead, and
 *                    has a unique index on "_id" only when is_referenced, or once a row was looked for by its id alone in order to write it.
 *                    UNIQUE index over the natural key, a part that may be missing as ifnull(part, x''); unique index on "_key", where it is known, when there is no natural key.
 *                    Index on (reference, "_id", fields …) for each reference but the owner: a path.
 *   t_TYPE__FIELD    members of a set field: ("_id", "member", "_since"), WITHOUT ROWID, primary key ("_id", "member").
 *   h_TYPE           old rows: the columns of t_TYPE and "_until", the change that replaced or removed the row. A row as of change c: _since <= c < _until.
 *                    An enum value that the policy no longer has stands there as a negative ordinal, named in remit_enum.
 *                    Sets: h_TYPE__FIELD ("_id", "member", "_since", "_until").
 *   TYPE             a view for people: key, name, ISO dates, decimal money, enum names, keys of references.
 *   remit_change     _id (the sequence), at (datetime), who, what (the command's text): one row a committed transaction.
 *   remit_meta       settings, among them the schema's text; the format is the file's user_version. remit_declaration: a hash of each declared record as it was last put.
 *   remit_version    the versions of the policy set: number, the change that brought it, hashes, git revision, message. remit_version_file: the files of each, by hash;
 *                    remit_text: their texts, each once.
 *   remit_record, remit_field, remit_enum, remit_path: what the tables were made from, so that a later program can be compared with it.
 * The finding record of the prelude is a table like others; t_change and t_policy_version are read-only views over remit_change and remit_version. */
#ifndef REMIT_RUNTIME_STORE_STORE_H
#define REMIT_RUNTIME_STORE_STORE_H

#include "runtime/value/failure.h"
#include "runtime/value/value.h"

struct store;

enum store_open_mode { STORE_READ_ONLY, STORE_READ_WRITE /* an existing one, or a new one */ };
struct store_options {
    enum store_open_mode mode;
    int busy_timeout_ms;     /* how long to wait for a lock: 5000 by default when 0 */
    bool (*should_stop)(void *context); /* as store_set_stop, for the opening too */
    void *stop_context;
    int64_t cache_bytes;     /* page cache; 0: 16 MiB */
    bool without_views;      /* no one but the engines will read it: for a store in memory */
};
/* NULL with failure set: not there (read only), not a store, made by a newer Remit, locked, read-only folder, unreadable, damaged. ":memory:" is a store in memory. */
struct store *store_open(const char *path, const struct store_options *options, struct failure *failure);
void store_close(struct store *store); /* rolls back what is open; NULL is allowed */
/* Of the SQLite library, as "3.40.1". */
const char *store_library_version(void);
bool store_is_read_only(const struct store *store);
/* Its file is not there yet, or holds nothing: it is made by the first transaction. Never of one in memory. */
bool store_is_absent(const struct store *store);

/* ---- transactions: every write is inside one ---- */
/* BEGIN IMMEDIATE. who and what describe the change in the journal; at is in seconds (a run's `now`). */
bool store_begin(struct store *store, const char *who, const char *what, int64_t at, struct failure *failure);
bool store_commit(struct store *store, struct failure *failure); /* on failure the transaction has been rolled back */
void store_rollback(struct store *store);
bool store_in_transaction(const struct store *store);
/* Inside a transaction: false, with failure set, once SQLite has taken it back by itself (a full disk, a write that was stopped); only store_rollback is of use then. */
bool store_may_write(struct store *store, struct failure *failure);
/* Nested points to return to, for expect refused { … } and for one REPL input inside a begun transaction. */
bool store_savepoint(struct store *store, struct failure *failure);
void store_savepoint_release(struct store *store);
void store_savepoint_rollback(struct store *store);
/* The sequence number of the transaction under way; it becomes a row of remit_change when the transaction changed anything. */
int64_t store_change_number(const struct store *store);
/* 0 while it has changed no record; grows with each that it adds, changes or removes. The policy that is kept beside them does not count. */
int64_t store_write_count(const struct store *store);

/* ---- the store as it was ---- */
/* A change by its number stands for the state it left; the present is after all of them. */
#define STORE_PRESENT INT64_MAX
/* The last change of which the journal says that day or an earlier one; the transaction under way counts. 0: before all. Never after what the store is seen as of. */
bool store_change_on(struct store *store, int64_t day, int64_t *change, struct failure *failure);
/* From here on everything is read as it was after that change, by whatever way, and nothing can be written. Outside transactions; the programs applied before and after are covered. */
bool store_set_as_of(struct store *store, int64_t change, struct failure *failure);
int64_t store_as_of(const struct store *store); /* STORE_PRESENT unless it was set */
/* A value that a field had, from the day of the change that brought it until that of the one that ended it. */
struct version {
    struct value value;
    int64_t from, until;
    bool has_ended; /* else there is no `until` */
    struct value by; /* who */
};
/* All values that the stored field of a row had up to that change, in order; one that is the same over several changes once. In the arena. */
bool store_history(struct store *store, struct arena *arena, struct field *field, int64_t id, int64_t change, struct version **versions, int *count, struct failure *failure);

/* The change that a baseline of a record fixed, by its record type and key; missing when there is none. choice: an enum baseline_choice. */
bool store_find_baseline(struct store *store, struct value record, struct value key, int choice, struct value label, struct value *change, struct failure *failure);

/* ---- schema ---- */
/* Makes tables, views and indexes for the program's records, adds columns for new fields, changes views; refuses what would lose or break data (a field that is
 * gone while it holds values: kept, hidden; a changed type; a new mandatory field without default over rows). Fills record_type.storage. Cheap when nothing
 * changed (the text of the schema is kept). In read-only mode it only checks that the store has what the program needs. The program then belongs to this
 * store, until it is applied to another. After a rollback it must be applied again when it had been applied inside what was rolled back. */
bool store_apply_schema(struct store *store, const struct program *program, struct failure *failure);

/* Lets the program use the store as it is, for reading, without changing anything of its shape: for a policy that the store was made for before. Another program that was applied must be
 * applied or attached again afterwards. */
bool store_attach_program(struct store *store, const struct program *program, struct failure *failure);

/* Values that go with a change of the policy: rows as they were go to history, and have no such value any more. Inside a transaction, before the schema is applied that has no room for them. */
struct store_drop {
    const char *record;
    const char *field;       /* NULL: all rows */
    int64_t ordinal;         /* of an enum: rows with this value only; else -1 */
    bool makes_room;         /* the field will be there with another type */
};
bool store_drop_values(struct store *store, const struct store_drop *drop, struct failure *failure);
/* What a field is called that makes room in the transaction under way: "amount~12". In the arena. */
const char *store_name_aside(struct arena *arena, const struct store *store, const char *field);

/* ---- records ---- */
/* A row to write: fields[i] gets values[i]; FIELD_STORED ones only. Sets are written with store_set_members. */
struct store_row {
    struct record_type *record;
    int field_count;
    struct field **fields;
    const struct value *values;
};
bool store_insert(struct store *store, const struct store_row *row, int64_t *id, struct failure *failure);
/* Fields not named keep their values. The old row goes to history. Nothing is written when nothing changes. */
bool store_update(struct store *store, int64_t id, const struct store_row *row, bool *changed, struct failure *failure);
/* Refused while other rows refer to it (the failure names one). */
bool store_remove(struct store *store, struct record_type *record, int64_t id, struct failure *failure);
bool store_set_members(struct store *store, struct field *set, int64_t id, const struct value *members, int count, struct failure *failure);

/* Changes all rows of a record that a condition picks, in SQL of the caller's own, where the row goes by t. Counts nothing when no row is picked. */
struct store_change {
    const struct record_type *record;
    const char *set;                 /* "cleared = ?1" */
    const char *from;                /* other tables that set and condition read, or NULL; each row of t is met by one row of theirs at most */
    const char *condition;
    const struct value *parameters;  /* ?1 and on */
    int parameter_count;
    bool keeps_old;                  /* the old rows go to history, as with store_update */
};
bool store_change_rows(struct store *store, const struct store_change *change, struct failure *failure);

/* Many rows quickly: rows given in any order, sorted by owner in bounded memory and written in order; natural keys and own keys upsert when the loader has
 * found the id. Used by import. field list fixed. */
struct store_loader;
struct store_loader *store_loader_open(struct store *store, struct record_type *record, struct field **fields, int field_count, struct failure *failure);
/* id 0: a new row. Text is copied. */
bool store_loader_add(struct store_loader *loader, int64_t id, const struct value *values, struct failure *failure);
/* The id that the last new row was given. */
int64_t store_loader_last_id(const struct store_loader *loader);
bool store_loader_finish(struct store_loader *loader, int64_t *inserted, int64_t *updated, struct failure *failure); /* frees it, also on failure */
void store_loader_abandon(struct store_loader *loader);

/* ---- looking up ---- */
/* By own key, or by the text of the natural key (parts joined by "/"). *id 0 when there is none. */
bool store_find_key(struct store *store, struct record_type *record, const char *key, size_t length, int64_t *id, struct failure *failure);
/* The same of a key that a program names. Where the store is seen as it was and had none of that key then, the record of the present: a policy may name what came later. */
bool store_find_reference(struct store *store, struct record_type *record, const char *key, size_t length, int64_t *id, struct failure *failure);
/* By the natural key's values, in its order; missing equals missing. */
bool store_find_natural(struct store *store, struct record_type *record, const struct value *values, int64_t *id, struct failure *failure);
/* Calls offer for each key of the record type (at most `most`). */
bool store_each_key(struct store *store, struct record_type *record, int most, bool (*offer)(void *context, const char *key, int64_t id), void *context, struct failure *failure);
bool store_count(struct store *store, struct record_type *record, int64_t *count, struct failure *failure);

/* ---- scanning: for the interpreter ---- */
enum scan_order { SCAN_BY_ID, SCAN_BY_REFERENCE /* by a reference field, then _id; rows where it is missing left out */ };
struct scan {
    struct record_type *record;
    enum scan_order order;
    struct field *reference;  /* SCAN_BY_REFERENCE: also makes column `owners` of the batch */
    bool only_owner;          /* SCAN_BY_REFERENCE: only rows that refer to `owner` */
    int64_t owner;
    bool only_id;             /* SCAN_BY_ID: only the row `id` */
    int64_t id;
    struct field **fields;    /* stored fields wanted, in the order of the batch's columns */
    int field_count;
    bool is_past;             /* as the rows were after the change `as_of` */
    int64_t as_of;
    bool may_read_ahead;      /* for very many rows: they may be read by a thread of its own while those before are used. Neither only_owner nor only_id, no restart */
};
/* Columns of up to SCAN_BATCH_ROWS rows, by column. A column is held by its type's representation; missing[i] is 1 where row i has none (the array is always there). */
enum { SCAN_BATCH_ROWS = 1024 };
struct batch_column {
    int64_t *integers;        /* REPRESENTATION_INT */
    double *numbers;          /* REPRESENTATION_NUMBER */
    const char **texts;       /* REPRESENTATION_TEXT: not zero-terminated; live until the next batch */
    uint32_t *lengths;
    uint8_t *missing;
};
struct batch {
    int row_count;
    int64_t *ids;
    int64_t *owners;          /* SCAN_BY_REFERENCE, else NULL */
    struct batch_column *columns;
};
struct cursor;
struct cursor *store_scan(struct store *store, const struct scan *scan, struct failure *failure);
/* The next rows, row_count 0 at the end; the same struct batch each time, valid until the next call. NULL with failure set on an error or when stopped. */
const struct batch *cursor_next(struct cursor *cursor, struct failure *failure);
/* Starts the scan again, with another owner or id when the scan has one: the prepared statement is kept. */
bool cursor_restart(struct cursor *cursor, int64_t owner_or_id, struct failure *failure);
/* The same of a scan of the past, as the rows were after that change. */
bool cursor_restart_as_of(struct cursor *cursor, int64_t owner_or_id, int64_t as_of, struct failure *failure);
void cursor_close(struct cursor *cursor);
/* Until as many calls of store_release, all scans see one state of the store, even when another program writes in between. */
bool store_hold(struct store *store, struct failure *failure);
void store_release(struct store *store);
/* Members of a set field for one row: int-like members as integers, text members as text; count by *count; live until the next call. */
bool store_members(struct store *store, struct field *set, int64_t id, const struct value **members, int *count, struct failure *failure);
bool store_members_as_of(struct store *store, struct field *set, int64_t id, int64_t as_of, const struct value **members, int *count, struct failure *failure);
/* Sees to an index over the reference field that covers these fields too, so that SCAN_BY_REFERENCE need not visit the table. Inside no transaction it makes its own.
 * No effect on owners (they are clustered), in read-only stores, while scans are open, or while another program writes: a scan then sorts. */
bool store_ensure_path(struct store *store, struct field *reference, struct field **covered, int covered_count, struct failure *failure);

/* ---- questions in the store's own language: for the SQL compiler and the engine room ---- */
/* Beside the tables of records there is remit_periods(unit, count, fiscal month, from, until): the periods of a cadence, with columns period, number (from 1), starts, ends. */
struct statement;
struct statement *store_prepare(struct store *store, const char *sql, struct failure *failure);
/* The same for what writes to tables of the connection's own (CREATE TEMP TABLE), which is no change of the store. */
struct statement *store_prepare_scratch(struct store *store, const char *sql, struct failure *failure);
void statement_bind(struct statement *statement, int position /* from 1 */, struct value value);
enum statement_step { STATEMENT_ROW, STATEMENT_DONE, STATEMENT_FAILED };
enum statement_step statement_step(struct statement *statement, struct failure *failure);
/* Column from 0; text lives until the next step. */
struct value statement_value(struct statement *statement, int column);
void statement_reset(struct statement *statement);
void statement_close(struct statement *statement);
/* Runs one or more statements without results. */
bool store_execute(struct store *store, const char *sql, struct failure *failure);
/* A scalar function for questions. invoke gives false after failure_set on its failure: the statement then fails with that failure. deterministic always. */
typedef bool (*store_function)(void *context, int count, const struct value *arguments, struct value *result, struct failure *failure);
bool store_define_function(struct store *store, const char *name, int argument_count /* -1: any */, store_function invoke, void *context);
/* An aggregate: state is state_size zeroed bytes for each group. */
typedef bool (*store_aggregate_step)(void *context, void *state, int count, const struct value *arguments, struct failure *failure);
typedef bool (*store_aggregate_final)(void *context, void *state, struct value *result, struct failure *failure); /* also called for an empty group */
bool store_define_aggregate(struct store *store, const char *name, int argument_count, size_t state_size, store_aggregate_step step, store_aggregate_final final, void *context);

/* ---- being stopped ---- */
/* Asked now and then during long work; true stops it with FAILURE_STOPPED. NULL: never. */
void store_set_stop(struct store *store, bool (*should_stop)(void *context), void *context);
/* For long work that asks nothing of the store: false, with FAILURE_STOPPED set, when it is to stop. */
bool store_may_go_on(struct store *store, struct failure *failure);

/* ---- the policy set kept with the data ---- */
struct policy_file {
    const char *path, *text;
};
/* Where a policy set comes from, as whoever applies it knows. */
struct policy_origin {
    const char *revision; /* of git, in hex; NULL: it is in no git repository */
    bool is_clean;        /* nothing differs from that revision */
    const char *message;  /* why, or NULL */
};
/* A version of the policy set: whenever another text takes the place of the one that is kept there is a new one, from 1 on. */
struct policy_version {
    int64_t number, change, at; /* the change that brought it, and when that was, in seconds */
    const char *who;
    const char *meaning;        /* SHA-256 in hex over the canonical texts without their comments: the same for two texts that differ in comments and layout alone */
    const char *texts;          /* SHA-256 in hex over paths and texts */
    struct policy_origin origin;
};
/* These files are the policy set from now on, as a new version; inside a transaction. number, change, at and who of the version are the store's to say. A version that the same transaction
 * brought before was never in force, and is replaced. */
bool store_save_policy(struct store *store, const struct policy_file *files, int count, const struct policy_version *version, struct failure *failure);
/* The files of the last version; none when there was none yet. */
bool store_load_policy(struct store *store, struct arena *arena, struct policy_file **files, int *count, struct failure *failure);
/* Those of any version; fails where there is no such version. */
bool store_load_policy_version(struct store *store, struct arena *arena, int64_t number, struct policy_file **files, int *count, struct failure *failure);
/* All of them, in order. */
bool store_list_policy_versions(struct store *store, struct arena *arena, struct policy_version **versions, int *count, struct failure *failure);

/* The records that a policy declares, as they were last put: a hash of each declaration, by record type and what identifies it there. */
struct declared_record {
    const char *record, *identity, *hash;
};
bool store_save_declared(struct store *store, const struct declared_record *declared, struct failure *failure); /* inside a transaction */
/* By record type, then identity. */
bool store_load_declared(struct store *store, struct arena *arena, struct declared_record **declared, int *count, struct failure *failure);

/* Names of the tables and columns, for questions: quoted, in the arena. */
const char *store_table_name(struct arena *arena, const struct record_type *record);          /* "t_cost" */
const char *store_history_table_name(struct arena *arena, const struct record_type *record);  /* "h_cost" */
const char *store_members_table_name(struct arena *arena, const struct field *set);           /* "t_office__mandates" */
/* The key of the row that goes by `alias`: text, never NULL. */
const char *store_key_expression(struct arena *arena, const struct record_type *record, const char *alias);
/* Of the past: each wants a change as its argument, "remit_past_cost"(?7), and has the columns of the table. Beside them there is remit_history(record, field, id, change), with columns
 * c0 (the value), c1 and c2 (from and until), c3 (by whom), _id: see field_history.c. */
const char *store_past_table_name(struct arena *arena, const struct record_type *record);
const char *store_past_members_table_name(struct arena *arena, const struct field *set);
const char *store_text_literal(struct arena *arena, const char *text);                         /* "'it''s'" */
const char *store_column_name(struct arena *arena, const struct field *field);                /* "amount" */

#endif
