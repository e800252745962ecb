/* SPDX-License-Identifier: MIT */
/* A reminder that a certification expires soon, and the rules for when one is due: no I/O, no SQL.
 *
 * Thresholds (setting reminders.thresholds: "30,14,7") are days before the expiry. Days remaining
 * are counted by the UTC calendar: on the day of the expiry there are 0. There is one reminder for
 * each certification, cycle and threshold. */
#ifndef MENTORWATCH_MODEL_REMINDER_H
#define MENTORWATCH_MODEL_REMINDER_H

#include "base/clock.h"
#include "base/listing.h"
#include "base/outcome.h"
#include "base/record.h"
#include "model/certification.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct settings;
struct work;

/* The types of certification that have thresholds of their own (struct type_thresholds). */
struct list thresholds_by_type(struct arena *arena, const struct settings *settings);
/* The thresholds (int64_t) for that type of certification (NULL: not known), largest first. */
struct list thresholds_of(struct arena *arena, const struct settings *settings, const char *type);

/* The threshold whose reminder is due with so many days remaining: the smallest that is not below
 * them. So a missed day is caught up, and a larger threshold that has passed is not. 0: none yet.
 */
int64_t threshold_due(struct list thresholds, int64_t days_remaining);

/* The threshold for which a reminder counts that somebody orders: the one due, and before any is
 * the largest. */
int64_t threshold_ordered(struct list thresholds, int64_t days_remaining);

/* What expires before this moment has at most so many days remaining. */
struct instant threshold_end(struct instant now, int64_t days);

/* Which of a mentor's certifications somebody means who orders a reminder: the one with exactly so
 * many days remaining, else the one that expires soonest. Only those count that are valid and that
 * nothing supersedes. NULL: there is none. */
const struct certification *reminder_subject(const struct certification *all, size_t count,
                                             int64_t days_remaining, struct instant now);

struct reminder {
    int64_t seq;
    const char *id;
    const char *certification_id; /* NULL: none was found, or it had this reminder already */
    const char *mentor_id;
    const char *coordinator_id; /* NULL: nobody is responsible */
    struct instant expires_at;  /* absent: no certification was found */
    int64_t threshold_days;
    int64_t days_remaining;
    const char *channel; /* the first on which the mentor is told */
    const char *status;
    struct instant sent_at; /* ordered, and from the delivery on: gone out */
    struct instant acknowledged_at;
    struct instant created_at;
    struct instant updated_at;
    bool deleted; /* told when it is removed */
};

extern const struct record reminder_row;     /* a database row */
extern const struct record reminder_item;    /* in a list */
extern const struct record reminder_detail;  /* by id */
extern const struct record reminder_created; /* the answer to POST */
extern const struct record reminder_updated; /* … to PUT */
extern const struct record reminder_deleted; /* … to DELETE */

/* The words of `status`. */
extern const char REMINDER_QUEUED[];
extern const char REMINDER_DELIVERED[];
extern const char REMINDER_FAILED[];
extern const char REMINDER_ACKNOWLEDGED[];

/* What POST accepts. */
struct reminder_input {
    const char *mentor_id;
    const char *coordinator_id;
    int64_t days_remaining;
    const char *channel;
};
extern const struct record reminder_input;

/* What PUT accepts. */
struct reminder_change {
    const char *status;
    struct instant acknowledged_at;
};
extern const struct record reminder_change;

struct reminder_filter {
    struct listing listing;
    const char *mentor_id;
    const char *coordinator_id;
    int64_t threshold_days; /* 0: any */
    const char *channel;
    const char *status;
    struct instant sent_before;
    struct instant sent_after;
};
extern const struct record reminder_filter;

/* Apply a PUT; when it was acknowledged stays that of the first time. INVALID: the change
 * contradicts itself. */
enum outcome reminder_apply(struct reminder *reminder, struct work *work,
                            const struct reminder_change *change);

/* Let the reminder follow what became of its messages (struct message_fate): it is delivered when
 * one to the mentor has gone out, queued while one may still, else failed. Acknowledged it stays.
 */
void reminder_take_fates(struct reminder *reminder, struct list fates);

/* A certification that expires soon, and its mentor. */
struct upcoming_expiration {
    int64_t seq;
    const char *mentor_id;
    const char *mentor_name;
    const char *certification_type;
    struct instant expires_at;
    struct list reminded; /* thresholds of this cycle that have a reminder, as texts */
    /* derived, see upcoming_derive() */
    int64_t days_remaining;
    bool reminder_already_sent; /* the one that is due now */
};
extern const struct record upcoming_row;
extern const struct record upcoming_expiration;

struct upcoming_filter {
    struct listing listing;
    int64_t days;
    const char *mentor_id;
    const char *coordinator_id;
    const char *certification_type;
};
extern const struct record upcoming_filter;

/* Fill the derived fields. */
void upcoming_derive(struct upcoming_expiration *upcoming, struct list thresholds,
                     struct instant now);

/* Has this mentor been reminded at that threshold, in the present cycle? */
struct sent_check {
    const char *mentor_id;
    int64_t threshold_days;
    bool reminder_sent;
    struct instant sent_at; /* absent: not sent */
};
extern const struct record sent_check_query; /* what is asked */
extern const struct record sent_check;       /* the answer */

/* What a run of the job answers. */
struct reminder_check {
    struct instant run_at;
    int64_t mentors_checked;
    int64_t reminders_sent;
    int64_t errors;
    const char *status;
};
extern const struct record reminder_check;

#endif
