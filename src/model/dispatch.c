/* SPDX-License-Identifier: MIT */
#include "model/dispatch.h"

#include "model/message.h"
#include "model/person.h"

#include <string.h>

#define MENTOR                                                                                     \
    FIELD(struct dispatch_order, mentor_id, .is = FIELD_REQUIRED, .min = 1, .max = 64,             \
          .meaning = "A mentor of the directory")

static const struct field pause_activated_fields[] = {
    MENTOR,
    FIELD(struct dispatch_order, expected_return_date, .is = FIELD_NULLABLE,
          .meaning = "When the mentor is expected back"),
    FIELD(struct dispatch_order, pause_reason, .is = FIELD_NULLABLE | FIELD_LINES, .max = 500,
          .meaning = "Why the mentor is paused"),
};
const struct record pause_activated_order = RECORD(struct dispatch_order, pause_activated_fields);

static const struct field pause_lifted_fields[] = {MENTOR};
const struct record pause_lifted_order = RECORD(struct dispatch_order, pause_lifted_fields);

static const struct field cert_expiry_fields[] = {
    MENTOR,
    FIELD(struct dispatch_order, expiry_date, .is = FIELD_REQUIRED,
          .meaning = "When the certification expired"),
};
const struct record cert_expiry_order = RECORD(struct dispatch_order, cert_expiry_fields);

static const struct field cert_expiry_reminder_fields[] = {
    MENTOR,
    FIELD(struct dispatch_order, days_remaining, .is = FIELD_REQUIRED, .min = 0, .max = 3650,
          .meaning = "Days until the certification expires"),
};
const struct record cert_expiry_reminder_order =
    RECORD(struct dispatch_order, cert_expiry_reminder_fields);

static const char *const status_words[] = {"sent", "queued", "failed", NULL};

static const struct field notification_fields[] = {
    FIELD(struct dispatched_notification, recipient, .meaning = "Who is told"),
    FIELD(struct dispatched_notification, channel, .words = channel_words),
    FIELD(struct dispatched_notification, status, .words = status_words,
          .meaning = "queued: it is tried again; failed: it never will be"),
    FIELD(struct dispatched_notification, message_id, .meaning = "Names the message"),
};
static const struct record notification =
    RECORD(struct dispatched_notification, notification_fields);

#define DISPATCH_MENTOR FIELD(struct dispatch, mentor_id, .meaning = "Whom it is about")
#define DISPATCH_TAIL                                                                              \
    FIELD(struct dispatch, notifications_dispatched, .of = &notification,                          \
          .meaning = "What became of each message by now"),                                        \
        FIELD(struct dispatch, dispatched_at, .meaning = "When it was ordered")

static const struct field dispatch_fields[] = {DISPATCH_MENTOR, DISPATCH_TAIL};
const struct record dispatch = RECORD(struct dispatch, dispatch_fields);

static const struct field dispatch_reminder_fields[] = {
    DISPATCH_MENTOR,
    FIELD(struct dispatch, days_remaining, .meaning = "As ordered"),
    DISPATCH_TAIL,
};
const struct record dispatch_reminder = RECORD(struct dispatch, dispatch_reminder_fields);

static void add_those_to(struct list *out, struct arena *arena, struct list fates, const char *role)
{
    const struct message_fate *fate = fates.items;

    for (size_t i = 0; i < fates.count; i++) {
        if (strcmp(fate[i].recipient_role, role) != 0) {
            continue;
        }
        struct dispatched_notification *told = list_append(out, arena, sizeof(*told));
        *told = (struct dispatched_notification){
            .recipient = fate[i].recipient_id,
            .channel = fate[i].channel,
            .status = message_status(&fate[i], "sent"),
            .message_id = message_id(arena, fate[i].seq),
        };
    }
}

struct list dispatched_notifications(struct arena *arena, struct list fates)
{
    struct list told = {0};

    add_those_to(&told, arena, fates, "mentor");
    add_those_to(&told, arena, fates, "coordinator");
    return told;
}
