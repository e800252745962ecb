/* SPDX-License-Identifier: MIT */
#include "model/truth.h"

#include "base/text.h"
#include "model/reminder.h"

#include <string.h>

static const struct field rank_fields[] = {
    FIELD(struct reminder_rank, seq),     FIELD(struct reminder_rank, threshold_days),
    FIELD(struct reminder_rank, outdone), FIELD(struct reminder_rank, followed),
    FIELD(struct reminder_rank, made),
};
const struct record reminder_rank_row = RECORD(struct reminder_rank, rank_fields);

const char *truth_of_order(const struct certification *certification, struct instant expires_at)
{
    if (certification == NULL) {
        return "the certification was removed";
    }
    if (instant_given(certification->revoked_at)) {
        return "the certification was revoked";
    }
    if (days_between(expires_at, certification->expires_at) != 0) {
        return certification->expires_at.ms > expires_at.ms
                   ? "the certification was renewed"
                   : "the certification now expires earlier";
    }
    return NULL;
}

int64_t truth_due_threshold(const struct certification *certification, struct list thresholds,
                            struct instant now)
{
    if (certification == NULL ||
        strcmp(certification_status(certification, now), CERTIFICATION_VALID) != 0) {
        return 0;
    }
    return threshold_due(thresholds, days_between(now, certification->expires_at));
}

static bool is_made(const struct reminder_rank *rank, int64_t threshold)
{
    const char *const *made = rank->made.items;
    int64_t days;

    for (size_t i = 0; i < rank->made.count; i++) {
        if (text_to_int(made[i], &days) && days == threshold) {
            return true;
        }
    }
    return false;
}

const char *truth_of_threshold(const struct certification *certification, struct instant expires_at,
                               struct list all, const struct reminder_rank *rank, int64_t due)
{
    const char *why = truth_of_order(certification, expires_at);

    if (why != NULL) {
        return why;
    }
    if (certification_newer(certification, all) != NULL) {
        return "a newer certification has taken its place";
    }
    if (instant_given(certification->auto_pause_applied_at)) {
        return "the certification has expired, and its notice says so";
    }
    if (rank->outdone) {
        return "a more urgent reminder has been sent";
    }
    if (rank->followed || (due > 0 && due < rank->threshold_days && !is_made(rank, due))) {
        return "a more urgent reminder is due";
    }
    return NULL;
}
