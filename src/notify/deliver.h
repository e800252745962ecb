/* SPDX-License-Identifier: MIT */
/* Delivers what the outbox holds: claim → write the letter → send → settle. Sending happens outside
 * any transaction. A process that dies in between leaves a message `sending`; when its lease has
 * run out, the next delivery takes it up again, with the same Message-ID. */
#ifndef MENTORWATCH_NOTIFY_DELIVER_H
#define MENTORWATCH_NOTIFY_DELIVER_H

#include "base/outcome.h"
#include "base/record.h"

#include <stdbool.h>
#include <stdint.h>

struct settings;
struct work;

/* What one thread needs to deliver: a connection to the relay, kept. */
struct courier;
struct courier *courier_new(const struct settings *settings);
void courier_free(struct courier *courier);

struct delivery_count {
    int64_t sent;
    int64_t put_off; /* refused for now; still queued */
    int64_t failed;  /* never to be sent; kept and visible */
    int64_t queued;  /* what waits now, put off or not yet due */
    bool relay_away; /* the relay could not be reached: the rest waits */
};
extern const struct record delivery_count;

/* Told after each message; may be NULL. */
typedef void delivery_progress(void *context, const struct delivery_count *count);

/* Try each message that is due, once. */
enum outcome deliver_due(struct delivery_count *out, struct work *work, struct courier *courier,
                         delivery_progress *progress, void *context);

/* Try these messages (work->enqueued after its commit) until the deadline of notify.deadline has
 * passed, beginning none in its second half: cut off in the middle, it might go out twice. What is
 * not sent by then stays queued. For threads that answer requests: when too many
 * of them wait already, or the relay is known to be away, nothing is tried. Failures of any kind
 * are only logged: the messages are safe in the outbox. */
void deliver_enqueued(struct work *work, struct courier *courier);

#endif
