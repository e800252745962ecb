/* SPDX-License-Identifier: MIT */
/* The expiry job: each certification that has expired and that nothing supersedes gets its pause,
 * its log line, its event and its messages, once. */
#ifndef MENTORWATCH_JOBS_EXPIRY_H
#define MENTORWATCH_JOBS_EXPIRY_H

#include "jobs/run.h"

/* How many certifications a run would act on now. */
enum outcome expiries_due_count(int64_t *out, struct work *work);

/* As job_run(). */
enum outcome expiry_job_run(struct job_run **out, struct work *work, bool dry_run,
                            const struct job_watch *watch);

/* How many mentors a run would pause now who are not paused for an expiry already. */
enum outcome expiry_to_pause(int64_t *out, struct work *work);

#endif
