/* Gates: mandates that are enforced on the change itself. Whoever changes records notes what the gates look at before, and asks them after, in the same transaction: a mandatory gate that is neither
 * met nor waived refuses the change, an advisory one lets it through and records its advice. Each leaves a decision; of a change that is refused, it is written once the change has been taken back.
 * Knows: mandates with a gate, decisions. Does not know: commands. */
#ifndef REMIT_RUNTIME_ENGINE_GATES_H
#define REMIT_RUNTIME_ENGINE_GATES_H

#include "runtime/engine/obligation.h"
#include "runtime/engine/session.h"

struct gate_notes;

/* Is a gate that is in force on this type of record? */
bool gates_are_on(const struct session *session, const struct record_type *record);
/* Notes the rows of the record type with these ids; ids NULL: all. Where no gate is on the type nothing is done. NULL with failure set. */
struct gate_notes *gates_note(struct session *session, struct record_type *record, const int64_t *ids, int count, struct failure *failure);
/* Asks the gates about the rows with these ids (NULL: all), as they are now and were when they were noted; a row that was not is new. False, with failure set, when one refuses. */
bool gates_ask(struct gate_notes *notes, const int64_t *ids, int count, struct failure *failure);
void gates_forget(struct gate_notes *notes); /* NULL is allowed */
/* What a gate's field is taken to have been before it became `after`, where that is not known: the value before the gate's, of an enum in any case. */
struct value gate_value_before(const struct tmandate *mandate, struct value after);
/* What comes of a change that a gate looks at. */
enum decision_outcome gate_outcome(const struct tmandate *mandate, const struct verdict *verdict);

/* Decisions on changes that were refused wait until what was done has been taken back. Writes them: in a transaction of their own; or within the one under way, and then they are kept in mind, to
 * be written again should that one be taken back: session->refusals is emptied by whoever commits it. */
bool gates_write_refusals(struct session *session, struct failure *failure);

#endif
