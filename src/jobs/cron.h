/* SPDX-License-Identifier: MIT */
/* What a host's cron is for, as one thing that may be begun at any time: the day's sweep when it is
 * due, otherwise delivering what is due. */
#ifndef MENTORWATCH_JOBS_CRON_H
#define MENTORWATCH_JOBS_CRON_H

#include "base/outcome.h"
#include "jobs/sweep.h"

#include <stdbool.h>
#include <stdint.h>

struct work;

struct cron_report {
    bool swept;                     /* a sweep was begun */
    struct sweep_report sweep;      /* of it */
    struct delivery_count delivery; /* of all, in a sweep or without */
    bool more;                      /* the time was up: there may be more to do */
};

/* Whether the sweep of this day (UTC, from jobs.hour on) has not been done. One that a brake held
 * counts as done: the operator was told, and tomorrow's looks again. */
enum outcome cron_sweep_is_due(bool *out, struct work *work);

/* All that there is to do. */
enum outcome cron_run(struct cron_report *out, struct work *work);
/* A slice: nothing is begun after so many seconds, and what is in hand then is ended. One at a time
 * in the whole installation: CONFLICT, another one is going on. */
enum outcome cron_run_slice(struct cron_report *out, struct work *work, int64_t seconds);

#endif
