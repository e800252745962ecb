/* SPDX-License-Identifier: MIT */
#include "model/job.h"

#include "base/arena.h"

#include <inttypes.h>

static const struct field order_fields[] = {
    FIELD(struct job_order, dry_run, .fallback = "false",
          .meaning = "Compute the same figures and change nothing"),
};
const struct record job_order = RECORD(struct job_order, order_fields);

static const struct field failure_fields[] = {
    FIELD(struct job_failure, mentor_id, .meaning = "Whom the run could not handle"),
    FIELD(struct job_failure, certification_id, .meaning = "For which certification"),
    FIELD(struct job_failure, reason, .meaning = "Why"),
};
const struct record job_failure = RECORD(struct job_failure, failure_fields);

static const struct field run_fields[] = {
    FIELD(struct expiry_run, job_run_id, .meaning = "Names the run"),
    FIELD(struct expiry_run, started_at),
    FIELD(struct expiry_run, completed_at),
    FIELD(struct expiry_run, mentors_scanned, .meaning = "Mentors who hold a certification"),
    FIELD(struct expiry_run, expired_found, .meaning = "Certifications that were due"),
    FIELD(struct expiry_run, auto_paused, .meaning = "Of these, how many paused their mentor"),
    FIELD(struct expiry_run, failures, .of = &job_failure,
          .meaning = "Mentors whom the run could not handle; the others were"),
};
const struct record expiry_run = RECORD(struct expiry_run, run_fields);

static const struct field run_failures_fields[] = {
    FIELD(struct expiry_run, failures, .of = &job_failure),
};
const struct record expiry_run_failures = RECORD(struct expiry_run, run_failures_fields);

static const struct field log_fields[] = {
    FIELD(struct expiry_log, log_id, .meaning = "Names the line"),
    FIELD(struct expiry_log, mentor_id, .meaning = "Who was paused"),
    FIELD(struct expiry_log, reason, .meaning = "Why"),
    FIELD(struct expiry_log, job_run_id, .meaning = "By which run"),
    FIELD(struct expiry_log, applied_at, .meaning = "When"),
};
const struct record expiry_log = RECORD(struct expiry_log, log_fields);

static const struct field log_filter_fields[] = {
    FIELD(struct expiry_log_filter, page, .min = 1, .max = 1000000000, .fallback = "1",
          .meaning = "Which page"),
    FIELD(struct expiry_log_filter, limit, .min = 1, .max = 100, .fallback = "20",
          .meaning = "Items on a page"),
    FIELD(struct expiry_log_filter, mentor_id, .min = 1, .max = 64,
          .meaning = "Only this mentor's"),
    FIELD(struct expiry_log_filter, job_run_id, .min = 1, .max = 64, .meaning = "Only this run's"),
};
const struct record expiry_log_filter = RECORD(struct expiry_log_filter, log_filter_fields);

const char *job_run_id(struct arena *arena, struct date day, int64_t number)
{
    static const char *const months[] = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                         "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};

    return arena_printf(arena, "job_%02d%s%04d_%02" PRId64, day.day, months[day.month - 1],
                        day.year, number);
}
