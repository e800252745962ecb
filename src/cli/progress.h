/* SPDX-License-Identifier: MIT */
/* A progress bar on standard error, where that is a terminal; nothing elsewhere. */
#ifndef MENTORWATCH_CLI_PROGRESS_H
#define MENTORWATCH_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    bool shown; /* standard error is a terminal */
    bool drawn; /* there is a line to wipe */
    int64_t last_ms;
};

struct progress progress_begin(void);
/* Draw at most ten times a second. `total` 0: not known, only the count is shown. */
void progress_show(struct progress *progress, const char *what, int64_t done, int64_t total);
void progress_end(struct progress *progress); /* wipes the line */

#endif
