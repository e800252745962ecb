/* SPDX-License-Identifier: MIT */
#include "base/gather.h"

#include "base/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

enum {
    LONG_MS = 100, /* whoever has led for so long is stuck: others need not wait for it */
    LOOK_US = 100, /* how often a leader who waits looks who has come */
};

static bool may_lead(const struct gathering *gathering)
{
    return gathering->leaders < gathering->most_leaders ||
           clock_monotonic_ms() - gathering->led_since_ms > LONG_MS;
}

static void begin_to_lead(struct gathering *gathering)
{
    gathering->leaders++;
    gathering->led_since_ms = clock_monotonic_ms();
}

static void enqueue(struct gathering *gathering, struct gathered *item)
{
    item->next = NULL;
    *(gathering->first == NULL ? &gathering->first : &gathering->last->next) = item;
    gathering->last = item;
    gathering->asleep++;
}

static struct gathered *dequeue(struct gathering *gathering)
{
    struct gathered *item = gathering->first;

    gathering->first = item->next;
    gathering->asleep--;
    return item;
}

/* False: it is not there, somebody has taken it. */
static bool dequeue_this(struct gathering *gathering, struct gathered *item)
{
    struct gathered *before = NULL;
    struct gathered *at = gathering->first;

    while (at != NULL && at != item) {
        before = at;
        at = at->next;
    }
    if (at == NULL) {
        return false;
    }
    *(before == NULL ? &gathering->first : &before->next) = item->next;
    gathering->last = gathering->last == item ? before : gathering->last;
    gathering->asleep--;
    return true;
}

/* Whether this thread leads. Otherwise it is in the queue, and `leads` belongs to whoever wakes it.
 */
static bool come(struct gathering *gathering, struct gathered *mine)
{
    (void)pthread_mutex_lock(&gathering->lock);
    const bool leads = may_lead(gathering);
    mine->leads = leads;
    if (leads) {
        begin_to_lead(gathering);
    } else {
        enqueue(gathering, mine);
    }
    (void)pthread_mutex_unlock(&gathering->lock);
    return leads;
}

static bool are_as_many(struct gathering *gathering)
{
    (void)pthread_mutex_lock(&gathering->lock);
    const bool enough = 1 + gathering->asleep >= gathering->expected;
    (void)pthread_mutex_unlock(&gathering->lock);
    return enough;
}

/* Whoever was served the last time is about to come again, mostly. */
static void wait_for_company(struct gathering *gathering)
{
    const struct timespec moment = {.tv_nsec = LOOK_US * 1000L};

    for (int64_t us = 0; us < gathering->patience_us && !are_as_many(gathering); us += LOOK_US) {
        (void)nanosleep(&moment, NULL);
    }
}

static size_t take(struct gathered **items, struct gathering *gathering, struct gathered *mine)
{
    size_t count = 1;

    items[0] = mine;
    (void)pthread_mutex_lock(&gathering->lock);
    while (gathering->first != NULL && count < MOST_GATHERED) {
        items[count++] = dequeue(gathering);
    }
    gathering->expected = count;
    (void)pthread_mutex_unlock(&gathering->lock);
    return count;
}

static void wake(struct gathered *item, bool leads)
{
    item->leads = leads;
    if (sem_post(&item->turn) != 0) {
        abort();
    }
}

/* The next leader is woken first, so that the work goes on while the others are. */
static void hand_on(struct gathering *gathering)
{
    struct gathered *next = NULL;

    (void)pthread_mutex_lock(&gathering->lock);
    gathering->leaders--;
    if (gathering->first != NULL && may_lead(gathering)) {
        next = dequeue(gathering);
        begin_to_lead(gathering);
    }
    (void)pthread_mutex_unlock(&gathering->lock);
    if (next != NULL) {
        wake(next, true);
    }
}

/* False: it was not woken for long. A clock that is set back only makes it longer. */
static bool sleep_long(struct gathered *mine)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += LONG_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    while (sem_timedwait(&mine->turn, &until) != 0) {
        if (errno == ETIMEDOUT) {
            return false;
        }
        if (errno != EINTR) {
            abort();
        }
    }
    return true;
}

/* Where leaders are stuck, who sleeps leads beside them. */
static bool step_forward(struct gathering *gathering, struct gathered *mine)
{
    (void)pthread_mutex_lock(&gathering->lock);
    const bool steps = may_lead(gathering) && dequeue_this(gathering, mine);
    if (steps) {
        mine->leads = true;
        begin_to_lead(gathering);
    }
    (void)pthread_mutex_unlock(&gathering->lock);
    return steps;
}

static void sleep_until_woken(struct gathering *gathering, struct gathered *mine)
{
    while (!sleep_long(mine)) {
        if (step_forward(gathering, mine)) {
            return;
        }
    }
}

void gather(struct gathering *gathering, struct gathered *mine, gather_lead *lead)
{
    struct gathered *items[MOST_GATHERED];

    if (sem_init(&mine->turn, 0, 0) != 0) {
        abort();
    }
    if (!come(gathering, mine)) {
        sleep_until_woken(gathering, mine);
    }
    if (mine->leads) {
        wait_for_company(gathering);
        const size_t count = take(items, gathering, mine);
        lead(items, count);
        hand_on(gathering);
        for (size_t i = 1; i < count; i++) {
            wake(items[i], false);
        }
    }
    (void)sem_destroy(&mine->turn);
}
