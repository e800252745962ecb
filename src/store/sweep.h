/* SPDX-License-Identifier: MIT */
/* Every statement about sweeps: one row for each that was begun. */
#ifndef MENTORWATCH_STORE_SWEEP_H
#define MENTORWATCH_STORE_SWEEP_H

#include "base/outcome.h"
#include "model/brake.h"

#include <stdint.h>

struct work;

/* How a sweep ended. One that was killed stays running. */
enum sweep_result {
    SWEEP_GOOD,
    SWEEP_FAILURES, /* done, but something could not be handled */
    SWEEP_BRAKED,   /* done, but nobody was paused */
    SWEEP_LEFT,     /* done, but a job was left to another run */
    SWEEP_REFUSED,  /* nothing was done: the clock must be wrong */
    SWEEP_FAILED,   /* an error cut it off, or another sweep took over */
};

/* A sweep begins. The moment is that of this host's clock, whatever the work's now is. */
enum outcome sweep_begin(int64_t *seq, struct work *work, const char *host,
                         struct instant started_at);
/* says: one sentence, or NULL. figures: JSON, or NULL. */
enum outcome sweep_end(struct work *work, int64_t seq, enum sweep_result result, const char *says,
                       const char *figures, struct instant completed_at);
/* When the last one began that need not be begun again: it was done, or held by a brake. */
enum outcome sweep_last_settled(struct instant *out, struct work *work);
/* When the last ones were. */
enum outcome sweep_last(struct sweep_times *out, struct work *work);

#endif
