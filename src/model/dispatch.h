/* SPDX-License-Identifier: MIT */
/* Contract 1: what callers order to be told, and what became of it. */
#ifndef MENTORWATCH_MODEL_DISPATCH_H
#define MENTORWATCH_MODEL_DISPATCH_H

#include "base/clock.h"
#include "base/record.h"

#include <stdint.h>

struct arena;

/* What the four routes accept, each its own fields. */
struct dispatch_order {
    const char *mentor_id;
    struct instant expected_return_date;
    const char *pause_reason;
    struct instant expiry_date;
    int64_t days_remaining;
};
extern const struct record pause_activated_order;
extern const struct record pause_lifted_order;
extern const struct record cert_expiry_order;
extern const struct record cert_expiry_reminder_order;

struct dispatched_notification {
    const char *recipient;
    const char *channel;
    const char *status; /* sent, queued or failed */
    const char *message_id;
};

struct dispatch {
    const char *mentor_id;
    int64_t days_remaining;
    struct list notifications_dispatched; /* struct dispatched_notification */
    struct instant dispatched_at;
};
extern const struct record dispatch;          /* the answer */
extern const struct record dispatch_reminder; /* … to a reminder, with days_remaining */

/* The mentor's first, then the coordinator's, by what became of the messages (struct
 * message_fate). */
struct list dispatched_notifications(struct arena *arena, struct list fates);

#endif
