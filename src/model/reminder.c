/* SPDX-License-Identifier: MIT */
#include "model/reminder.h"

#include "base/config.h"
#include "base/text.h"
#include "base/thresholds.h"
#include "base/work.h"
#include "model/message.h"
#include "model/person.h"

#include <string.h>

struct list thresholds_by_type(struct arena *arena, const struct settings *settings)
{
    struct list types;

    (void)thresholds_by_type_read(&types, arena, settings->reminders.thresholds_by_type);
    return types;
}

struct list thresholds_of(struct arena *arena, const struct settings *settings, const char *type)
{
    const struct list types = thresholds_by_type(arena, settings);
    const struct type_thresholds *known = types.items;
    struct list days;

    for (size_t i = 0; type != NULL && i < types.count; i++) {
        if (strcmp(known[i].type, type) == 0) {
            return known[i].days;
        }
    }
    (void)thresholds_read(&days, arena, settings->reminders.thresholds);
    return days;
}

int64_t threshold_due(struct list thresholds, int64_t days_remaining)
{
    const int64_t *days = thresholds.items;
    int64_t due = 0;

    for (size_t i = 0; i < thresholds.count && days[i] >= days_remaining; i++) {
        due = days[i];
    }
    return due;
}

int64_t threshold_ordered(struct list thresholds, int64_t days_remaining)
{
    const int64_t due = threshold_due(thresholds, days_remaining);

    return due > 0 ? due : *(const int64_t *)thresholds.items;
}

struct instant threshold_end(struct instant now, int64_t days)
{
    return (struct instant){(now.ms / MS_PER_DAY + days + 1) * MS_PER_DAY};
}

static bool is_superseded(const struct certification *certification,
                          const struct certification *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (certification_is_superseded_by(certification, &all[i])) {
            return true;
        }
    }
    return false;
}

const struct certification *reminder_subject(const struct certification *all, size_t count,
                                             int64_t days_remaining, struct instant now)
{
    const struct certification *soonest = NULL;

    for (size_t i = 0; i < count; i++) {
        if (strcmp(certification_status(&all[i], now), CERTIFICATION_VALID) != 0 ||
            is_superseded(&all[i], all, count)) {
            continue;
        }
        if (days_between(now, all[i].expires_at) == days_remaining) {
            return &all[i];
        }
        if (soonest == NULL || all[i].expires_at.ms < soonest->expires_at.ms) {
            soonest = &all[i];
        }
    }
    return soonest;
}

const char REMINDER_QUEUED[] = "queued";
const char REMINDER_DELIVERED[] = "delivered";
const char REMINDER_FAILED[] = "failed";
const char REMINDER_ACKNOWLEDGED[] = "acknowledged";

static const char *const status_words[] = {REMINDER_QUEUED, REMINDER_DELIVERED, REMINDER_FAILED,
                                           REMINDER_ACKNOWLEDGED, NULL};

static const struct field row_fields[] = {
    FIELD(struct reminder, seq),
    FIELD(struct reminder, id),
    FIELD(struct reminder, certification_id),
    FIELD(struct reminder, mentor_id),
    FIELD(struct reminder, coordinator_id),
    FIELD(struct reminder, expires_at),
    FIELD(struct reminder, threshold_days),
    FIELD(struct reminder, days_remaining),
    FIELD(struct reminder, channel),
    FIELD(struct reminder, status),
    FIELD(struct reminder, sent_at),
    FIELD(struct reminder, acknowledged_at),
    FIELD(struct reminder, created_at),
    FIELD(struct reminder, updated_at),
};
const struct record reminder_row = RECORD(struct reminder, row_fields);

#define WHO                                                                                        \
    FIELD(struct reminder, id, .meaning = "Names the reminder"),                                   \
        FIELD(struct reminder, mentor_id, .meaning = "Who is reminded"),                           \
        FIELD(struct reminder, coordinator_id, .is = FIELD_NULLABLE,                               \
              .meaning = "Who is responsible")
#define THRESHOLD                                                                                  \
    FIELD(struct reminder, threshold_days, .meaning = "The threshold that it counts for")
#define DAYS                                                                                       \
    FIELD(struct reminder, days_remaining, .meaning = "Days that were left when it was ordered")
#define SENT                                                                                       \
    FIELD(struct reminder, sent_at,                                                                \
          .meaning = "When it was ordered, and from the delivery on when it went out")
#define CHANNEL                                                                                    \
    FIELD(struct reminder, channel, .words = channel_words,                                        \
          .meaning = "The first channel on which the mentor is told")
#define STATUS                                                                                     \
    FIELD(struct reminder, status, .words = status_words,                                          \
          .meaning = "queued: it is tried again; failed: it never will be")

static const struct field item_fields[] = {WHO, THRESHOLD, SENT, DAYS, CHANNEL};
const struct record reminder_item = RECORD(struct reminder, item_fields);

