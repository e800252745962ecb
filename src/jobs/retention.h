/* SPDX-License-Identifier: MIT */
/* Removes what is older than the settings retention.* say, and what counts for a day only: answers
 * kept for repeated requests, and the marks of units of work. Part of every sweep. In small
 * transactions, so that nobody waits for it, and one that is cut off is simply begun again. */
#ifndef MENTORWATCH_JOBS_RETENTION_H
#define MENTORWATCH_JOBS_RETENTION_H

#include "base/outcome.h"
#include "jobs/run.h"
#include "store/retention.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct text;
struct work;

/* How many were removed of each kind. What counted for a day only is not told. */
struct retention_report {
    int64_t removed[KEPT_KINDS];
};

/* Must not be called inside a transaction. passing_only: what counts for a day. Of the watch, what
 * is beaten, and until when a batch may begin; what is left then is found by the next one. */
enum outcome retention_run(struct retention_report *out, struct work *work, bool passing_only,
                           const struct job_watch *watch);

/* {"messages": 12, …} */
void retention_add_json(struct text *to, const struct retention_report *report);
/* "messages 12, audit 3"; NULL: nothing was removed. */
const char *retention_sentence(struct arena *arena, const struct retention_report *report);

#endif
