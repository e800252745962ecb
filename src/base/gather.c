/* SPDX-License-Identifier: MIT */
#include "base/gather.h"

#include "base/clock.h"

#include <errno.h>
#include <stdlib.h>

enum {
    MOST_LEADERS = 2, /* one would save little more, and a database far away would have to wait */
    LONG_MS = 100,    /* whoever has led for so long is stuck: others need not wait for it */
};

static bool may_lead(const struct gathering *gathering)
{
    return gathering->leaders < MOST_LEADERS ||
           clock_monotonic_ms() - gathering->led_since_ms > LONG_MS;
}

static void enqueue(struct gathering *gathering, struct gathered *item)
{
    item->next = NULL;
    *(gathering->first == NULL ? &gathering->first : &gathering->last->next) = item;
    gathering->last = item;
}

static struct gathered *dequeue(struct gathering *gathering)
{
    struct gathered *item = gathering->first;

    gathering->first = item->next;
    return item;
}

/* Whether this thread leads. Otherwise it is in the queue, and `leads` belongs to whoever wakes it.
 */
static bool come(struct gathering *gathering, struct gathered *mine)
{
    (void)pthread_mutex_lock(&gathering->lock);
    const bool leads = may_lead(gathering);
    mine->leads = leads;
    if (leads) {
        gathering->leaders++;
    } else {
        enqueue(gathering, mine);
    }
    (void)pthread_mutex_unlock(&gathering->lock);
    return leads;
}

static size_t take(struct gathered **items, struct gathering *gathering, struct gathered *mine)
{
    size_t count = 1;

    items[0] = mine;
    (void)pthread_mutex_lock(&gathering->lock);
    while (gathering->first != NULL && count < MOST_GATHERED) {
        items[count++] = dequeue(gathering);
    }
    gathering->led_since_ms = clock_monotonic_ms();
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
        gathering->leaders++;
    }
    (void)pthread_mutex_unlock(&gathering->lock);
    if (next != NULL) {
        wake(next, true);
    }
}

static void sleep_until_woken(struct gathered *mine)
{
    while (sem_wait(&mine->turn) != 0) {
        if (errno != EINTR) {
            abort();
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
        sleep_until_woken(mine);
    }
    if (mine->leads) {
        const size_t count = take(items, gathering, mine);
        lead(items, count);
        hand_on(gathering);
        for (size_t i = 1; i < count; i++) {
            wake(items[i], false);
        }
    }
    (void)sem_destroy(&mine->turn);
}
