/* SPDX-License-Identifier: MIT */
/* What a job decided for one cycle of a certification, the last time that it looked. */
#ifndef MENTORWATCH_MODEL_DECISION_H
#define MENTORWATCH_MODEL_DECISION_H

#include "base/clock.h"
#include "base/record.h"
#include "model/certification.h"

#include <stdint.h>

struct arena;

enum { DECISION_EXPIRY = 0 }; /* the "threshold" of what the expiry job decides */

struct decision {
    const char *certification_id;
    struct instant expires_at;
    int64_t threshold_days; /* or DECISION_EXPIRY */
    const char *mentor_id;
    const char *outcome;
    const char *detail;     /* NULL: the outcome says it all */
    const char *job_run_id; /* of the run that decided it */
    struct instant decided_at;
};
extern const struct record decision_row;

/* The words of `outcome`. queued says that there is a reminder and that its messages were put into
 * the outbox: what became of it says the reminder itself. */
extern const char DECISION_QUEUED[];
extern const char DECISION_ALREADY_SENT[];
extern const char DECISION_SUPERSEDED[];
extern const char DECISION_NO_ADDRESS[];
extern const char DECISION_NOT_LISTED[]; /* the directory does not have the mentor */
extern const char DECISION_PAUSED[];
extern const char DECISION_FAILED[];

/* For the present cycle. */
struct decision decision_of(const struct certification *certification, int64_t threshold_days,
                            const char *outcome, const char *detail);

/* "superseded by cert_1" */
const char *decision_superseded_by(struct arena *arena, const char *certification_id);

#endif
