/* A review of what a session knows: its diagnostics as items of the list that all formats of review are written from.
 * Knows: diagnostics, places in sources. Does not know: formats. */
#ifndef REMIT_RUNTIME_ENGINE_REVIEW_H
#define REMIT_RUNTIME_ENGINE_REVIEW_H

#include "runtime/engine/session.h"
#include "runtime/render/review.h"

/* An empty list in the session's arena. */
struct review review_start(struct session *session, const char *tool);
/* The place of a span; path NULL where that is in the standard library. */
struct review_place review_place_of(struct session *session, struct span span);
/* Each diagnostic of the session's list as an item: of lint with its rule, of the rest with its code. */
void review_add_diagnostics(struct review *review, struct session *session);
/* Writes the list to the session's out. */
void review_show(struct session *session, const struct review *review, enum review_format format);

#endif
