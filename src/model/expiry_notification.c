/* SPDX-License-Identifier: MIT */
#include "model/expiry_notification.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/id.h"
#include "base/text.h"
#include "base/work.h"

#include <inttypes.h>
#include <string.h>

const char NOTIFICATION_ACTIVE[] = "active";
const char NOTIFICATION_ACKNOWLEDGED[] = "acknowledged";

static const char *const status_words[] = {NOTIFICATION_ACTIVE, NOTIFICATION_ACKNOWLEDGED, NULL};

static const char THRESHOLD_UNIT[] = "_day";

const char *threshold_text(struct arena *arena, int64_t days)
{
    return arena_printf(arena, "%" PRId64 "%s", days, THRESHOLD_UNIT);
}

/* Each threshold has one text: no signs, no zeros in front. */
int64_t threshold_days(const char *text)
{
    int64_t days = 0;

    if (text == NULL || text[0] < '1' || text[0] > '9') {
        return 0;
    }
    while (*text >= '0' && *text <= '9' && days <= THRESHOLD_MAX) {
        days = days * 10 + (*text++ - '0');
    }
    return days <= THRESHOLD_MAX && strcmp(text, THRESHOLD_UNIT) == 0 ? days : 0;
}

static const char *check_threshold(const char *text, struct arena *arena)
{
    return threshold_days(text) > 0
               ? NULL
               : arena_printf(arena,
                              "must be a number of days from 1 to %d with _day behind it, "
                              "such as 30_day",
                              THRESHOLD_MAX);
}

static const struct field row_fields[] = {
    FIELD(struct expiry_notification, seq),
    FIELD(struct expiry_notification, notification_id),
    FIELD(struct expiry_notification, mentor_id),
    FIELD(struct expiry_notification, coordinator_id),
    FIELD(struct expiry_notification, threshold_days),
    FIELD(struct expiry_notification, expiry_date),
    FIELD(struct expiry_notification, status),
    FIELD(struct expiry_notification, sent_at),
    FIELD(struct expiry_notification, acknowledged_at),
    FIELD(struct expiry_notification, acknowledged_by),
    FIELD(struct expiry_notification, created_at),
    FIELD(struct expiry_notification, updated_at),
};
const struct record expiry_notification_row = RECORD(struct expiry_notification, row_fields);

static const struct field shown_fields[] = {
    FIELD(struct expiry_notification, notification_id, .meaning = "Names the record"),
    FIELD(struct expiry_notification, mentor_id, .meaning = "Whose certification expires"),
    FIELD(struct expiry_notification, coordinator_id, .is = FIELD_NULLABLE,
          .meaning = "Who is responsible"),
    FIELD(struct expiry_notification, threshold,
          .meaning = "How near the expiry has come: a number of days and _day"),
    FIELD(struct expiry_notification, expiry_date, .meaning = "When the certification expires"),
    FIELD(struct expiry_notification, status, .words = status_words),
    FIELD(struct expiry_notification, sent_at, .meaning = "When the threshold was reached"),
    FIELD(struct expiry_notification, acknowledged_at, .is = FIELD_NULLABLE,
          .meaning = "When it was acknowledged for the first time"),
    FIELD(struct expiry_notification, created_at, .meaning = "When it was recorded"),
};
const struct record expiry_notification = RECORD(struct expiry_notification, shown_fields);

static const struct field removal_fields[] = {
    FIELD(struct expiry_notification_removal, deleted, .meaning = "true"),
    FIELD(struct expiry_notification_removal, notification_id),
};
const struct record expiry_notification_removal =
    RECORD(struct expiry_notification_removal, removal_fields);

static const struct field input_fields[] = {
    FIELD(struct expiry_notification_input, mentor_id, .is = FIELD_REQUIRED, .min = 1, .max = 64,
          .meaning = "A mentor of the directory"),
    FIELD(struct expiry_notification_input, coordinator_id, .is = FIELD_REQUIRED, .min = 1,
          .max = 64, .meaning = "A coordinator of the directory"),
    FIELD(struct expiry_notification_input, threshold, .is = FIELD_REQUIRED,
          .check = check_threshold, .meaning = "1_day to 365_day"),
    FIELD(struct expiry_notification_input, expiry_date, .is = FIELD_REQUIRED,
          .meaning = "When the certification expires"),
};
const struct record expiry_notification_input =
    RECORD(struct expiry_notification_input, input_fields);

