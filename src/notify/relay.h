/* SPDX-License-Identifier: MIT */
/* What the threads of this process know together about the mail relay, so that a slow or dead one
 * never slows down a GET: no more than half of the worker threads wait for deliveries at once, and
 * none at all for a while after one has waited in vain. */
#ifndef MENTORWATCH_NOTIFY_RELAY_H
#define MENTORWATCH_NOTIFY_RELAY_H

#include <stdbool.h>
#include <stdint.h>

void relay_limit(int64_t threads); /* how many there are; once, before they start */

/* May this thread wait for others now? Then relay_leave() ends the wait. */
bool relay_enter(void);
void relay_leave(void);

/* It could not be used: for the next minute no request tries it. */
void relay_is_away(void);
bool relay_is_known_away(void);

/* A request has waited in vain: nobody waits for the next minute, or until a delivery was quick. */
void relay_is_slow(void);
void relay_is_quick(void);
bool relay_is_known_slow(void);

#endif
