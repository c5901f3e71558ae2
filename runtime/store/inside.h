/* Inside the store room: what its files share. Nothing outside runtime/store includes this.
 * Knows: SQLite, the catalog of what a store holds. Does not know: queries, rules, commands. */
#ifndef REMIT_RUNTIME_STORE_INSIDE_H
#define REMIT_RUNTIME_STORE_INSIDE_H

#include "lang/base/text.h"
#include "runtime/store/store.h"

#include <sqlite3.h>

enum { HASH_BYTES = 32, HASH_HEX = 2 * HASH_BYTES + 1 };
enum {
    STORE_APPLICATION_ID = 0x52656D74,  /* "Remt", in the file's header: tells a store from other SQLite files */
    STORE_FORMAT         = 2,           /* user_version */
    STORE_FORMAT_WITH_JOURNAL = 2,      /* since which policy versions and the chain of hashes are kept */
    STORE_PAGE_BYTES     = 8192,        /* 4 KiB is 2% slower to scan, 16 KiB no faster, and small changes write less than with larger pages */
    STORE_CACHE_BYTES    = 16 << 20,
    STORE_WAIT_MS        = 5000,
    LOCK_QUICK_TRIES     = 10,          /* at a millisecond each, */
    LOCK_PAUSE_MS        = 10,          /* the others at ten */
    STORE_STOP_STEPS     = 20000        /* steps of SQLite's machine between two questions whether to stop: some 0.3 ms */
};

/* ---- what a store holds, as its remit_record, remit_field and remit_enum tables say ---- */

struct catalog_enum {
    int64_t ordinal; /* negative: a value that is gone, and stands in history only */
    const char *name;
    int64_t number;  /* what the journal knows it by, whatever becomes of its ordinal and name; 0: given when it is saved */
};
struct catalog_field {
    const char *name;
    bool is_set;
    const char *type;     /* as type_text, without `?` and "set of" */
    const char *target;   /* the record it refers to, or NULL */
    bool never_missing;   /* the column is NOT NULL */
    bool hidden;          /* no longer declared */
    int64_t position;     /* of the column, from 1: what the journal knows it by, and never another's; 0: given when it is saved */
    struct catalog_enum *values; /* of an enum */
    int value_count;
};
struct catalog_record {
    const char *name;
    int64_t number;       /* what the journal knows it by; 0: given when it is saved */
    const char *owner;    /* clustered by this field, or NULL */
    const char *key;      /* what the index over the key is made of: "initiative,reported_on", a part that may be missing with `?`; "" for the own key */
    LIST_OF(struct catalog_field *) fields; /* in the order of the columns */
};
struct catalog {
    struct arena *arena;
    LIST_OF(struct catalog_record *) records;
};

/* The record_type.storage of a record type: statements kept prepared, and how it is stored. */
struct storage {
    struct storage *next;
    char *name;
    struct record_type *record;
    bool is_view;            /* `change`, `policy_version`: rows of the journal */
    bool has_id_index;       /* clustered, with an index over _id */
    struct field *owner;     /* clustered by it, or NULL: this is what the table is, whatever the program says now */
    char *table, *history;   /* "t_cost", "h_cost", quoted */
    struct field **columns;  /* stored fields in the program's order */
    int column_count;
    int64_t last_id;
    bool last_id_known, last_id_changed;
    sqlite3_stmt *insert, *select, *keep, *update, *remove, *exists, *key_text;
    sqlite3_stmt *find_key[2], *find_natural[2]; /* as the store is seen, and in the present */
    char *update_fields;     /* which fields the update statement sets */
    struct set_storage *sets;
    int set_count;
};
struct set_storage {
    struct field *field;
    char *table, *history;
    sqlite3_stmt *select_past;
    sqlite3_stmt *select, *insert, *remove, *keep;
};

/* An enum value that is gone: by which ordinal it stands in the history of a field, and by which it is read. */
struct moved_value {
    const struct field *field;
    int64_t from, to;
};

struct savepoint {
    bool changed;
    int64_t write_count;
};