static const struct field change_fields[] = {
    FIELD(struct expiry_notification_change, status, .words = status_words,
          .meaning = "acknowledged acknowledges it; the record then stays so"),
    FIELD(struct expiry_notification_change, acknowledged_at,
          .meaning = "When it was acknowledged; now, when it is not given"),
    FIELD(struct expiry_notification_change, acknowledged_by, .min = 1, .max = 64,
          .meaning = "The coordinator who acknowledged it"),
};
const struct record expiry_notification_change =
    RECORD(struct expiry_notification_change, change_fields);

static const char *const sort_words[] = {"sent_at", "-sent_at", "expiry_date", "-expiry_date",
                                         NULL};

static const struct field filter_fields[] = {
    LISTING_FIELDS(struct expiry_notification_filter, sort_words),
    FIELD(struct expiry_notification_filter, mentor_id, .min = 1, .max = 64,
          .meaning = "Only this mentor's"),
    FIELD(struct expiry_notification_filter, coordinator_id, .min = 1, .max = 64,
          .meaning = "Only those of this coordinator"),
    FIELD(struct expiry_notification_filter, status, .words = status_words,
          .meaning = "Only those to be acknowledged, or only the others"),
    FIELD(struct expiry_notification_filter, threshold, .check = check_threshold,
          .meaning = "Only this threshold: 1_day to 365_day"),
    FIELD(struct expiry_notification_filter, expiry_before, .is = FIELD_DATE_TOO,
          .meaning = "Only of certifications that expire before this moment"),
    FIELD(struct expiry_notification_filter, expiry_after, .is = FIELD_DATE_TOO,
          .meaning = "Only of certifications that expire after this moment"),
    FIELD(struct expiry_notification_filter, sent_before, .is = FIELD_DATE_TOO,
          .meaning = "Only those sent before this moment"),
    FIELD(struct expiry_notification_filter, sent_after, .is = FIELD_DATE_TOO,
          .meaning = "Only those sent after this moment"),
};
const struct record expiry_notification_filter =
    RECORD(struct expiry_notification_filter, filter_fields);

struct expiry_notification *expiry_notification_new(struct arena *arena,
                                                    const struct expiry_notification_input *input,
                                                    struct instant now)
{
    struct expiry_notification *notification = arena_alloc(arena, sizeof(*notification));

    *notification = (struct expiry_notification){
        .notification_id = id_new_uuid(arena),
        .mentor_id = input->mentor_id,
        .coordinator_id = input->coordinator_id,
        .threshold_days = threshold_days(input->threshold),
        .threshold = input->threshold,
        .expiry_date = input->expiry_date,
        .status = NOTIFICATION_ACTIVE,
        .sent_at = now,
        .created_at = now,
        .updated_at = now,
    };
    return notification;
}

static bool acknowledges(const struct expiry_notification_change *change)
{
    return change->status != NULL && strcmp(change->status, NOTIFICATION_ACKNOWLEDGED) == 0;
}

static enum outcome apply_once_more(struct work *work,
                                    const struct expiry_notification_change *change)
{
    if (change->status != NULL && !acknowledges(change)) {
        fault(work, "status", "must stay %s: it is so already", NOTIFICATION_ACKNOWLEDGED);
    }
    return work_verdict(work);
}

enum outcome expiry_notification_apply(struct expiry_notification *notification, struct work *work,
                                       const struct expiry_notification_change *change)
{
    if (strcmp(notification->status, NOTIFICATION_ACKNOWLEDGED) == 0) {
        return apply_once_more(work, change);
    }
    if (acknowledges(change)) {
        notification->status = NOTIFICATION_ACKNOWLEDGED;
        notification->acknowledged_at =
            instant_given(change->acknowledged_at) ? change->acknowledged_at : work->now;
        notification->acknowledged_by = change->acknowledged_by;
        notification->updated_at = work->now;
        return OK;
    }
    if (instant_given(change->acknowledged_at)) {
        fault(work, "acknowledged_at", "needs the status %s beside it", NOTIFICATION_ACKNOWLEDGED);
    }
    if (change->acknowledged_by != NULL) {
        fault(work, "acknowledged_by", "needs the status %s beside it", NOTIFICATION_ACKNOWLEDGED);
    }
    return work_verdict(work);
}
