/* SPDX-License-Identifier: MIT */
/* The daily order of work: the expiry job, the reminders job, delivering, removing what is old,
 * recounting what lists keep as their totals. The expiry job comes first, so that nobody is
 * reminded of what has expired.
 *
 * One sweep at a time goes on in the whole installation (a lease): another one does nothing and
 * leaves no trace. Each that begins leaves a row in the table sweeps, whatever becomes of it.
 * Nobody watches it, so two brakes hold it (model/brake.h): when the clock of this host must be
 * wrong, nothing is done; when too many mentors would be paused at once, nobody is, and the rest
 * goes on. */
#ifndef MENTORWATCH_JOBS_SWEEP_H
#define MENTORWATCH_JOBS_SWEEP_H

#include "base/outcome.h"
#include "jobs/retention.h"
#include "jobs/run.h"
#include "notify/deliver.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct work;

struct sweep_order {
    bool dry_run;     /* compute the same figures, change nothing */
    bool accept;      /* without brakes */
    bool keeps_old;   /* whoever runs it may remove only what counts for a day */
    bool other_time;  /* work->now is not this host's clock, which nobody need judge then */
    int64_t until_ms; /* of the monotonic clock: nothing is begun after it, and the sweep counts as
                       * left; 0: no limit */
};

/* Who watches; all may be NULL, which saves counting what is due. */
struct sweep_watch {
    job_progress *expiry;
    job_progress *reminders;
    delivery_progress *delivery;
    void *context;
};

struct sweep_report {
    bool dry_run;
    const struct job_run *expiry;    /* NULL: refused, or left to another run */
    const struct job_run *reminders; /* NULL: the same */
    struct delivery_count delivery;
    struct retention_report removed; /* because it was old */
    int64_t miscounts;               /* kept totals that were wrong, and were repaired */
    const char *brake; /* a sentence: what was refused, why, and the way on; NULL: nothing. In a dry
                        * run, what would be refused. */
    const char *left;  /* a sentence: what was left to another run or sweep; NULL: nothing */
};

/* Must not be called inside a transaction. OK also where something was refused or left. Otherwise
 * the database went away; what was done until then stays done. */
enum outcome sweep_run(struct sweep_report *out, struct work *work, const struct sweep_order *order,
                       const struct sweep_watch *watch);

/* The report as JSON: {"dry_run", "expiry", "reminders", "delivery", "removed", "brake",
 * "left"}; null for a job not run, and where there is nothing to say. */
char *sweep_json(struct arena *arena, const struct sweep_report *report);

#endif
