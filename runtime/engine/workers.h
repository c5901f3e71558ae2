/* Jobs in processes of their own, several at a time: what one does to its memory or its store no other sees, none runs longer than it may, and one that crashes takes no other with it.
 * Knows: processes. Does not know: what the jobs are. */
#ifndef REMIT_RUNTIME_ENGINE_WORKERS_H
#define REMIT_RUNTIME_ENGINE_WORKERS_H

#include "lang/base/text.h"
#include "runtime/value/failure.h"

enum worker_end { WORKER_DONE, WORKER_LATE, WORKER_DIED };
struct worker_report {
    enum worker_end end;
    const char *died_of; /* WORKER_DIED: "signal 11 (Segmentation fault)" */
    const char *bytes;   /* what it handed over; as long as the call */
    size_t length;
};

struct workers {
    int job_count, at_once;
    double seconds; /* that one job may take */
    void *context;
    /* In the process of the job, a copy of this one as it is when the job begins: what is written to out is handed over. */
    void (*work)(void *context, int job, struct buffer *out);
    /* In this process, in the order in which jobs end; false: no more of them. */
    bool (*done)(void *context, int job, const struct worker_report *report);
    bool (*should_stop)(void *context); /* asked now and then; may be NULL */
    void *stop_context;
};
/* Jobs begin in order. False with failure set when no process could be made, or when stopped. No job runs any more when it returns. Nothing may be waiting to be written
 * to a stream that a job closes or flushes, and no other thread may run. */
bool workers_run(const struct workers *workers, struct failure *failure);
/* As many as the machine has processors for. */
int workers_at_once(void);

#endif
