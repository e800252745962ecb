/* SPDX-License-Identifier: MIT */
#include "model/pause.h"

const char PAUSE_ACTIVATED[] = "pause_activated";
const char PAUSE_DEACTIVATED[] = "pause_deactivated";

static const struct field row_fields[] = {
    FIELD(struct pause, seq),
    FIELD(struct pause, certification_id),
};
const struct record pause_row = RECORD(struct pause, row_fields);

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
