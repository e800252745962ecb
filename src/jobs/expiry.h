/* SPDX-License-Identifier: MIT */
/* The expiry job: each certification that has expired and that nothing supersedes gets its pause,
 * its log line, its event and its messages, once. */
#ifndef MENTORWATCH_JOBS_EXPIRY_H
#define MENTORWATCH_JOBS_EXPIRY_H

#include "jobs/run.h"

/* As job_run(). */
enum outcome expiry_job_run(struct job_run **out, struct work *work, bool dry_run,
                            job_progress *progress, void *context);

#endif
