/* SPDX-License-Identifier: MIT */
/* A condition that can be waited for until a moment of clock_monotonic_ms(). */
#ifndef MENTORWATCH_NOTIFY_CONDITION_H
#define MENTORWATCH_NOTIFY_CONDITION_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

void condition_open(pthread_cond_t *condition); /* to end with pthread_cond_destroy() */

/* As pthread_cond_wait(). False: the moment has come. */
bool condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t until);

#endif
