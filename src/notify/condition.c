/* SPDX-License-Identifier: MIT */
#include "notify/condition.h"

#include "base/clock.h"

#include <stdlib.h>
#include <time.h>

void condition_open(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;

    if (pthread_condattr_init(&attributes) != 0 ||
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) != 0 ||
        pthread_cond_init(condition, &attributes) != 0) {
        abort();
    }
    (void)pthread_condattr_destroy(&attributes);
}

bool condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t until)
{
    const struct timespec limit = {
        .tv_sec = until / MS_PER_SECOND,
        .tv_nsec = until % MS_PER_SECOND * (1000000000 / MS_PER_SECOND),
    };
    return pthread_cond_timedwait(condition, lock, &limit) == 0;
}