static const struct field detail_fields[] = {WHO, THRESHOLD, DAYS, SENT, CHANNEL, STATUS};
const struct record reminder_detail = RECORD(struct reminder, detail_fields);

static const struct field created_fields[] = {WHO, DAYS, THRESHOLD, CHANNEL, SENT, STATUS};
const struct record reminder_created = RECORD(struct reminder, created_fields);

static const struct field updated_fields[] = {
    FIELD(struct reminder, id),
    STATUS,
    FIELD(struct reminder, acknowledged_at, .meaning = "When it was, for the first time"),
    FIELD(struct reminder, updated_at, .meaning = "When it was changed"),
};
const struct record reminder_updated = RECORD(struct reminder, updated_fields);

static const struct field deleted_fields[] = {
    FIELD(struct reminder, deleted, .meaning = "true"),
    FIELD(struct reminder, id),
};
const struct record reminder_deleted = RECORD(struct reminder, deleted_fields);

static const struct field input_fields[] = {
    FIELD(struct reminder_input, mentor_id, .is = FIELD_REQUIRED, .min = 1, .max = 64,
          .meaning = "A mentor of the directory"),
    FIELD(struct reminder_input, coordinator_id, .is = FIELD_REQUIRED, .min = 1, .max = 64,
          .meaning = "A coordinator of the directory"),
    FIELD(struct reminder_input, days_remaining, .is = FIELD_REQUIRED, .min = 0, .max = 3650,
          .meaning = "Days until the certification expires"),
    FIELD(struct reminder_input, channel, .is = FIELD_REQUIRED, .words = channel_words,
          .meaning = "How the mentor is to be told"),
};
const struct record reminder_input = RECORD(struct reminder_input, input_fields);

static const char *const change_words[] = {REMINDER_ACKNOWLEDGED, NULL};

static const struct field change_fields[] = {
    FIELD(struct reminder_change, status, .words = change_words,
          .meaning = "The others follow from what becomes of the message"),
    FIELD(struct reminder_change, acknowledged_at,
          .meaning = "When it was acknowledged; now, when it is not given"),
};
const struct record reminder_change = RECORD(struct reminder_change, change_fields);

static const char *const sort_words[] = {"sent_at", "-sent_at", NULL};

static const struct field filter_fields[] = {
    LISTING_FIELDS(struct reminder_filter, sort_words),
    FIELD(struct reminder_filter, mentor_id, .min = 1, .max = 64, .meaning = "Only this mentor's"),
    FIELD(struct reminder_filter, coordinator_id, .min = 1, .max = 64,
          .meaning = "Only those of this coordinator"),
    FIELD(struct reminder_filter, threshold_days, .min = 1, .max = THRESHOLD_MAX,
          .meaning = "Only those that count for this threshold"),
    FIELD(struct reminder_filter, channel, .words = channel_words, .meaning = "Only this channel"),
    FIELD(struct reminder_filter, status, .words = status_words,
          .meaning = "Only those that are so now"),
    FIELD(struct reminder_filter, sent_before, .is = FIELD_DATE_TOO,
          .meaning = "Only those sent before this moment"),
    FIELD(struct reminder_filter, sent_after, .is = FIELD_DATE_TOO,
          .meaning = "Only those sent after this moment"),
};
const struct record reminder_filter = RECORD(struct reminder_filter, filter_fields);

static bool is_acknowledged(const struct reminder *reminder)
{
    return strcmp(reminder->status, REMINDER_ACKNOWLEDGED) == 0;
}

enum outcome reminder_apply(struct reminder *reminder, struct work *work,
                            const struct reminder_change *change)
{
    if (is_acknowledged(reminder)) {
        return OK;
    }
    if (change->status == NULL) {
        fault(work, "acknowledged_at", "needs the status %s beside it", REMINDER_ACKNOWLEDGED);
        return work_verdict(work);
    }
    reminder->status = REMINDER_ACKNOWLEDGED;
    reminder->acknowledged_at =
        instant_given(change->acknowledged_at) ? change->acknowledged_at : work->now;
    reminder->updated_at = work->now;
    return OK;
}

/* The moment at which the first message to the mentor went out; absent: none has. */
static struct instant first_sent(struct list fates)
{
    const struct message_fate *fate = fates.items;
    struct instant first = {0};

    for (size_t i = 0; i < fates.count; i++) {
        const struct instant sent_at = fate[i].sent_at;
        if (strcmp(fate[i].recipient_role, "mentor") == 0 && instant_given(sent_at) &&
            (!instant_given(first) || sent_at.ms < first.ms)) {
            first = sent_at;
        }
    }
    return first;
}

