/* SPDX-License-Identifier: MIT */
#include "model/pause.h"

#include "model/message.h"
#include "model/person.h"

const char PAUSE_ACTIVATED[] = "pause_activated";
const char PAUSE_DEACTIVATED[] = "pause_deactivated";

static const struct field row_fields[] = {
    FIELD(struct pause, seq),
    FIELD(struct pause, certification_id),
};
const struct record pause_row = RECORD(struct pause, row_fields);

static const struct field certified_fields[] = {
    FIELD(struct certified_pause, seq),        FIELD(struct certified_pause, certification_id),
    FIELD(struct certified_pause, mentor_id),  FIELD(struct certified_pause, certification_type),
    FIELD(struct certified_pause, expires_at),
};
const struct record certified_pause_row = RECORD(struct certified_pause, certified_fields);

static const struct field listed_fields[] = {
    FIELD(struct listed_mentor, mentor_id),
    FIELD(struct listed_mentor, paused),
};
const struct record listed_mentor_row = RECORD(struct listed_mentor, listed_fields);

const char *pause_end_name(enum pause_end end)
{
    static const char *const names[] = {
        [PAUSE_STANDS] = NULL,
        [PAUSE_RENEWED] = "renewed",
        [PAUSE_SUPERSEDED] = "superseded",
        [PAUSE_REMOVED] = "removed",
    };
    return names[end];
}

enum pause_end pause_end_of(const struct certification *certification,
                            const struct certification *all, size_t count, struct instant now,
                            int64_t grace_days)
{
    if (!instant_given(certification->revoked_at) &&
        !certification_is_due(certification, now, grace_days)) {
        return PAUSE_RENEWED;
    }
    for (size_t i = 0; i < count; i++) {
        if (certification_is_superseded_by(certification, &all[i]) &&
            !certification_is_due(&all[i], now, grace_days)) {
            return PAUSE_SUPERSEDED;
        }
    }
    return PAUSE_STANDS;
}

static const char *const event_words[] = {PAUSE_ACTIVATED, PAUSE_DEACTIVATED, NULL};

static const struct field event_row_fields[] = {
    FIELD(struct pause_event, seq),
    FIELD(struct pause_event, id),
    FIELD(struct pause_event, peer_mentor_id),
    FIELD(struct pause_event, event_type),
    FIELD(struct pause_event, effective_date),
    FIELD(struct pause_event, reason),
    FIELD(struct pause_event, coordinator_id),
    FIELD(struct pause_event, notifications_sent),
    FIELD(struct pause_event, created_at),
    FIELD(struct pause_event, updated_at),
};
const struct record pause_event_row = RECORD(struct pause_event, event_row_fields);

static const struct field result_fields[] = {
    FIELD(struct dispatch_result, channel, .words = channel_words),
    FIELD(struct dispatch_result, recipient_id),
    FIELD(struct dispatch_result, status, .meaning = "delivered, queued or failed"),
    FIELD(struct dispatch_result, sent_at, .is = FIELD_MILLIS | FIELD_NULLABLE),
};
static const struct record dispatch_result = RECORD(struct dispatch_result, result_fields);

#define EVENT_HEAD                                                                                 \
    FIELD(struct pause_event, id, .meaning = "Names the event"),                                   \
        FIELD(struct pause_event, peer_mentor_id, .meaning = "Whose pause it is"),                 \
        FIELD(struct pause_event, event_type, .words = event_words),                               \
        FIELD(struct pause_event, effective_date, .is = FIELD_MILLIS,                              \
              .meaning = "From when the pause counts, or no longer does")
#define EVENT_REASON FIELD(struct pause_event, reason, .is = FIELD_NULLABLE, .meaning = "Why")
#define EVENT_COORDINATOR                                                                          \
    FIELD(struct pause_event, coordinator_id, .is = FIELD_NULLABLE, .meaning = "Who is responsible")
#define EVENT_SENT                                                                                 \
    FIELD(struct pause_event, notifications_sent, .meaning = "Who was told, through which channel")
#define EVENT_CREATED                                                                              \
    FIELD(struct pause_event, created_at, .is = FIELD_MILLIS, .meaning = "When it was recorded")

static const struct field event_item_fields[] = {EVENT_HEAD, EVENT_REASON, EVENT_COORDINATOR,
                                                 EVENT_SENT, EVENT_CREATED};
