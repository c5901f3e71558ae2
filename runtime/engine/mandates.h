/* A mandate at work: asking what it requires of one subject, and what became of that; what it is in words.
 * Knows: mandates' questions, both engines. Does not know: how obligations are judged and kept (obligations.h), how they are shown. */
#ifndef REMIT_RUNTIME_ENGINE_MANDATES_H
#define REMIT_RUNTIME_ENGINE_MANDATES_H

#include "runtime/engine/obligations.h"

typedef bool (*asked_visitor)(void *context, const struct asked *asked, struct failure *failure);
/* Asks the mandate's question of one subject; calls visit with each obligation, by period. False with failure set, also by visit. */
bool mandate_ask(struct session *session, const struct tmandate *mandate, int64_t subject, asked_visitor visit, void *context, struct failure *failure);
/* The same of a subject that is about to pass the gate; before: what the gate's field was. */
bool mandate_ask_change(struct session *session, const struct tmandate *mandate, int64_t subject, struct value before, asked_visitor visit, void *context, struct failure *failure);
/* Is it in force today, or has it required something while it was that stays required? */
bool mandate_is_asked(const struct session *session, const struct tmandate *mandate);
/* What became of all that it requires of one subject, as of today, as a check would judge it; in order of period. The list lives in the arena, where waivers were read. */
bool mandate_obligations(struct session *session, struct tmandate *mandate, int64_t subject, struct waivers *waivers, struct arena *arena, struct obligation_list *list, struct failure *failure);
/* Does the period that is asked about lie in one of the mandate's? False with failure set. NO_DAY, and mandates that ask nothing every so often: true. */
bool mandate_period_fits(struct session *session, const struct tmandate *mandate, int64_t wanted, struct failure *failure);
/* The one among them that is meant, in the period that is asked about (NO_DAY: the last one); or NULL. */
const struct obligation *mandate_obligation_meant(const struct session *session, const struct obligation_list *list, int64_t wanted);
/* The state and the period of the one that is meant; OBLIGATION_STATES when nothing is required there. */
bool mandate_state(struct session *session, struct tmandate *mandate, int64_t subject, int64_t wanted, enum obligation_state *state, int64_t *period, struct failure *failure);
/* Is an obligation of that period meant, when one of `wanted` is asked about? Periods that are asked about need not be those of the mandate: the one that a day of theirs lies in is meant. NO_DAY: any. */
bool mandate_period_is_meant(const struct session *session, int64_t wanted, int64_t period);
/* Binds the day from which its periods are counted, where the mandate does not say it: an input of the run. */
bool mandate_bind_since(struct session *session, const struct tmandate *mandate, struct failure *failure);
/* What failed for all subjects is asked of one after the other: the failure then names the first for which it fails. */
void mandate_name_failing(struct session *session, const struct tmandate *mandate, struct failure *failure);
/* Why it is not in force today: "PMO ended on 2025-12-31", "PMO begins on 2027-01-01", "effective until 2025-12-31", "effective from 2027-01-01"; NULL when it is. In the session's arena. */
const char *mandate_lapse_words(struct session *session, const struct tmandate *mandate);
/* "every 2 weeks", "by due", "before stage becomes delivery", "always". In the session's arena. */
const char *mandate_timing_words(struct session *session, const struct tmandate *mandate);
/* What meeting it takes one subject in a month, on average; 0 where it is not required every so often, or no effort is said. */
double mandate_hours_a_month(const struct tmandate *mandate);

#endif
