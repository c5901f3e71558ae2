/* The journal as others see it: reading its entries, and working all of its hashes out again.
 * Knows: changes, parts, rows by number. Does not know: keys, programs, how it is shown. What the hashes are made of is drawn in journal_inside.h. */
#ifndef REMIT_RUNTIME_STORE_JOURNAL_H
#define REMIT_RUNTIME_STORE_JOURNAL_H

#include "runtime/store/store.h"

/* ---- entries ---- */
struct journal_part {
    const char *record, *set;      /* set NULL: rows of the record */
    int64_t added, changed, removed; /* rows, or members */
};
struct journal_entry {
    int64_t number, at, policy;    /* policy 0: there was no policy set */
    const char *who, *what, *hash; /* hash "" in a store of the first format */
    bool new_policy;               /* the policy version came with it */
    bool new_schema;
    struct journal_part *parts;    /* of records, then their sets */
    int part_count;
};
struct journal_filter {
    int64_t most;                  /* how many at most, the last ones; 0: all */
    const char *record;            /* only those that wrote rows of it; NULL: any */
    int64_t id;                    /* and of these this row; 0: any */
    bool only_policy;              /* only those that brought a policy version */
};
/* The last one first. In the arena. */
bool journal_read(struct store *store, struct arena *arena, const struct journal_filter *filter, struct journal_entry **entries, int *count, struct failure *failure);
/* The hash of the last change, and its number; "" and 0 when there is none. */
bool journal_head(struct store *store, struct arena *arena, const char **hash, int64_t *number, struct failure *failure);

/* A row as a change left it and as it was before. */
struct journal_value {
    const char *field;
    const char *before, *after;    /* as people write them; NULL: missing */
};
struct journal_row {
    const char *record, *key;
    int64_t id;
    bool was, is;                  /* there before, there after */
    struct journal_value *values;  /* those that differ */
    int value_count;
};
/* What one change did to rows, at most `most` of each record. *more: how many were left out. */
bool journal_rows(struct store *store, struct arena *arena, const struct journal_entry *entry, const char *record, int most, struct journal_row **rows, int *count, int64_t *more, struct failure *failure);

/* The key of a row as it is, or as it last was. */
const char *journal_key(struct store *store, struct arena *arena, const char *record, int64_t id);
/* The row of a record that has the key, or had it; *id 0 when there is none. */
bool journal_find_key(struct store *store, struct arena *arena, const char *record, const char *key, int64_t *id, struct failure *failure);
/* Every record that the store knows. */
bool journal_each_record(struct store *store, void *context, void (*offer)(void *context, const char *record), struct failure *failure);

/* ---- verification ---- */
struct journal_fault {
    int64_t change;                /* the first that it belongs to; one beyond the last: it came after all of them */
    const char *record, *set;      /* or NULL */
    int64_t id;                    /* of the row, where that can be told; else 0 */
    const char *problem;           /* in words: "was edited", … */
};
struct journal_verdict {
    int64_t changes;
    const char *head;              /* "" of no changes */
    struct journal_fault *faults;  /* by change; no more than JOURNAL_FAULTS_MOST */
    int fault_count;
    int64_t faults_found;          /* all of them */
    int64_t anchor;                /* the change whose hash the anchor is; 0: none is, or there was no anchor */
    int64_t rows;                  /* how many versions of rows were hashed */
};
enum { JOURNAL_FAULTS_MOST = 50 };
/* Works all hashes out again. anchor: the hash of a change, kept outside; or NULL. False with failure set when the store cannot be read; what was found wrong is in the verdict. */
bool journal_verify(struct store *store, struct arena *arena, const char *anchor, struct journal_verdict **verdict, struct failure *failure);

#endif
