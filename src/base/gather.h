/* SPDX-License-Identifier: MIT */
/* Threads that want the same kind of thing at the same moment, and do it once for all of them.
 *
 * A thread comes with an item. Where few enough are at it, it leads, at once: it does what its item
 * asks for. Otherwise it sleeps. Whoever has led hands the lead on to the first who sleeps, and
 * that one takes the items of the others along. One thread alone does what it would do anyway.
 *
 * Where it pays, a leader waits a moment for company: at most `patience_us`, and only while fewer
 * have come than were taken the last time. So who was alone the last time does not wait.
 *
 * What has begun takes nobody in any more: whatever is done for an item begins after it came. For
 * leaders who are stuck, nobody waits longer than a tenth of a second whom they did not take along.
 *
 *     struct loan_wanted {
 *         struct gathered gathered; // first
 *         const char *id;
 *         struct loan *found;
 *     };
 *     static struct gathering loans = GATHERING(.most_leaders = 2);
 *
 *     gather(&loans, &wanted.gathered, find_loans); // wanted.found is there now
 */
#ifndef MENTORWATCH_BASE_GATHER_H
#define MENTORWATCH_BASE_GATHER_H

#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MOST_GATHERED = 16 }; /* items that one leader takes, its own included */

/* Of one thread, on its stack: the first member of what it brings. gather() fills it. */
struct gathered {
    struct gathered *next; /* who came later and sleeps, too */
    sem_t turn;
    bool leads; /* by which it was woken: to lead, or since all is done */
};

/* All that is of one kind. One of its own for each kind, in static memory. */
struct gathering {
    size_t most_leaders; /* who are at it at the same time */
    int64_t patience_us; /* 0: none */
    pthread_mutex_t lock;
    size_t leaders;
    int64_t led_since_ms; /* when the last of them began */
    struct gathered *first, *last;
    size_t asleep;   /* from the first to the last */
    size_t expected; /* as many as were taken the last time */
};

/* GATHERING(.most_leaders = 2) */
#define GATHERING(...)                                                                             \
    {                                                                                              \
        .lock = PTHREAD_MUTEX_INITIALIZER, __VA_ARGS__                                             \
    }

/* Deals with these items. The first one is the leader's own; the threads of the others sleep
 * meanwhile, so what they brought may be used as one's own. */
typedef void gather_lead(struct gathered *const *items, size_t count);

/* Returns when `mine` has been dealt with, by this thread or by another one. */
void gather(struct gathering *gathering, struct gathered *mine, gather_lead *lead);

#endif
