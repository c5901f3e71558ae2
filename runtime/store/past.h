/* Inside the store room: the store as it was. Nothing outside runtime/store includes this.
 * Knows: which tables of the past there are. Does not know: who asks. */
#ifndef REMIT_RUNTIME_STORE_PAST_H
#define REMIT_RUNTIME_STORE_PAST_H

#include "runtime/store/inside.h"

/* ---- older.c ---- */
/* SQL for a field in the rows of h_TYPE (of a set: for its member in those of h_TYPE__FIELD): a row that is older than a field that is never missing has its default, unless that depends on the
 * day; an enum value that is gone has an ordinal below 0, by which enum_type.gone names it. */
const char *past_column(struct store *store, struct arena *arena, const struct field *field);
void past_note_gone(struct store *store); /* once a program is applied: fills the enum_type.gone of its enums, and what past_column knows of them */

/* ---- past.c ---- */
/* Defines remit_past_TYPE(change), and remit_past_TYPE__FIELD(change) of each set, for the record of the storage as it now is. */
bool past_define(struct store *store, struct arena *arena, const struct storage *storage, struct failure *failure);

/* ---- as_of.c ---- */
/* Makes what the store's as_of says so for all records that have a storage. */
bool as_of_cover(struct store *store, struct arena *arena, struct failure *failure);
void as_of_forget(struct store *store);
void baselines_forget(struct store *store); /* the statements that look for them: they would hold their table */

/* ---- field_history.c ---- */
void versions_forget(struct store *store); /* before tables are changed, and for another program */
bool versions_define(struct store *store); /* the table remit_history(record, field, id, change), for a connection */

#endif
