/* SPDX-License-Identifier: MIT */
/* A second pair of hands for whoever has much to do: a thread with a connection to the database of
 * its own, which does one task at a time beside its owner. Both are made when they are first
 * needed. */
#ifndef MENTORWATCH_JOBS_HELPER_H
#define MENTORWATCH_JOBS_HELPER_H

#include <stdbool.h>

struct work;

/* `work` is the helper's: of the same moment as its owner's, with an arena that each task finds
 * empty. What a task leaves there stays until the next one. */
typedef void helper_task(struct work *work, void *context);

struct helper;
struct helper *helper_new(const struct work *owner); /* which must outlive it */
void helper_free(struct helper *helper);             /* NULL is fine */

/* Whether it has a thread; known once a task has been begun. */
bool helper_has_thread(const struct helper *helper);

/* Begin a task; where no thread can be had, do it at once. Every one is awaited. */
void helper_begin(struct helper *helper, helper_task *task, void *context);
/* Wait for its end: the helper's work, for what it says of failures. */
struct work *helper_await(struct helper *helper);

#endif
