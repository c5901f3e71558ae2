/* Inside verification: what its files share. Private to verify.c, verify_rows.c and verify_state.c. */
#ifndef REMIT_RUNTIME_STORE_VERIFY_H
#define REMIT_RUNTIME_STORE_VERIFY_H

#include "runtime/store/journal.h"
#include "runtime/store/journal_inside.h"

enum part_kind { PART_CAME, PART_WENT, PART_VERSION, PART_NOW, PART_KINDS };
struct expected {
    enum part_kind kind;
    int64_t change;
    const char *name;       /* "12", "12.5", "catalog"; of a version its number */
    int64_t count;
    const char *before;     /* of PART_NOW */
    const char *hash, *hints; /* hints: "ID:h ID:h", or "" */
};
struct verification {
    struct store *store;
    struct arena *arena;
    struct journal_verdict *verdict;
    LIST_OF(struct journal_fault) faults;
    LIST_OF(struct expected) expected; /* in order of changes */
    int64_t last;           /* the number of the last change */
    bool is_readable;       /* what the store says of its records is what it was, so that their rows can be read */
};

/* A fault, in words. */
void verify_fault(struct verification *verification, int64_t change, const char *record, const char *set, int64_t id, const char *format, ...) __attribute__((format(printf, 6, 7)));
/* verify_rows.c */
bool verify_rows(struct verification *verification, struct failure *failure);
/* verify_state.c */
bool verify_states(struct verification *verification, struct failure *failure);
bool verify_overwritten(struct verification *verification, struct failure *failure); /* fields that keep no history */
bool verify_versions(struct verification *verification, struct failure *failure);
bool verify_paths(struct verification *verification, struct failure *failure);

#endif
