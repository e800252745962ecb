/* SPDX-License-Identifier: MIT */
/* What the threads of this process know together about the mail relay, so that a slow or dead one
 * never slows down a GET: no more than half of the worker threads wait for it at once, and none at
 * all for a while after it could not be reached. */
#ifndef MENTORWATCH_NOTIFY_RELAY_H
#define MENTORWATCH_NOTIFY_RELAY_H

#include <stdbool.h>
#include <stdint.h>

void relay_limit(int64_t threads); /* how many there are; once, before they start */

/* May this thread wait for the relay now? Then relay_leave() ends the wait. */
bool relay_enter(void);
void relay_leave(void);

void relay_is_away(void); /* nobody waits for the next minute */

#endif
