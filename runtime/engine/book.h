/* The policy book: what offices require and advise, in plain sentences, with their authority, exceptions, reasons, and what became of it by the store.
 * Knows: the program as it is checked and as it is written, what the store keeps. Does not know: pages (runtime/render/book.h). */
#ifndef REMIT_RUNTIME_ENGINE_BOOK_H
#define REMIT_RUNTIME_ENGINE_BOOK_H

#include "runtime/engine/session.h"
#include "runtime/render/book.h"

/* Of the session's program. What became of mandates and rules stands there when the store has been checked. In the session's arena. */
bool session_write_book(struct session *session, struct book *book, struct failure *failure);

#endif
