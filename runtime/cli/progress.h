/* What takes long is shown at a terminal while it does: "checking 20 rules: 3 s", on one line of standard error that is wiped out before anything else is written.
 * Knows: the clock, a terminal. Does not know: what the work is. */
#ifndef REMIT_RUNTIME_CLI_PROGRESS_H
#define REMIT_RUNTIME_CLI_PROGRESS_H

#include <stdbool.h>

/* Whether anything is shown at all: not with --quiet, nor where standard error is no terminal or a dumb one. */
void progress_allow(bool is_allowed);
/* Work begins, in words such as "checking 20 rules", which are copied. NULL: nothing that would be shown. */
void progress_work(const char *what);
/* How much of it is done, 0 to 1, where that is known. */
void progress_share(double share);
/* Asked often while the work goes on: shows how long it has taken, once that is more than a second. */
void progress_tick(void);
/* Before anything is written: wipes the line out, and shows none until other work begins. */
void progress_wipe(void);

#endif
