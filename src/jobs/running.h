/* SPDX-License-Identifier: MIT */
/* A run of a job at work: how its batches are found and handled, each in one transaction, and one
 * by one where that fails. Two threads may do that side by side (jobs/helper.h), each with a batch
 * of its own at a time. For jobs/run.c only. */
#ifndef MENTORWATCH_JOBS_RUNNING_H
#define MENTORWATCH_JOBS_RUNNING_H

#include "base/outcome.h"
#include "base/record.h"
#include "jobs/courtesy.h"
#include "jobs/run.h"
#include "store/job.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct helper;
struct work;

/* One way through certifications: those on which the job acts, then those for which it notes why
 * not. */
struct pass {
    job_find *find;
    enum outcome (*handle)(struct job_unit *unit, struct work *work, struct list certifications);
    bool counted; /* what it finds was due, and is reported */
};

/* How far a pass has come. */
struct search {
    const struct pass *pass;
    struct certification last; /* the next batch begins after it; it has no texts */
    bool begun;                /* there is a last one */
    bool over;                 /* nothing comes any more */
};

/* A run while it goes on. */
struct running {
    const struct job *job;
    struct job_run *run; /* its texts and failures live in `work` */
    struct work *work;
    struct work *step; /* this thread's batch: its arena is emptied after each */
    struct lease lease;
    atomic_int_fast64_t kept_ms; /* when the lease was prolonged, on the monotonic clock */
    bool dry_run;
    atomic_bool lease_lost; /* another run has taken over */
    int64_t begun_ms;       /* on the monotonic clock */
    struct job_watch watch;
    atomic_int_fast64_t done; /* certifications of counted passes */

    struct helper *helper;    /* NULL: nobody helps */
    bool was_greeted;         /* the helper, and has its connection */
    bool is_helped;           /* the helper is at work: neither thread changes this then */
    enum outcome helped;      /* how its last task ended */
    struct courtesy courtesy; /* where there is a helper */
    bool gave_way;            /* and that was said */

    pthread_mutex_t lock; /* of the rest, of the sums and failures of `run`, and of what these need
                           * of `work` */
    struct search search;
    bool dismissed;       /* the helper takes no further batch */
    bool is_called;       /* and has not taken one yet: this thread lets it go first */
    pthread_cond_t taken; /* it has */
    struct list enqueued; /* so far, see struct work; where there is a helper, nothing */
};

/* Make it ready for batches, and put away what that took. `step` is there meanwhile. */
void running_open(struct running *running);
void running_close(struct running *running);

/* A pass: begun, taken on by a batch at a time until there are no more, and ended. Not OK: the run
 * is at its end. The helper's part of it is known when the pass has been ended. */
void running_begin(struct running *running, const struct pass *pass);
enum outcome running_step(bool *more, struct running *running);
enum outcome running_end(struct running *running);

#endif
