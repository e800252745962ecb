/* SPDX-License-Identifier: MIT */
/* The outbox as a whole is on hold: nothing of it is claimed on any host, until an operator lets it
 * go on. That is a row of relays, for a way that is no channel's. */
#ifndef MENTORWATCH_STORE_OUTBOX_STOP_H
#define MENTORWATCH_STORE_OUTBOX_STOP_H

#include "base/outcome.h"

#include <stdbool.h>
#include <stdint.h>

struct work;

/* SQL: whether it is on hold. */
#define OUTBOX_STOPPED                                                                             \
    "EXISTS (SELECT 1 FROM relays s WHERE s.channel = 'outbox' AND s.paused_until IS NOT NULL)"

/* How far the database is. Only grows, unless an older state of it was restored. */
struct outbox_progress {
    const char *began;    /* when its schema was made: another database has another */
    const char *released; /* when it was last let go on, as text that sorts by time; "": never */
    int64_t attempts;     /* to deliver, settled since the beginning */
    bool stopped;
};
enum outcome outbox_progress(struct outbox_progress **out, struct work *work);

enum outcome outbox_stop(struct work *work);
/* *changed: 1 if it was on hold. */
enum outcome outbox_go_on(int64_t *changed, struct work *work);

#endif
