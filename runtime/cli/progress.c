/* Progress at a terminal. See progress.h. */
#include "runtime/cli/progress.h"

#include <stdio.h>
#include <time.h>

enum { WORDS_MAX = 60 };
static const double first_after = 1.0, again_after = 0.5; /* seconds */

static bool allowed, is_drawn;
static char words[WORDS_MAX + 1];
static double began, drawn, done; /* done: of the work, below 0 where it is not known */

static double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void progress_allow(bool is_allowed) {
    allowed = is_allowed;
}

void progress_wipe(void) {
    if (is_drawn)
        fputs("\r\033[K", stderr);
    is_drawn = false;
    words[0] = '\0';
}

void progress_work(const char *what) {
    progress_wipe();
    snprintf(words, sizeof words, "%s", what ? what : "");
    done = -1;
    began = allowed && words[0] ? seconds_now() : 0;
    drawn = 0;
}

void progress_share(double share) {
    done = share;
}

void progress_tick(void) {
    if (!allowed || !words[0])
        return;
    double now = seconds_now();
    if (now - began < first_after || now - drawn < again_after)
        return;
    fprintf(stderr, done < 0 ? "\r\033[K%s: %.0f s" : "\r\033[K%s: %.0f s, %.0f %%", words, now - began, 100 * done);
    fflush(stderr);
    drawn = now;
    is_drawn = true;
}
