/* SPDX-License-Identifier: MIT */
/* Running a job: what all jobs have in common. A job finds certifications on which it must act, and
 * acts on each, once; run again, it finds nothing.
 *
 * One run of a job at a time goes on in the whole installation (a lease), and each is recorded
 * under a number. Certifications are handled in batches, a transaction each; when a batch fails,
 * its certifications are handled one by one, so that one that cannot be handled does not stop the
 * others; its failure is recorded. Then it is recorded once for which others there is nothing to
 * do, and why. A dry run computes the same figures and writes nothing, not even a run. */
#ifndef MENTORWATCH_JOBS_RUN_H
#define MENTORWATCH_JOBS_RUN_H

#include "base/outcome.h"
#include "model/certification.h"
#include "model/job.h"

#include <stdbool.h>
#include <stdint.h>

struct work;

/* One transaction of a run. What its acts count here counts once it is committed. */
struct job_unit {
    const char *job_run_id;
    bool dry_run; /* nothing may be written */
    int64_t acted;
    int64_t unwarned; /* see struct job_run */
};

/* The next certifications that are looked for (struct certification), in order of (expires_at,
 * seq), beginning after `after` (NULL: from the first). */
typedef enum outcome job_find(struct list *out, struct work *work,
                              const struct certification *after, int64_t limit);

struct job {
    const char *name; /* JOB_EXPIRY, … */

    /* Those on which the job must act. */
    job_find *find;
    /* How many of them there are. */
    enum outcome (*count)(int64_t *out, struct work *work);
    /* Act on all of these, and record what was decided. Some may have changed since they were
     * found: then there is nothing to do for them. */
    enum outcome (*act)(struct job_unit *unit, struct work *work, struct list found);

    /* Those for which there may be nothing to do, of which no decision is recorded yet. */
    job_find *find_others;
    /* Record of each of these why there is nothing to do, if it is so. */
    enum outcome (*note)(struct job_unit *unit, struct work *work, struct list others);

    /* For which threshold a decision about one is made now, or DECISION_EXPIRY. */
    int64_t (*threshold)(struct work *work, const struct certification *certification);
};

typedef void job_progress(void *context, int64_t done, int64_t found);

/* Who hears of a run before and after each batch; each may be NULL. */
struct job_watch {
    job_progress *progress; /* how many are done of those found, which are counted for this only */
    void *context;          /* its */
    void (*beat)(void *heart);
    void *heart;
    int64_t until_ms; /* of the monotonic clock: no batch begins after it; 0: no limit */
};

/* Must not be called inside a transaction; watch: NULL where nobody does. The messages of all units
 * are in work->enqueued then, unless nobody waits for them (work->unattended). CONFLICT: another
 * run is going on. UNAVAILABLE: the database went away; what was done until then stays done. */
enum outcome job_run(struct job_run **out, struct work *work, const struct job *job, bool dry_run,
                     const struct job_watch *watch);

#endif
