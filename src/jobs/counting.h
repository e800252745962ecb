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

/* Take in what is not counted yet, and recount everything. *wrong: how many counts were wrong;
 * `repair` puts them right, and opens lists that have not been counted before. Each is told to the
 * log. Must not be called inside a transaction. */
enum outcome counting_run(int64_t *wrong, struct work *work, bool repair,
                          counting_progress *progress, void *context);

#endif
