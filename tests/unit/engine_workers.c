/* Jobs in processes of their own: their results, those that crash, those that take too long, and machines that give no process. */
#include "runtime/engine/workers.h"
#include "tests/unit/unit.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum { JOBS = 20 };

struct trial {
    int ended, last_begun;
    enum worker_end ends[JOBS];
    char texts[JOBS][64];
    bool wants_more;
};

static void do_job(void *context, int job, struct buffer *out) {
    struct trial *trial = context;
    trial->last_begun = job; /* no one else sees it */
    buffer_add_format(out, "job %d", job);
    if (job == 3) {
        signal(SIGABRT, SIG_DFL);
        abort();
    }
    if (job == 5)
        for (;;)
            pause();
    if (job == 7)
        _exit(4);
    if (job == 9)
        buffer_add_repeated(out, 'x', 1000000);
}

static bool note_end(void *context, int job, const struct worker_report *report) {
    struct trial *trial = context;
    trial->ended++;
    trial->ends[job] = report->end;
    snprintf(trial->texts[job], sizeof trial->texts[job], "%s", report->end == WORKER_DIED ? report->died_of : report->bytes);
    if (job == 9)
        CHECK_INT(report->length, 1000005);
    return trial->wants_more;
}

static void every_job_is_heard_of(void) {
    for (int at_once = 1; at_once <= 100; at_once += 99) {
        struct trial trial = {.wants_more = true, .last_begun = -1};
        struct failure failure = {0};
        struct workers workers = {.job_count = JOBS, .at_once = at_once, .seconds = 2, .context = &trial, .work = do_job, .done = note_end};
        CHECK(workers_run(&workers, &failure));
        CHECK_INT(trial.ended, JOBS);
        CHECK_INT(trial.last_begun, -1);
        CHECK_TEXT(trial.texts[0], "job 0");
        CHECK_TEXT(trial.texts[19], "job 19");
        CHECK_INT(trial.ends[3], WORKER_DIED);
        CHECK(strncmp(trial.texts[3], "signal 6", 8) == 0);
        CHECK_INT(trial.ends[5], WORKER_LATE);
        CHECK_TEXT(trial.texts[7], "exit status 4");
    }
}

static void no_more_are_begun(void) {
    struct trial trial = {.wants_more = false};
    struct failure failure = {0};
    struct workers workers = {.job_count = JOBS, .at_once = 1, .seconds = 5, .context = &trial, .work = do_job, .done = note_end};
    CHECK(workers_run(&workers, &failure));
    CHECK_INT(trial.ended, 1);
}

static bool stop_at_once(void *context) {
    (void)context;
    return true;
}

static void is_stopped(void) {
    struct trial trial = {.wants_more = true};
    struct failure failure = {0};
    struct workers workers = {.job_count = JOBS, .at_once = 8, .seconds = 5, .context = &trial, .work = do_job, .done = note_end, .should_stop = stop_at_once};
    CHECK(!workers_run(&workers, &failure));
    CHECK_INT(failure.kind, FAILURE_STOPPED);
    CHECK(trial.ended < JOBS);
}

static void has_no_process(void) {
    struct trial trial = {.wants_more = true};
    struct failure failure = {0};
    struct rlimit before, none = {0, 0};
    struct workers workers = {.job_count = JOBS, .at_once = 2, .seconds = 5, .context = &trial, .work = do_job, .done = note_end};
    getrlimit(RLIMIT_NOFILE, &before);
    none.rlim_max = before.rlim_max;
    setrlimit(RLIMIT_NOFILE, &none);
    CHECK(!workers_run(&workers, &failure));
    setrlimit(RLIMIT_NOFILE, &before);
    CHECK_INT(failure.code, DIAG_NO_PROCESS);
    CHECK_INT(failure.kind, FAILURE_STORE);
}

static void has_places(void) {
    CHECK(workers_at_once() >= 1);
}

int main(void) {
    RUN(every_job_is_heard_of);
    RUN(no_more_are_begun);
    RUN(is_stopped);
    RUN(has_no_process);
    RUN(has_places);
    return UNIT_END("engine_workers");
}
