/* SPDX-License-Identifier: MIT */
#include "cli/progress.h"

#include "base/clock.h"
#include "base/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

enum { WIDTH = 30, EVERY_MS = 100 };

struct progress progress_begin(void)
{
    return (struct progress){.shown = isatty(STDERR_FILENO) != 0};
}

void progress_show(struct progress *progress, const char *what, int64_t done, int64_t total)
{
    static const char bar[WIDTH + 1] = "##############################";
    const int64_t now = clock_monotonic_ms();
    const bool complete = total > 0 && done >= total;

    if (!progress->shown || (!complete && now - progress->last_ms < EVERY_MS)) {
        return;
    }
    progress->last_ms = now;
    progress->drawn = true;
    log_set_beside(true);
    if (total > 0) {
        (void)fprintf(stderr, "\r\033[K[%-*.*s] %" PRId64 " of %" PRId64 " %s", WIDTH,
                      (int)(WIDTH * done / total), bar, done, total, what);
    } else {
        (void)fprintf(stderr, "\r\033[K%" PRId64 " %s", done, what);
    }
}

void progress_end(struct progress *progress)
{
    if (progress->drawn) {
        (void)fputs("\r\033[K", stderr);
        progress->drawn = false;
        log_set_beside(false);
    }
}