const struct record pause_event_item = RECORD(struct pause_event, event_item_fields);

static const struct field event_detail_fields[] = {
    EVENT_HEAD,
    EVENT_REASON,
    EVENT_COORDINATOR,
    EVENT_SENT,
    FIELD(struct pause_event, dispatch_results, .of = &dispatch_result,
          .meaning = "What became of each message, as it stands now"),
    EVENT_CREATED,
};
const struct record pause_event_detail = RECORD(struct pause_event, event_detail_fields);

static const struct field event_created_fields[] = {EVENT_HEAD, EVENT_COORDINATOR, EVENT_SENT,
                                                    EVENT_CREATED};
const struct record pause_event_created = RECORD(struct pause_event, event_created_fields);

static const struct field event_updated_fields[] = {
    EVENT_HEAD,
    EVENT_REASON,
    EVENT_COORDINATOR,
    FIELD(struct pause_event, updated_at, .is = FIELD_MILLIS, .meaning = "When it was changed"),
};
const struct record pause_event_updated = RECORD(struct pause_event, event_updated_fields);

static const struct field removal_fields[] = {
    FIELD(struct pause_event_removal, message),
    FIELD(struct pause_event_removal, deleted_id),
    FIELD(struct pause_event_removal, deleted_at, .is = FIELD_MILLIS),
};
const struct record pause_event_removal = RECORD(struct pause_event_removal, removal_fields);

static const struct field input_fields[] = {
    FIELD(struct pause_event_input, peer_mentor_id, .is = FIELD_REQUIRED, .min = 1, .max = 64,
          .meaning = "A mentor of your organisation"),
    FIELD(struct pause_event_input, event_type, .is = FIELD_REQUIRED, .words = event_words,
          .meaning = "Whether a pause begins or ends"),
    FIELD(struct pause_event_input, effective_date, .is = FIELD_REQUIRED,
          .meaning = "From when it counts"),
    FIELD(struct pause_event_input, reason, .is = FIELD_NULLABLE | FIELD_LINES, .max = 500,
          .meaning = "Why"),
};
const struct record pause_event_input = RECORD(struct pause_event_input, input_fields);

static const struct field change_fields[] = {
    FIELD(struct pause_event_change, reason, .is = FIELD_NULLABLE | FIELD_LINES, .max = 500,
          .meaning = "Why; null takes it away"),
    FIELD(struct pause_event_change, effective_date, .meaning = "From when it counts"),
};
const struct record pause_event_change = RECORD(struct pause_event_change, change_fields);

static const char *const sort_words[] = {"created_at", "-created_at", "effective_date",
                                         "-effective_date", NULL};

static const struct field filter_fields[] = {
    LISTING_FIELDS(struct pause_event_filter, sort_words),
    FIELD(struct pause_event_filter, peer_mentor_id, .min = 1, .max = 64,
          .meaning = "Only this mentor's"),
    FIELD(struct pause_event_filter, coordinator_id, .min = 1, .max = 64,
          .meaning = "Only those of this coordinator"),
    FIELD(struct pause_event_filter, event_type, .words = event_words,
          .meaning = "Only beginnings, or only ends"),
    FIELD(struct pause_event_filter, effective_before, .is = FIELD_DATE_TOO,
          .meaning = "Only those that count from before this moment"),
    FIELD(struct pause_event_filter, effective_after, .is = FIELD_DATE_TOO,
          .meaning = "Only those that count from after this moment"),
    FIELD(struct pause_event_filter, created_before, .is = FIELD_DATE_TOO,
          .meaning = "Only those recorded before this moment"),
    FIELD(struct pause_event_filter, created_after, .is = FIELD_DATE_TOO,
          .meaning = "Only those recorded after this moment"),
};
const struct record pause_event_filter = RECORD(struct pause_event_filter, filter_fields);

struct list dispatch_results(struct arena *arena, struct list fates)
{
    const struct message_fate *fate = fates.items;
    struct list results = {0};

    for (size_t i = 0; i < fates.count; i++) {
        struct dispatch_result *result = list_append(&results, arena, sizeof(*result));
        *result = (struct dispatch_result){
            .channel = fate[i].channel,
            .recipient_id = fate[i].recipient_id,
            .status = message_status(&fate[i], "delivered"),
            .sent_at = fate[i].sent_at,
        };
    }
    return results;
}
