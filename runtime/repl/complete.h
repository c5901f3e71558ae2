/* Completion: words that may follow, from the grammar and from the program's own names.
 * Knows: names and where they may stand. Does not know: the loop. */
#ifndef REMIT_RUNTIME_REPL_COMPLETE_H
#define REMIT_RUNTIME_REPL_COMPLETE_H

#include "runtime/engine/session.h"

/* Tells readline to complete by the session's program, whichever it is by then. before: the lines of the input that were entered already; both outlive the session's reading. */
void complete_start(struct session *const *session, const struct buffer *before);

#endif
