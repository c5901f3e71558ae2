/* What to do next, where a store, a policy or a name is not there.
 * Knows: what a newcomer has and has not done yet. Does not know: what the command was for. */
#ifndef REMIT_RUNTIME_CLI_SUGGEST_H
#define REMIT_RUNTIME_CLI_SUGGEST_H

#include "runtime/cli/cli.h"

/* Is one of the messages about a name that is not there? */
bool suggests_more(const struct session *session);
/* After the messages of a file that was read alone, which is one of a folder: that the folder may be meant. Adds nothing where it is not so. */
void suggest_folder(struct buffer *note, struct session *session, const char *path);
/* Says in messages about rules, mandates and reports that are not there that the store keeps a policy of its own, which the files may have left behind. */
void suggest_saved(struct session *session, const struct arguments *arguments, struct failure *failure);
/* "--store pmo.db" after a space, as it was given; "" for the store that is meant when none is named. */
const char *suggest_store(struct session *session);
/* What the policy holds that was just kept, on standard error: "the policy of this store: 2 offices, 3 mandates, 1 report". */
void suggest_contents(const struct session *session);

#endif
