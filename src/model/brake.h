/* SPDX-License-Identifier: MIT */
/* The brakes of a sweep that nobody watches: when it must not go on by itself. No I/O, no SQL. */
#ifndef MENTORWATCH_MODEL_BRAKE_H
#define MENTORWATCH_MODEL_BRAKE_H

#include "base/clock.h"

#include <stdint.h>

struct arena;

/* The last sweeps that went their way, by the clock of their host. Absent: there was none. */
struct sweep_times {
    struct instant last_begun; /* whatever became of it, unless the clock held it */
    struct instant last_done;  /* it went to its end, whether or not all could be done */
};
extern const struct record sweep_times;

/* NULL, or why the clock must be wrong: it has jumped back by more than 5 minutes, or lies more
 * than 40 days ahead of the last sweep that was done. A sentence for the operator. */
const char *brake_clock(struct arena *arena, struct instant now, const struct sweep_times *last);

/* NULL, or why so many mentors must not be paused at once: more than 10, and more than a fifth of
 * those whom the directory has. */
const char *brake_pauses(struct arena *arena, int64_t to_pause, int64_t mentors);

#endif
