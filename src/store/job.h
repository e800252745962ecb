/* SPDX-License-Identifier: MIT */
/* Every statement about job runs, their logs and their leases. */
#ifndef MENTORWATCH_STORE_JOB_H
#define MENTORWATCH_STORE_JOB_H

#include "base/listing.h"
#include "base/outcome.h"
#include "model/job.h"

struct arena;
struct work;

extern const char JOB_EXPIRY[]; /* names of jobs, and of their leases */
extern const char JOB_REMINDERS[];
extern const char LEASE_SWEEP[]; /* of the sweep around them */
extern const char LEASE_CRON[];  /* of a request that does a slice of the work */

/* The number that the next run of that day will have. */
enum outcome job_run_next_number(int64_t *out, struct work *work, struct date day);
/* CONFLICT: another run took the number in the meantime. */
enum outcome job_run_insert(struct work *work, const char *job, const struct job_run *run,
                            int64_t number);
/* Write down how it ended. failures: JSON. */
enum outcome job_run_finish(struct work *work, const struct job_run *run, const char *failures);

enum outcome expiry_logs_insert(struct work *work, struct list lines); /* struct expiry_log */
enum outcome expiry_log_list(struct page *out, struct work *work,
                             const struct expiry_log_filter *filter);

/* A lease lets one holder at a time do a job, in the whole installation; it runs out by itself
 * when the holder dies. The database's clock decides. */
struct lease {
    const char *name;
    const char *holder; /* host, process and a random word: "web1/4711/09WX5AK7Q2ZD" */
    int64_t token;      /* larger than any earlier holder's */
};

/* One that nobody else can mean; not yet taken. */
struct lease lease_for(struct arena *arena, const char *name);
/* CONFLICT: somebody else holds it. Repeated, it finds it taken by itself. */
enum outcome lease_take(struct lease *lease, struct work *work, int64_t seconds);
/* Prolong it; CONFLICT when it was lost. As the first statement of a transaction it also makes
 * sure that nobody takes the lease before the commit. */
enum outcome lease_keep(struct work *work, const struct lease *lease, int64_t seconds);
/* The same without prolonging it: several transactions of the holder may do so side by side. */
enum outcome lease_share(struct work *work, const struct lease *lease);
enum outcome lease_release(struct work *work, const struct lease *lease);

#endif