/* What the hash of the transaction under way will be made of: journal_inside.h. */
struct journal {
    bool is_on;               /* the transaction will have an entry */
    char (*before)[HASH_HEX]; /* what each table that keeps no history held when it began */
    struct touched *touched;
    struct buffer row;
};

struct store {
    sqlite3 *db;
    char *path;
    int64_t cache_bytes;
    int wait_ms, waited_ms; /* for a lock: at most, and of the wait that is going on */
    bool read_only, is_memory;
    bool without_views; /* as the options said */
    bool is_absent;          /* there is no file: a connection to memory stands in for it */
    bool is_new;             /* no table yet: the file is made when something is written */
    bool made_here;          /* the tables were made in the transaction under way */
    bool pretends;           /* it has an earlier format, and views of this connection stand for what is new */
    bool upgraded_here;      /* they were brought to this format in it */
    bool made_file;          /* there was none when the store was opened */
    bool in_transaction, changed, lost;
    bool is_reading;         /* a transaction for reading is open, for the scans */
    int scan_count;
    int64_t change, at;
    int fiscal_month;        /* of the program that is being applied */
    char *who, *what;
    struct journal journal;
    struct savepoint *savepoints;
    int savepoint_count, savepoint_capacity;
    struct catalog *catalog; /* NULL until it is needed, and after something was taken back */
    struct storage *storages;
    const struct program *program; /* that was applied or attached last */
    struct row_set *filling; /* by the scan whose statement is being stepped */
    int64_t write_count;     /* records written, changed and removed in the transaction: 0 while it has changed none */
    int64_t changes_at_begin; /* sqlite3_total_changes64 when the transaction began */
    struct loader_rows *loading;
    struct function *functions; /* of store_define_function, to define them again */
    struct failure raised;   /* by a function of store_define_function, on its way out through SQLite */
    bool (*should_stop)(void *context);
    void *stop_context;
    int64_t as_of;           /* the last change that is seen; STORE_PRESENT */
    struct change_time *times; /* the journal by time, as far as the change times_until: as_of.c */
    int time_count;
    int64_t times_until;
    sqlite3_stmt *newest, *baselines[3];
    struct moved_value *moved;
    int moved_count;
    sqlite3_stmt *versions;  /* of the field that was asked for last: field_history.c */
    const struct field *versions_of;
    struct value *members;   /* of store_members */
    int member_capacity;
    struct arena *member_texts;
    struct arena *scratch;   /* of one write: reset by it */
};

