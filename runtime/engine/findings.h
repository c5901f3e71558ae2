/* The findings of one check: gathered as they are found, compared with the open ones of the store, kept, and given out in order.
 * They stand in tables of the connection's own, which SQLite keeps in a file when they are many: memory does not grow with them.
 * Knows: findings. Does not know: how a rule is evaluated, how findings are shown. */
#ifndef REMIT_RUNTIME_ENGINE_FINDINGS_H
#define REMIT_RUNTIME_ENGINE_FINDINGS_H

#include "runtime/engine/session.h"

struct findings;

/* For these rules, which stay where they are. The store is held (store_hold) until findings_close. NULL with failure set. */
struct findings *findings_open(struct session *session, struct trule *const *rules, int rule_count, struct failure *failure);
void findings_close(struct findings *findings); /* NULL is allowed */
/* rule: its position among those given to findings_open. The message is copied. */
bool findings_add(struct findings *findings, int rule, int64_t id, const char *message, size_t length, struct failure *failure);

struct finding_counts {
    int64_t added, cleared;
};
/* After the last one: finds the elements' keys and, for each finding, the open one of the store with its rule, record type and key: it is that one, seen first when that was.
 * An open one that is not found again is cleared, if its rule was asked for: options->names, or all. */
bool findings_compare(struct findings *findings, const struct check_options *options, struct finding_counts *counts, struct failure *failure);
/* The last day of which findings are kept; INT64_MIN of none. A check of an earlier day must not write over what was found since. */
bool findings_kept_later(struct findings *findings, int64_t *day, struct failure *failure);
/* Writes that down: new findings, days last seen, changed messages, cleared ones. What changes but the day goes to history. */
bool findings_keep(struct findings *findings, const struct check_options *options, struct failure *failure);

/* In order: the gravest first, then by rule and key. Columns: severity, rule, record, element, first_seen, message, of the types that the finding record has. Must be closed before findings_close. */
enum { FINDING_COLUMNS = 6 };
struct rows *findings_rows(struct findings *findings, const struct row_column *columns, struct failure *failure);

/* What differs from what the store keeps, as a question in SQL: 'finding', rule, record, element, NULL, the severity kept or NULL, the severity now or NULL. After findings_compare. */
const char *findings_differences(struct findings *findings, const struct check_options *options);

#endif
