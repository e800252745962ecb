/* SPDX-License-Identifier: MIT */
/* Whether what a message says is still true when it is about to be sent: no I/O, no SQL. Each rule
 * returns NULL when it is, else why it is not, as a sentence for the operator. */
#ifndef MENTORWATCH_MODEL_TRUTH_H
#define MENTORWATCH_MODEL_TRUTH_H

#include "base/clock.h"
#include "base/record.h"
#include "model/certification.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where one recipient's reminder stands among those of its cycle. Only what he or she is told
 * counts: an ordered reminder goes to the mentor alone. */
struct reminder_rank {
    int64_t seq; /* of the message */
    int64_t threshold_days;
    bool outdone;     /* one for a smaller threshold has gone out to the recipient, */
    bool followed;    /* … or waits to */
    struct list made; /* thresholds (texts) for which there is one, to whomever */
};
extern const struct record reminder_rank_row;

/* In what follows expires_at is what the message says of the certification. A reader is told the
 * day alone, so another moment of the same day is the same expiry. */

/* "Your certification expires soon", as somebody ordered it: it goes unless the certification was
 * renewed, removed (NULL) or revoked. */
const char *truth_of_order(const struct certification *certification, struct instant expires_at);

/* For which of its type's thresholds the job reminds of it now; 0: for none. NULL: it was removed.
 */
int64_t truth_due_threshold(const struct certification *certification, struct list thresholds,
                            struct instant now);

/* … as the job decided it: it also goes out no more when something more urgent is said: the notice
 * of the expiry, which comes with the pause and not before, or a reminder for a smaller threshold.
 * `all` are the mentor's certifications. */
const char *truth_of_threshold(const struct certification *certification, struct instant expires_at,
                               struct list all, const struct reminder_rank *rank, int64_t due);

#endif
