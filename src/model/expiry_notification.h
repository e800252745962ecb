/* SPDX-License-Identifier: MIT */
/* Contract 3: the record that a certification's expiry has come as near as a threshold, for a
 * coordinator to acknowledge. */
#ifndef MENTORWATCH_MODEL_EXPIRY_NOTIFICATION_H
#define MENTORWATCH_MODEL_EXPIRY_NOTIFICATION_H

#include "base/clock.h"
#include "base/listing.h"
#include "base/outcome.h"
#include "base/record.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct work;

struct expiry_notification {
    int64_t seq;
    const char *notification_id;
    const char *certification_id; /* NULL: a caller made the record, and named none */
    const char *mentor_id;
    const char *coordinator_id; /* NULL: nobody is responsible */
    int64_t threshold_days;
    const char *threshold; /* the same as text */
    struct instant expiry_date;
    const char *status; /* NOTIFICATION_ACTIVE or NOTIFICATION_ACKNOWLEDGED */
    struct instant sent_at;
    struct instant acknowledged_at;
    const char *acknowledged_by; /* NULL: not told */
    struct instant created_at;
    struct instant updated_at;
};
extern const struct record
    expiry_notification_row;                    /* a database row, without the threshold's text */
extern const struct record expiry_notification; /* as it is shown */

extern const char NOTIFICATION_ACTIVE[];
extern const char NOTIFICATION_ACKNOWLEDGED[];

/* The answer to DELETE. */
struct expiry_notification_removal {
    bool deleted;
    const char *notification_id;
};
extern const struct record expiry_notification_removal;

/* What POST accepts. */
struct expiry_notification_input {
    const char *mentor_id;
    const char *coordinator_id;
    const char *threshold;
    struct instant expiry_date;
};
extern const struct record expiry_notification_input;

/* What PUT accepts. */
struct expiry_notification_change {
    const char *status;
    struct instant acknowledged_at;
    const char *acknowledged_by;
};
extern const struct record expiry_notification_change;

struct expiry_notification_filter {
    struct listing listing;
    const char *mentor_id;
    const char *coordinator_id;
    const char *status;
    const char *threshold;
    struct instant expiry_before;
    struct instant expiry_after;
    struct instant sent_before;
    struct instant sent_after;
};
extern const struct record expiry_notification_filter;

/* 30 ↔ "30_day". 0 for NULL and for any other text. */
const char *threshold_text(struct arena *arena, int64_t days);
int64_t threshold_days(const char *text);

/* A record of now. */
struct expiry_notification *expiry_notification_new(struct arena *arena,
                                                    const struct expiry_notification_input *input,
                                                    struct instant now);

/* Apply a PUT. Who acknowledged it and when stay those of the first time, and an acknowledged
 * record stays so. INVALID: the change contradicts itself or the record. */
enum outcome expiry_notification_apply(struct expiry_notification *notification, struct work *work,
                                       const struct expiry_notification_change *change);

#endif
