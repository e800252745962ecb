/* SPDX-License-Identifier: MIT */
/* The way that the messages of a channel take, as all hosts know it: whether it is paused, and how
 * much of the hour's allowance is used. */
#ifndef MENTORWATCH_MODEL_RELAY_H
#define MENTORWATCH_MODEL_RELAY_H

#include "base/record.h"

#include <stdbool.h>
#include <stdint.h>

struct relay {
    bool paused;
    bool stopped;     /* the outbox as a whole is on hold */
    int64_t failures; /* pauses since it last answered */
    int64_t used;     /* messages claimed in the hour that goes on */
};
extern const struct record relay_row;

/* How many messages may still be claimed in this hour, of those that are wanted. per_hour 0: no
 * limit. */
int64_t relay_room(const struct relay *relay, int64_t per_hour, int64_t wanted);

#endif