/* ---- store.c ---- */
/* Turns SQLite's result into a failure; gives false. */
bool store_fail(struct store *store, int result, struct failure *failure);
/* Formats and runs statements without results. Only names and constants of this room go into the text. */
bool store_run(struct store *store, struct failure *failure, const char *format, ...) __attribute__((format(printf, 3, 4)));
sqlite3_stmt *store_statement(struct store *store, const char *sql, struct failure *failure); /* prepared to be kept; NULL on failure */
/* Prepares into *slot when it is empty. */
bool store_keep_statement(struct store *store, sqlite3_stmt **slot, struct failure *failure, const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Runs a statement that gives no rows, and resets it. */
bool store_finish_statement(struct store *store, sqlite3_stmt *statement, struct failure *failure);
/* One integer of a question, `otherwise` when there is no row or it is NULL. */
bool store_ask_int(struct store *store, int64_t *result, int64_t otherwise, struct failure *failure, const char *format, ...) __attribute__((format(printf, 5, 6)));
bool store_get_meta(struct store *store, struct arena *arena, const char *name, const char **value, struct failure *failure); /* *value NULL when there is none */
bool store_set_meta(struct store *store, const char *name, const char *value, struct failure *failure);
void store_bind_value(sqlite3_stmt *statement, int position, struct value value);
struct value store_column_value(sqlite3_stmt *statement, int column);
void store_set_foreign_keys(struct store *store, bool on);

/* ---- transaction.c ---- */
/* False, with failure set, once SQLite has taken back the transaction under way by itself. */
bool store_is_whole(struct store *store, struct failure *failure);
/* A transaction without an entry in the journal: for tables and indexes. */
bool store_begin_quietly(struct store *store, struct failure *failure);
/* While a scan is open outside a transaction, what it reads is one state of the store: the file is locked once, not at each statement, which for short scans costs
 * more than the rows do. Calls are counted. A transaction that begins meanwhile takes over. */
bool store_begin_reading(struct store *store, struct failure *failure);
void store_end_reading(struct store *store);
bool store_take_id(struct store *store, struct storage *storage, int64_t count, int64_t *first, struct failure *failure);

/* ---- open.c ---- */
bool store_settle(struct store *store, struct failure *failure); /* settings that need the file */
bool store_make_file(struct store *store, struct failure *failure);

/* ---- question.c ---- */
bool functions_define(struct store *store); /* all of them, for a new connection */
void functions_forget(struct store *store);

/* ---- format.c ---- */
bool store_make_tables(struct store *store, struct failure *failure); /* remit_meta and its kin, in a transaction */
/* Brings a store of an earlier format to this one, in the transaction that is beginning. */
bool store_upgrade(struct store *store, struct failure *failure);
/* Lets a connection read a store of an earlier format as if it had what is new, without rows. */
bool store_pretend_format(struct store *store, struct failure *failure);

/* ---- periods.c ---- */
bool periods_define(sqlite3 *db); /* the table remit_periods, for a connection */

/* ---- catalog.c ---- */
struct catalog *catalog_create(void);
void catalog_destroy(struct catalog *catalog);
bool catalog_load(struct store *store, struct catalog *catalog, struct failure *failure);
bool catalog_save_record(struct store *store, struct catalog_record *record, struct failure *failure); /* gives numbers and positions */
struct catalog_record *catalog_find_record(const struct catalog *catalog, const char *name);
struct catalog_field *catalog_find_field(const struct catalog_record *record, const char *name);

/* ---- migrate.c ---- */
const char *migrate_key_text(struct arena *arena, const struct record_type *record);      /* catalog_record.key */
const char *migrate_type_name(struct arena *arena, struct type type);                     /* catalog_field.type */
bool migrate_add_record(struct store *store, struct arena *arena, struct record_type *record, struct failure *failure);
bool migrate_change_record(struct store *store, struct arena *arena, struct record_type *record, struct catalog_record *known, struct failure *failure);

/* ---- rename.c ---- */
/* Tables and columns of what has a new name in the program take it. Reads the catalog again. */
bool rename_all(struct store *store, struct arena *arena, const struct program *program, struct failure *failure);
bool rename_column(struct store *store, struct arena *arena, struct catalog_record *record, struct catalog_field *known, const char *name, struct failure *failure);

/* ---- tables.c ---- */
bool table_create(struct store *store, struct arena *arena, const struct catalog_record *record, struct failure *failure);
bool table_create_set(struct store *store, struct arena *arena, const struct catalog_record *record, const struct catalog_field *set, struct failure *failure);
bool table_drop(struct store *store, struct arena *arena, const struct catalog_record *record, struct failure *failure);
bool table_drop_set(struct store *store, struct arena *arena, const struct catalog_record *record, const struct catalog_field *set, struct failure *failure);
bool table_add_column(struct store *store, struct arena *arena, const struct catalog_record *record, const struct catalog_field *field, struct failure *failure);
/* Copies the table and its history into new ones with the columns as the catalog has them now, without indexes over keys and references. */
bool table_rebuild(struct store *store, struct arena *arena, const struct catalog_record *record, struct failure *failure);
bool table_create_key_index(struct store *store, struct arena *arena, const struct catalog_record *record, struct failure *failure);
/* The index over the owners of rows of the past, which stores of the first versions lack. */
bool table_index_owners(struct store *store, struct arena *arena, const struct catalog_record *record, struct failure *failure);
bool table_create_id_index(struct store *store, const char *record, struct failure *failure);
/* The index over a reference that the check of removed rows needs, and any that store_ensure_path made. */
bool table_create_paths(struct store *store, struct arena *arena, const struct catalog_record *record, struct failure *failure);
bool table_drop_paths(struct store *store, struct arena *arena, const struct catalog_record *record, struct failure *failure);
const char *column_sql_type(const char *type);

/* ---- constant.c ---- */
/* The value of a field's default for rows that are there already; today and now are those of the transaction. */
bool constant_value(struct store *store, struct arena *arena, const struct texpr *expression, struct value *value, struct failure *failure);

/* ---- views.c ---- */
bool views_create(struct store *store, struct arena *arena, const struct program *program, struct failure *failure);
/* An SQL expression for the key of the row of `record` that goes by the name `alias`. */
const char *view_key_expression(struct arena *arena, const struct record_type *record, const char *alias);

/* ---- schema.c ---- */
bool store_need_catalog(struct store *store, struct failure *failure); /* reads it again when something was taken back */
void store_forget_catalog(struct store *store);
bool store_reload_catalog(struct store *store, struct failure *failure);
void storages_forget_statements(struct store *store); /* before tables are changed: a kept statement would hold its table */
struct storage *storage_of(const struct record_type *record); /* asserts that the schema was applied */
void storages_destroy(struct store *store);
/* Makes the index over _id of a clustered table when it has none, so that rows can be found by id alone. */
bool storage_need_id_index(struct store *store, struct storage *storage, struct failure *failure);

/* ---- lookup.c ---- */
/* The key of a row for a message: "cost `METERS/2026-01-31`". In the arena; never fails, falls back to the number. */
const char *row_describe(struct store *store, struct arena *arena, struct record_type *record, int64_t id);
const char *row_key(struct store *store, struct arena *arena, struct record_type *record, int64_t id);
bool row_exists(struct store *store, struct storage *storage, int64_t id, bool *exists, struct failure *failure);

/* ---- records.c ---- */
/* Says which key was taken, after SQLITE_CONSTRAINT_UNIQUE; values by the order of storage->columns. */
bool row_fail_unique(struct store *store, struct storage *storage, const struct value *values, int result, struct failure *failure);
/* How rows of t go to history: "INSERT INTO h_TYPE(…) SELECT UNTIL, t…. FROM t_TYPE AS t". Every column goes, the hidden ones too. In the arena; NULL with failure set. */
const char *records_keeping_text(struct store *store, struct arena *arena, const char *record, const char *until, struct failure *failure);
/* What is wrong with references after a refused commit. */
bool references_fail(struct store *store, struct failure *failure);

/* ---- touched.c: what the transaction writes to is noted for its entry in the journal, before it is written ---- */
bool journal_touch(struct store *store, const struct storage *storage, int64_t owner, int64_t id, struct failure *failure);
bool journal_touch_member(struct store *store, const struct storage *storage, const struct set_storage *set, int64_t id, struct failure *failure);
/* Rows that are not named. */
bool journal_touch_many(struct store *store, const char *record, struct failure *failure);
bool journal_touch_members(struct store *store, const char *record, const char *set, struct failure *failure);
/* What was touched has another name from here on. */
void journal_rename_record(struct store *store, const char *was, const char *name);
void journal_rename_set(struct store *store, const char *record, const char *was, const char *name);
/* The hash that all rows which a loader adds go into, in the order of the table; *rows NULL: they are read again at the end. */
struct row_digest;
bool journal_touch_loaded(struct store *store, const struct storage *storage, struct row_digest **rows, struct failure *failure);
/* Something was taken back: what was hashed already may no longer be so. */
void journal_doubt(struct store *store);
/* The history of a record was copied or dropped, so its rows have other numbers. */
void journal_doubt_history(struct store *store, const char *record);
void journal_forget(struct store *store);

/* ---- chain.c ---- */
bool journal_begin(struct store *store, struct failure *failure); /* a transaction begins that will have an entry */
bool journal_write(struct store *store, struct failure *failure); /* its entry, before it is committed */

/* ---- names.c ---- */
const char *name_quote(struct arena *arena, const char *prefix, const char *name);                       /* "t_cost" in quotes */
const char *name_quote_set(struct arena *arena, const char *prefix, const char *record, const char *set); /* "t_office__mandates" in quotes */
const char *text_quote(struct arena *arena, const char *text);                                          /* 'it''s' */

#endif
