/* SPDX-License-Identifier: MIT */
/* A run of a job at work: how it handles a batch, in one transaction or in two side by side
 * (jobs/helper.h), and one by one where that fails. For jobs/run.c only. */
#ifndef MENTORWATCH_JOBS_RUNNING_H
#define MENTORWATCH_JOBS_RUNNING_H

#include "base/outcome.h"
#include "base/record.h"
#include "jobs/run.h"
#include "store/job.h"

#include <stdbool.h>
#include <stdint.h>

struct helper;
struct work;

/* A run while it goes on. */
struct running {
    const struct job *job;
    struct job_run *run; /* its texts and failures live in `work` */
    struct work *work;
    struct work *step;     /* the batch at hand: its arena is emptied after each */
    struct helper *helper; /* NULL: nobody helps */
    bool was_greeted;      /* the helper, and has its connection */
    struct lease lease;
    int64_t kept_ms;      /* when the lease was prolonged, on the monotonic clock */
    struct list enqueued; /* by all units so far, see struct work */
    bool dry_run;
    bool lease_lost;  /* another run has taken over */
    int64_t begun_ms; /* on the monotonic clock */
    int64_t done;
    struct job_watch watch;
};

/* One way through certifications: those on which the job acts, then those for which it notes why
 * not. */
struct pass {
    enum outcome (*find)(struct list *out, struct work *work, const struct certification *after,
                         int64_t limit);
    enum outcome (*handle)(struct job_unit *unit, struct work *work, struct list certifications);
    bool counted; /* what it finds was due, and is reported */
};

/* A helper for the batches of a run, NULL where it must do without; helper_free() ends it. */
struct helper *running_helper(const struct running *running);

/* Handle these in one go, or one by one where that fails. Not OK: the run is at its end. */
enum outcome running_handle(struct running *running, const struct pass *pass,
                            const struct list *found);

#endif
