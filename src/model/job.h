/* SPDX-License-Identifier: MIT */
/* What a run of a job did. */
#ifndef MENTORWATCH_MODEL_JOB_H
#define MENTORWATCH_MODEL_JOB_H

#include "base/clock.h"
#include "base/listing.h"
#include "base/record.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

/* What the endpoints that start a job accept. */
struct job_order {
    bool dry_run;
};
extern const struct record job_order;

/* A mentor whom the run could not handle, and why. */
struct job_failure {
    const char *mentor_id;
    const char *certification_id;
    const char *reason;
};
extern const struct record job_failure;

struct job_run {
    const char *job_run_id;
    struct instant started_at;
    struct instant completed_at;
    int64_t mentors_scanned; /* who hold a certification */
    int64_t found;           /* certifications, or reminders, that were due */
    int64_t acted;           /* … on which the job acted */
    int64_t unwarned;        /* of these, by the expiry job: no warning had been delivered before */
    struct list failures;    /* struct job_failure */
};
extern const struct record expiry_run;    /* as a run of the expiry job is shown */
extern const struct record reminders_run; /* … of the reminders job, in the report of a sweep */
extern const struct record job_run_failures; /* the failures alone */

/* One line of the log. */
struct expiry_log {
    int64_t seq;
    const char *log_id;
    const char *mentor_id;
    const char *certification_id;
    const char *reason;
    const char *job_run_id;
    struct instant applied_at;
};
extern const struct record expiry_log;     /* as listed */
extern const struct record expiry_log_row; /* a database row */

struct expiry_log_filter {
    struct listing listing;
    const char *mentor_id;
    const char *job_run_id;
    struct instant applied_before;
    struct instant applied_after;
};
extern const struct record expiry_log_filter;

/* "job_26MAR2026_01": the run's number on that UTC day. */
const char *job_run_id(struct arena *arena, struct date day, int64_t number);

#endif
