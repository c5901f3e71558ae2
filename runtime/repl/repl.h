/* The session at a terminal.
 * Knows: readline, history, dot commands. Does not know: options of the command line. */
#ifndef REMIT_RUNTIME_REPL_REPL_H
#define REMIT_RUNTIME_REPL_REPL_H

#include "runtime/engine/session.h"

/* Reads inputs until the end or .quit. The session's store is open and its policy loaded. When another store was opened, *session is another session at the end, and
 * the one before is destroyed. */
void repl_run(struct session **session);

#endif
