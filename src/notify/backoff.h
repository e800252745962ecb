/* SPDX-License-Identifier: MIT */
/* When a message that could not be delivered is tried again: no I/O, no SQL.
 *
 * After 5 minutes, 15 minutes, 1 hour, 4 hours, 12 hours, and then every day, each a tenth shorter
 * or longer by chance, so that what failed together does not come back together. Given up after 10
 * attempts, which take five days: only attempts count, so what waits meanwhile for a relay that is
 * away, or is held, loses none. */
#ifndef MENTORWATCH_NOTIFY_BACKOFF_H
#define MENTORWATCH_NOTIFY_BACKOFF_H

#include <stdbool.h>
#include <stdint.h>

enum {
    BACKOFF_CHANCES = 1000, /* the longest wait; 0 is the shortest */
    BACKOFF_ATTEMPTS = 10,  /* as many as fit into five days */
};

struct backoff {
    bool gives_up;
    int64_t seconds; /* from now */
};

/* After so many attempts. `asked`: how long the other side wants us to wait (0: it does not say);
 * that counts when it is longer, up to a day. */
struct backoff backoff_after(int64_t attempts, int64_t asked, int64_t chance);

int64_t backoff_chance(void); /* 0 to BACKOFF_CHANCES */

#endif
