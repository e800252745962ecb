/* SPDX-License-Identifier: MIT */
/* Recounts what lists keep as their totals. Part of every sweep. */
#ifndef MENTORWATCH_JOBS_COUNTING_H
#define MENTORWATCH_JOBS_COUNTING_H

#include "base/outcome.h"

#include <stdbool.h>
#include <stdint.h>

struct work;

/* Called before each statement that recounts, which may take its time; may be NULL. */
typedef void counting_progress(void *context);

struct recounted {
    int64_t wrong;       /* counts; each is told to the log */
    int64_t not_counted; /* lists that have not been counted before, and are not now */
};

/* Recount everything. `repair` takes in what is not counted yet, puts wrong counts right, and
 * counts lists that have not been counted before. Of a failure *out says what was found until then.
 * Must not be called inside a transaction. */
enum outcome counting_run(struct recounted *out, struct work *work, bool repair,
                          counting_progress *progress, void *context);

#endif
