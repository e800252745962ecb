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
    FIELD(struct job_run, job_run_id, .meaning = "Names the run"),
    FIELD(struct job_run, started_at),
    FIELD(struct job_run, completed_at),
    FIELD(struct job_run, mentors_scanned, .meaning = "Mentors who hold a certification"),
    FIELD_AS(expired_found, struct job_run, found, .meaning = "Certifications that were due"),
    FIELD_AS(auto_paused, struct job_run, acted,
             .meaning = "Of these, how many paused their mentor"),
    FIELD(struct job_run, failures, .of = &job_failure,
          .meaning = "Mentors whom the run could not handle; the others were"),
};
const struct record expiry_run = RECORD(struct job_run, run_fields);

static const struct field reminders_fields[] = {
    FIELD(struct job_run, job_run_id),
    FIELD(struct job_run, started_at),
    FIELD(struct job_run, completed_at),
    FIELD(struct job_run, mentors_scanned),
    FIELD(struct job_run, found),
    FIELD_AS(sent, struct job_run, acted),
    FIELD(struct job_run, failures, .of = &job_failure),
};
const struct record reminders_run = RECORD(struct job_run, reminders_fields);

static const struct field run_failures_fields[] = {
    FIELD(struct job_run, failures, .of = &job_failure),
};
const struct record job_run_failures = RECORD(struct job_run, run_failures_fields);

static const struct field log_fields[] = {
    FIELD(struct expiry_log, log_id, .meaning = "Names the line"),
    FIELD(struct expiry_log, mentor_id, .meaning = "Who was paused"),
    FIELD(struct expiry_log, reason, .meaning = "Why"),
    FIELD(struct expiry_log, job_run_id, .meaning = "By which run"),
    FIELD(struct expiry_log, applied_at, .meaning = "When"),
};
const struct record expiry_log = RECORD(struct expiry_log, log_fields);

static const struct field log_row_fields[] = {
    FIELD(struct expiry_log, seq),        FIELD(struct expiry_log, log_id),
    FIELD(struct expiry_log, mentor_id),  FIELD(struct expiry_log, reason),
    FIELD(struct expiry_log, job_run_id), FIELD(struct expiry_log, applied_at),
};
const struct record expiry_log_row = RECORD(struct expiry_log, log_row_fields);

static const char *const log_sort_words[] = {"applied_at", "-applied_at", NULL};

static const struct field log_filter_fields[] = {
    LISTING_FIELDS(struct expiry_log_filter, log_sort_words),
    FIELD(struct expiry_log_filter, mentor_id, .min = 1, .max = 64,
          .meaning = "Only this mentor's"),
    FIELD(struct expiry_log_filter, job_run_id, .min = 1, .max = 64, .meaning = "Only this run's"),
    FIELD(struct expiry_log_filter, applied_before, .is = FIELD_DATE_TOO,
          .meaning = "Only those before this moment"),
    FIELD(struct expiry_log_filter, applied_after, .is = FIELD_DATE_TOO,
          .meaning = "Only those after this moment"),
};
const struct record expiry_log_filter = RECORD(struct expiry_log_filter, log_filter_fields);

const char *job_run_id(struct arena *arena, struct date day, int64_t number)
{
    static const char *const months[] = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                         "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};

    return arena_printf(arena, "job_%02d%s%04d_%02" PRId64, day.day, months[day.month - 1],
                        day.year, number);
}
