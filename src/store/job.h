/* SPDX-License-Identifier: MIT */
/* Every statement about job runs, their logs and their leases. */
#ifndef MENTORWATCH_STORE_JOB_H
#define MENTORWATCH_STORE_JOB_H

#include "base/listing.h"
#include "base/outcome.h"
#include "model/job.h"

struct work;

extern const char JOB_EXPIRY[]; /* names of jobs, and of their leases */
extern const char JOB_REMINDERS[];

/* The number that the next run of that day will have. */
enum outcome job_run_next_number(int64_t *out, struct work *work, struct date day);
/* CONFLICT: another run took the number in the meantime. */
enum outcome job_run_insert(struct work *work, const char *job, const struct job_run *run,
                            int64_t number);
/* Write down how it ended. failures: JSON. */
enum outcome job_run_finish(struct work *work, const struct job_run *run, const char *failures);

enum outcome expiry_log_insert(struct work *work, const struct expiry_log *log);
enum outcome expiry_log_list(struct page *out, struct work *work,
                             const struct expiry_log_filter *filter);

/* A lease lets one holder at a time do a job, in the whole installation; it runs out by itself
 * when the holder dies. The database's clock decides. */
struct lease {
    const char *name;
    const char *holder;
    int64_t token; /* larger than any earlier holder's */
};

/* CONFLICT: somebody else holds it. */
enum outcome lease_take(struct lease *out, struct work *work, const char *name, int64_t seconds);
/* Prolong it; CONFLICT when it was lost. As the first statement of a transaction it also makes
 * sure that nobody takes the lease before the commit. */
enum outcome lease_keep(struct work *work, const struct lease *lease, int64_t seconds);
enum outcome lease_release(struct work *work, const struct lease *lease);

#endif