static bool one_waits(struct list fates)
{
    const struct message_fate *fate = fates.items;

    for (size_t i = 0; i < fates.count; i++) {
        if (strcmp(fate[i].recipient_role, "mentor") == 0 &&
            strcmp(message_status(&fate[i], REMINDER_DELIVERED), REMINDER_QUEUED) == 0) {
            return true;
        }
    }
    return false;
}

void reminder_take_fates(struct reminder *reminder, struct list fates)
{
    const struct instant sent_at = first_sent(fates);
    const char *status = one_waits(fates) ? REMINDER_QUEUED : REMINDER_FAILED;

    if (instant_given(sent_at)) {
        reminder->sent_at = sent_at;
        status = REMINDER_DELIVERED;
    }
    if (!is_acknowledged(reminder)) {
        reminder->status = status;
    }
}

static const struct field upcoming_row_fields[] = {
    FIELD(struct upcoming_expiration, seq),
    FIELD(struct upcoming_expiration, mentor_id),
    FIELD(struct upcoming_expiration, mentor_name),
    FIELD(struct upcoming_expiration, certification_type),
    FIELD(struct upcoming_expiration, expires_at),
    FIELD(struct upcoming_expiration, reminded),
};
const struct record upcoming_row = RECORD(struct upcoming_expiration, upcoming_row_fields);

static const struct field upcoming_fields[] = {
    FIELD(struct upcoming_expiration, mentor_id, .meaning = "Whose certification expires"),
    FIELD(struct upcoming_expiration, mentor_name),
    FIELD(struct upcoming_expiration, expires_at, .meaning = "The moment at which it ends"),
    FIELD(struct upcoming_expiration, days_remaining, .meaning = "By the UTC calendar"),
    FIELD(struct upcoming_expiration, reminder_already_sent,
          .meaning = "Whether the reminder that is due now was sent in this cycle"),
};
const struct record upcoming_expiration = RECORD(struct upcoming_expiration, upcoming_fields);

static const char *const upcoming_sort_words[] = {"expires_at", "-expires_at", NULL};

static const struct field upcoming_filter_fields[] = {
    LISTING_FIELDS(struct upcoming_filter, upcoming_sort_words, .fallback = "expires_at"),
    FIELD(struct upcoming_filter, days, .min = 1, .max = THRESHOLD_MAX, .fallback = "30",
          .meaning = "Only those that expire within so many days"),
    FIELD(struct upcoming_filter, mentor_id, .min = 1, .max = 64, .meaning = "Only this mentor's"),
    FIELD(struct upcoming_filter, coordinator_id, .min = 1, .max = 64,
          .meaning = "Only those of this coordinator's mentors"),
    FIELD(struct upcoming_filter, certification_type, .min = 1, .max = 64,
          .meaning = "Only this type"),
};
const struct record upcoming_filter = RECORD(struct upcoming_filter, upcoming_filter_fields);

void upcoming_derive(struct upcoming_expiration *upcoming, struct list thresholds,
                     struct instant now)
{
    const char *const *reminded = upcoming->reminded.items;
    int64_t days;

    upcoming->days_remaining = days_between(now, upcoming->expires_at);
    const int64_t due = threshold_due(thresholds, upcoming->days_remaining);
    for (size_t i = 0; i < upcoming->reminded.count; i++) {
        if (text_to_int(reminded[i], &days) && days == due) {
            upcoming->reminder_already_sent = true;
        }
    }
}

#define ASKED                                                                                      \
    FIELD(struct sent_check, mentor_id, .is = FIELD_REQUIRED, .min = 1, .max = 64,                 \
          .meaning = "A mentor of the directory"),                                                 \
        FIELD(struct sent_check, threshold_days, .is = FIELD_REQUIRED, .min = 1,                   \
              .max = THRESHOLD_MAX, .meaning = "Which threshold")

static const struct field sent_check_query_fields[] = {ASKED};
const struct record sent_check_query = RECORD(struct sent_check, sent_check_query_fields);

static const struct field sent_check_fields[] = {
    ASKED,
    FIELD(struct sent_check, reminder_sent,
          .meaning = "Whether there is such a reminder for a certification as it stands now"),
    FIELD(struct sent_check, sent_at, .is = FIELD_NULLABLE,
          .meaning = "When the last one was sent"),
};
const struct record sent_check = RECORD(struct sent_check, sent_check_fields);

static const struct field check_fields[] = {
    FIELD(struct reminder_check, run_at, .meaning = "When the run began"),
    FIELD(struct reminder_check, mentors_checked, .meaning = "Mentors who hold a certification"),
    FIELD(struct reminder_check, reminders_sent,
          .meaning = "Reminders that were due; in a dry run: that would have been sent"),
    FIELD(struct reminder_check, errors, .meaning = "Reminders that could not be sent"),
    FIELD(struct reminder_check, status, .meaning = "completed"),
};
const struct record reminder_check = RECORD(struct reminder_check, check_fields);
