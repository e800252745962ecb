/* SPDX-License-Identifier: MIT */
/* Whether others are asking the database server for something. A job that has the server to itself
 * takes all that it can have of it; beside others it leaves them room. */
#ifndef MENTORWATCH_JOBS_COURTESY_H
#define MENTORWATCH_JOBS_COURTESY_H

#include <stdbool.h>
#include <stdint.h>

struct work;

struct courtesy {
    int64_t by_others; /* statements so far, on a scale of its own */
    int64_t looked_ms; /* on the monotonic clock */
    int64_t holds_ms;  /* how long what was seen then is taken for true */
    bool is_known;     /* by_others */
    bool has_others;
};

/* Begin to count. */
void courtesy_begin(struct courtesy *courtesy, struct work *work);

/* Whether others have asked for more than 3 statements since the last look, and 20 a second.
 * Where the server does not tell, nobody is taken to be there. Not within a unit of work. */
bool courtesy_has_others(struct courtesy *courtesy, struct work *work);

#endif
