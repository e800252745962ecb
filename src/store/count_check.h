/* SPDX-License-Identifier: MIT */
/* Holds the table counts against the rows. */
#ifndef MENTORWATCH_STORE_COUNT_CHECK_H
#define MENTORWATCH_STORE_COUNT_CHECK_H

#include "base/outcome.h"
#include "base/record.h"
#include "store/counted_list.h"

#include <stdbool.h>
#include <stdint.h>

struct work;

/* A count that is not what the rows say. */
struct count_drift {
    const char *filter;
    const char *value;
    int64_t level;
    int64_t number; /* how many are missing; below 0: too many; 0: it is about newest */
    int64_t newest; /* the greatest seq of its rows, which is to be in counts, too */
};

/* Recount, for one filter of the list that is kept. *drifts: struct count_drift, the first hundred.
 * Nobody is locked out: what is counted and what it is held against are of one moment. */
enum outcome count_verify(struct list *drifts, struct work *work, enum counted list,
                          const struct counted_filter *filter);
/* Recount, and add to each count what is missing in it. Whoever repairs holds count_lock(), from
 * before the look at what is wrong. */
enum outcome count_repair(struct work *work, enum counted list,
                          const struct counted_filter *filter);

enum outcome count_is_open(bool *out, struct work *work, enum counted list);
/* All its filters have been repaired once: from now on its counts hold good. */
enum outcome count_open(struct work *work, enum counted list);

#endif
