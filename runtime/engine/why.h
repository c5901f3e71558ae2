/* Inside `why`: what accounts of rules and of mandates share. Private to why*.c.
 * Knows: accounts. Does not know: what a rule or a mandate asks. */
#ifndef REMIT_RUNTIME_ENGINE_WHY_H
#define REMIT_RUNTIME_ENGINE_WHY_H

#include "runtime/engine/account.h"
#include "runtime/engine/mandates.h"

/* The days in which a declaration is in force; INT64_MIN, INT64_MAX where not said. Where it is in force as long as its office exists, that says a day: then the office is named. */
struct effective {
    int64_t from, until;
    const char *begins, *ends; /* the office that begins, and that ends, on that day; or NULL */
};

struct type why_date(void);
/* The key and the name of the record that the variable is bound to. */
bool why_name_element(struct account *account, struct tvar *variable, const struct record_type *record, struct failure *failure);
bool why_is_in_force(const struct account *account, struct effective effective);
/* As a clause: that it is not in force decides. */
bool why_add_effective(struct account *account, struct effective effective, struct failure *failure);
/* The format with the day in its `%s`. */
const char *why_with_day(struct account *account, const char *format, int64_t day);
/* By whom it is, and in force when. */
void why_add_authority(struct account *account, const char *office, const char *domain, struct effective effective);
/* Where it is declared, and the SHA-256 of its text. */
void why_add_place(struct account *account, struct span span, const char *fingerprint);

#endif
