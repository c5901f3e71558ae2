/* What plan, apply and diff share: two sessions on one store, options that are lists, how a plan is shown; and what git says of a policy.
 * Knows: plans, options. Does not know: what each command does with them. */
#ifndef REMIT_RUNTIME_CLI_PLANNING_H
#define REMIT_RUNTIME_CLI_PLANNING_H

#include "runtime/cli/cli.h"
#include "runtime/engine/plan.h"

/* "a,b" as names; gives their count. */
int cli_split_names(struct arena *arena, const char *list, const char ***names);
/* The store; one in memory where its file is not there. */
bool cli_open_for_planning(struct session *session, struct failure *failure);
/* Loads a policy in a transaction, and takes back what that wrote. */
bool cli_load_aside(struct session *session, bool (*load)(struct session *session, const void *from, struct failure *failure), const void *from, struct failure *failure);
/* A session beside it on the same store. */
struct session *cli_session_of_old(struct session *session);
/* Says when --format names one that plans do not have. */
bool cli_plan_format(const struct arguments *arguments);
void cli_show_plan(struct session *session, const struct plan *plan, const struct plan_look *look);

/* ---- git.c: what git says, asked without a shell ---- */
/* The revision that the path is at, and whether nothing differs from it there; revision NULL where there is no git or no repository. */
struct policy_origin git_origin(struct arena *arena, const char *path);
/* The .remit files of REV or REV:PATH, below the folder that the run is in where no path is said. False: it is no revision, or git failed (failure set). */
bool git_read_policy(struct arena *arena, const char *name, struct policy_file **files, int *count, struct failure *failure);

#endif
