/* SPDX-License-Identifier: MIT */
#include "model/decision.h"

#include "base/arena.h"

const char DECISION_QUEUED[] = "queued";
const char DECISION_ALREADY_SENT[] = "already_sent";
const char DECISION_SUPERSEDED[] = "superseded";
const char DECISION_NO_ADDRESS[] = "no_address";
const char DECISION_NOT_LISTED[] = "not_listed";
const char DECISION_PAUSED[] = "paused";
const char DECISION_FAILED[] = "failed";

static const struct field row_fields[] = {
    FIELD(struct decision, certification_id), FIELD(struct decision, expires_at),
    FIELD(struct decision, threshold_days),   FIELD(struct decision, mentor_id),
    FIELD(struct decision, outcome),          FIELD(struct decision, detail),
    FIELD(struct decision, job_run_id),       FIELD(struct decision, decided_at),
};
const struct record decision_row = RECORD(struct decision, row_fields);

struct decision decision_of(const struct certification *certification, int64_t threshold_days,
                            const char *outcome, const char *detail)
{
    return (struct decision){
        .certification_id = certification->certification_id,
        .expires_at = certification->expires_at,
        .threshold_days = threshold_days,
        .mentor_id = certification->mentor_id,
        .outcome = outcome,
        .detail = detail,
    };
}

const char *decision_superseded_by(struct arena *arena, const char *certification_id)
{
    return arena_printf(arena, "superseded by %s", certification_id);
}
