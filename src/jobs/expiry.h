/* SPDX-License-Identifier: MIT */
/* The expiry job: each certification that has expired and that nothing supersedes gets its pause,
 * its log line, its event and its messages, once. Certifications are handled in batches, a
 * transaction each; when a batch fails, its certifications are handled one by one, so that one
 * that cannot be handled does not stop the others. Run again, it does nothing. */
#ifndef MENTORWATCH_JOBS_EXPIRY_H
#define MENTORWATCH_JOBS_EXPIRY_H

#include "base/outcome.h"
#include "model/job.h"

#include <stdbool.h>
#include <stdint.h>

struct work;

/* Told now and then how many of the certifications found are done; may be NULL. */
typedef void expiry_progress(void *context, int64_t done, int64_t found);

/* Must not be called inside a transaction. A dry run computes the same figures and writes nothing,
 * not even a run. The messages of all units are in work->enqueued then. CONFLICT: another run is
 * going on, in the whole installation. UNAVAILABLE: the database went away; what was done until
 * then stays done. */
enum outcome expiry_job_run(struct expiry_run **out, struct work *work, bool dry_run,
                            expiry_progress *progress, void *context);

#endif
