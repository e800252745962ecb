/* SPDX-License-Identifier: MIT */
/* Delivers what the outbox holds: claim → is it still true? → write the letter → send → settle.
 * Sending happens outside any transaction. A process that dies in between leaves a message
 * `sending`; when its lease has run out, the next delivery takes it up again, with the same
 * Message-ID. What cannot be delivered now is tried again later and later (notify/backoff.h). */
#ifndef MENTORWATCH_NOTIFY_DELIVER_H
#define MENTORWATCH_NOTIFY_DELIVER_H

#include "base/outcome.h"
#include "base/record.h"

#include <stdbool.h>
#include <stdint.h>

struct courier;
struct crew;
struct message_ending;
struct pool;
struct work;

struct delivery_count {
    int64_t sent;
    int64_t put_off;    /* not now; tried again later */
    int64_t failed;     /* never to be sent; kept and visible */
    int64_t superseded; /* no longer true, and so not sent */
    int64_t queued;     /* what waits now, put off or not yet due */
    int64_t held;       /* what the operator holds back */
    bool relay_away;    /* the mail relay could not be reached, or is paused: mails wait */
    bool capped;        /* this hour's mails are used up: the rest waits */
};
extern const struct record delivery_count;

/* One more message has been settled so. */
void delivery_count_ending(struct delivery_count *count, const struct message_ending *ending);

/* Told as it goes on; may be NULL. */
typedef void delivery_progress(void *context, const struct delivery_count *count);

/* Try each message that is due, once: for cron and for people. A relay that is paused is tried
 * with one mail, and if it answers, with all. */
enum outcome deliver_due(struct delivery_count *out, struct work *work, delivery_progress *progress,
                         void *context);
/* The same, but nothing is begun after that moment of the monotonic clock; 0: no limit. */
enum outcome deliver_until(struct delivery_count *out, struct work *work, int64_t until_ms,
                           delivery_progress *progress, void *context);
/* The same for somebody who comes again in a few seconds: a relay that is paused is left alone. */
enum outcome deliver_round(struct delivery_count *out, struct work *work, struct crew *crew);

/* End both after the messages in hand, now and ever after. May be called by a signal handler. */
void deliver_stop(void);

/* Try this one, if its turn has come and its way is not known to be away. It lives in the outbox
 * whatever comes of it. *not_yet: it was left, because an earlier one to the same person comes
 * first. */
enum outcome deliver_one(bool *not_yet, struct work *work, struct courier *courier, int64_t seq);

/* Deliver the messages of a request (work->enqueued) after its commit: hand them over to the pool,
 * and wait until notify.deadline has passed. It does not wait when too many threads do so already,
 * or when others have waited in vain just now; the messages are on their way all the same.
 * pool NULL: deliver them here, one by one, and begin none after half of the deadline; what has
 * begun is never cut off, for then it might go out twice.
 * Failures of any kind are only logged: the messages are safe in the outbox. */
void deliver_enqueued(struct work *work, struct pool *pool);

#endif
