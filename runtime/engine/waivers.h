/* The waivers of a store: which of them count, for what, and what is to be said of them.
 *
 * A waiver counts when the mandate is there and names who granted it in `waivable by`, when it went through each of those in `through`, when it ends, no later than `up to` allows, and when none of them
 * benefits: the initiative's own office, its sponsor, a head or member of that office, or a body that has no other members.
 * Knows: the waiver record, offices, bodies, people. Does not know: obligations. */
#ifndef REMIT_RUNTIME_ENGINE_WAIVERS_H
#define REMIT_RUNTIME_ENGINE_WAIVERS_H

#include "runtime/engine/obligation.h"
#include "runtime/engine/session.h"

struct waiver {
    const struct tmandate *mandate; /* NULL: there is none of the name that it gives */
    const char *mandate_name;
    const char *element;            /* the key of the subject */
    const char *granted_by;
    const char *endorsed_by;        /* or NULL */
    const char *reason;
    struct waiver_days days;
    const char *flaw;               /* why it does not count, a sentence without its full stop; NULL: it does */
    int64_t change;                 /* that wrote it last */
    int64_t subject;                /* the id of the subject; 0: there is none of that key */
    int used;                       /* how many obligations it excused */
    int needless;                   /* how many it would have excused that were met without it */
    int asked;                      /* how many obligations its subject has of the mandate that it might concern */
    int breached;                   /* how many of them are breached */
};
struct waivers {
    struct arena *arena;
    LIST_OF(struct waiver) list;    /* by mandate, then subject, then the day they begin */
};

/* Reads them all. Everything lives in the arena. */
bool waivers_read(struct session *session, struct arena *arena, struct waivers *waivers, struct failure *failure);
/* Inside a transaction: what it writes that will not count is noted, for whoever wrote it (session_tell_notes). */
bool waivers_tell_new(struct session *session, struct failure *failure);
/* Those for a mandate and a subject, whether they count or not: a part of the list; *count may be 0. */
struct waiver *waivers_find(const struct waivers *waivers, const struct tmandate *mandate, const char *element, size_t length, int *count);
/* Judges an obligation with the waivers of its mandate and subject, those that count among them. In the verdict waiver is a position among `found`. */
struct verdict waivers_judge(const struct tmandate *mandate, const struct asked *asked, const struct kept_obligation *kept, const struct waiver *found, int count, bool has_passed, int64_t today);
/* Who may waive the mandate, in words: "BOARD may waive it, up to 90 days", or that nobody may. In the arena. */
const char *waivers_words(struct arena *arena, const struct tmandate *mandate);

enum waiver_state { WAIVER_RUNS, WAIVER_TO_COME, WAIVER_ENDED, WAIVER_FLAWED, WAIVER_NEEDLESS };
enum waiver_state waiver_state(const struct waiver *waiver, int64_t today);

#endif
