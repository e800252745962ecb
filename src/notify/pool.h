/* SPDX-License-Identifier: MIT */
/* The senders of a process that answers requests. A request hands its messages over and waits for
 * them as long as it may; a transfer that has begun goes on after that, with the ordinary timeouts,
 * so that nobody's impatience is taken for the other side's fault.
 *
 * notify.senders threads, each with a connection to the database, one to the mail relay and one to
 * push targets of its own; started when they are first needed. */
#ifndef MENTORWATCH_NOTIFY_POOL_H
#define MENTORWATCH_NOTIFY_POOL_H

#include "base/record.h"

#include <stdbool.h>
#include <stdint.h>

struct settings;

struct pool;
struct pool *pool_open(const struct settings *settings); /* settings must outlive it */
/* End after the messages in hand; what takes longer than a few seconds is cut off. */
void pool_close(struct pool *pool);

/* Hand over these messages (int64_t, their numbers), to be tried one after the other; what there is
 * no room for stays in the outbox. Then wait until each has been tried, or the monotonic clock
 * shows `until`; false: the latter. */
bool pool_deliver(struct pool *pool, struct list numbers, int64_t until);

#endif
