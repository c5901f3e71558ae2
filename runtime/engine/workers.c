/* Jobs in processes of their own. See workers.h.
 * Each job writes to a pipe and ends; its end is seen by the pipe's. One that takes too long is killed, and an alarm of its own sees to that too, should this process be gone. */
#include "runtime/engine/workers.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { AT_ONCE_MAX = 64, LOOK_MS = 100 };

struct worker {
    pid_t process; /* 0: free */
    int pipe;
    int job;
    double deadline;
    bool is_late;
    struct buffer bytes;
};
struct pool {
    const struct workers *workers;
    struct worker places[AT_ONCE_MAX];
    int place_count, next_job, running;
    bool wants_more;
};

static double steady_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int workers_at_once(void) {
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > AT_ONCE_MAX ? AT_ONCE_MAX : (int)count;
}

/* ---- in the job's process ---- */

static void hand_over(int pipe, const struct buffer *bytes) {
    size_t at = 0;
    while (at < bytes->length) {
        ssize_t count = write(pipe, bytes->bytes + at, bytes->length - at);
        if (count < 0 && errno != EINTR)
            return;
        at += count > 0 ? (size_t)count : 0;
    }
}

static _Noreturn void be_worker(const struct workers *workers, int job, int pipe) {
    struct buffer out = {0};
    signal(SIGINT, SIG_DFL);
    signal(SIGALRM, SIG_DFL);
    alarm((unsigned)workers->seconds + 2);
    workers->work(workers->context, job, &out);
    hand_over(pipe, &out);
    _exit(0);
}

/* ---- in this process ---- */

static bool start_job(struct pool *pool, struct worker *worker, struct failure *failure) {
    int ends[2];
    if (pipe(ends) != 0)
        return failure_set(failure, DIAG_NO_PROCESS, strerror(errno));
    pid_t process = fork();
    if (process == 0) {
        close(ends[0]);
        be_worker(pool->workers, pool->next_job, ends[1]);
    }
    close(ends[1]);
    if (process < 0) {
        close(ends[0]);
        return failure_set(failure, DIAG_NO_PROCESS, strerror(errno));
    }
    *worker = (struct worker){.process = process, .pipe = ends[0], .job = pool->next_job++, .deadline = steady_seconds() + pool->workers->seconds};
    pool->running++;
    return true;
}

/* Its process has ended, or is made to. Gives how it ended. */
static int end_job(struct pool *pool, struct worker *worker) {
    int status = 0;
    while (waitpid(worker->process, &status, 0) < 0 && errno == EINTR)
        ;
    close(worker->pipe);
    worker->process = 0;
    pool->running--;
    return status;
}

static void report_job(struct pool *pool, struct worker *worker) {
    char words[100];
    int status = end_job(pool, worker);
    struct worker_report report = {WORKER_DONE, NULL, buffer_string(&worker->bytes), worker->bytes.length};
    if (worker->is_late)
        report.end = WORKER_LATE;
    else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        report.end = WORKER_DIED;
        report.died_of = words;
        if (WIFSIGNALED(status))
            snprintf(words, sizeof words, "signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
        else
            snprintf(words, sizeof words, "exit status %d", WEXITSTATUS(status));
    }
    pool->wants_more = pool->workers->done(pool->workers->context, worker->job, &report) && pool->wants_more;
    buffer_free(&worker->bytes);
}

static void end_all(struct pool *pool) {
    for (int i = 0; i < pool->place_count; i++)
        if (pool->places[i].process) {
            kill(pool->places[i].process, SIGKILL);
            end_job(pool, &pool->places[i]);
            buffer_free(&pool->places[i].bytes);
        }
}

/* Takes what there is; at the end of the pipe, or once it is late, the job is over. */
static void look_at(struct pool *pool, struct worker *worker, bool is_ready) {
    char block[65536];
    ssize_t count = is_ready ? read(worker->pipe, block, sizeof block) : 0;
    bool is_over = is_ready && (count == 0 || (count < 0 && errno != EINTR));
    if (count > 0)
        buffer_add(&worker->bytes, block, (size_t)count);
    worker->is_late = !is_over && steady_seconds() > worker->deadline;
    if (worker->is_late)
        kill(worker->process, SIGKILL);
    if (is_over || worker->is_late)
        report_job(pool, worker);
}

static void wait_for_news(struct pool *pool) {
    struct pollfd pipes[AT_ONCE_MAX];
    struct worker *of[AT_ONCE_MAX];
    nfds_t count = 0;
    for (int i = 0; i < pool->place_count; i++)
        if (pool->places[i].process) {
            of[count] = &pool->places[i];
            pipes[count++] = (struct pollfd){.fd = pool->places[i].pipe, .events = POLLIN};
        }
    if (poll(pipes, count, LOOK_MS) < 0)
        return;
    for (nfds_t i = 0; i < count; i++)
        look_at(pool, of[i], pipes[i].revents != 0);
}

static bool fill_places(struct pool *pool, struct failure *failure) {
    for (int i = 0; i < pool->place_count && pool->wants_more && pool->next_job < pool->workers->job_count; i++)
        if (!pool->places[i].process && !start_job(pool, &pool->places[i], failure))
            return false;
    return true;
}

bool workers_run(const struct workers *workers, struct failure *failure) {
    struct pool pool = {.workers = workers, .place_count = workers->at_once < AT_ONCE_MAX ? workers->at_once : AT_ONCE_MAX, .wants_more = true};
    assert(workers->at_once > 0);
    bool good = fill_places(&pool, failure);
    while (good && pool.running) {
        wait_for_news(&pool);
        if (workers->should_stop && workers->should_stop(workers->stop_context)) {
            failure_set(failure, DIAG_STORE_STOPPED);
            failure->kind = FAILURE_STOPPED;
            good = false;
        }
        good = good && fill_places(&pool, failure);
    }
    end_all(&pool);
    return good;
}
