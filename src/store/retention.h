/* SPDX-License-Identifier: MIT */
/* Every statement that removes rows because they are old: a rule for each kind of thing, and one
 * batch of it at a time, in the order in which the rows were made. */
#ifndef MENTORWATCH_STORE_RETENTION_H
#define MENTORWATCH_STORE_RETENTION_H

#include "base/clock.h"
#include "base/outcome.h"

#include <stdbool.h>
#include <stdint.h>

struct work;

enum kept {
    KEPT_MESSAGES, /* that were sent, failed or superseded, with their attempts; none in-app */
    KEPT_IN_APP,   /* messages, read or not */
    KEPT_REMINDERS,
    KEPT_EXPIRY_NOTIFICATIONS,
    KEPT_PAUSES, /* that were closed */
    KEPT_PAUSE_EVENTS,
    KEPT_EXPIRY_LOG,
    KEPT_DECISIONS,
    KEPT_RUNS, /* of jobs */
    KEPT_SWEEPS,
    KEPT_AUDIT,
    KEPT_KINDS
};
/* "messages", …: for reports. */
extern const char *const kept_words[];

/* On the way through a table. */
struct retention {
    enum kept kind;
    struct instant before; /* what is older goes */
    int64_t after;         /* the number of the last row of the batch before; 0: none */

    /* What a batch says: to be taken over once it is committed. */
    int64_t last; /* its last row, to go on after */
    int64_t removed;
    bool done; /* nothing that comes after it is old enough */
};

/* In a transaction: look at the next thousand rows, and remove those that are old enough and that
 * nothing needs any more. Rows that somebody else has locked are left for the next time. */
enum outcome retention_batch(struct retention *this, struct work *work);

#endif
