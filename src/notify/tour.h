/* SPDX-License-Identifier: MIT */
/* Empties the queue once. One thread, this one, has the database: it claims, asks what is still
 * true, hands out errands and settles. A crew of senders runs them. Each sender gets its next
 * errands only when the last ones are settled, so a process that dies repeats no more than what the
 * senders had just handed over: docs/decisions/delivery-in-rounds.md. */
#ifndef MENTORWATCH_NOTIFY_TOUR_H
#define MENTORWATCH_NOTIFY_TOUR_H

#include "base/outcome.h"
#include "notify/deliver.h"

struct crew;
struct work;

struct tour_plan {
    struct crew *crew;
    size_t senders;
    bool probe;       /* try a relay that is paused, with single mails, until it has taken one */
    int64_t until_ms; /* of the monotonic clock: nothing is begun after it; 0: no limit */
    delivery_progress *progress; /* called in this thread; may be NULL */
    void *context;
};

/* Deliver all that is due. Emails go one by one until the relay has taken one. Of a failure it can
 * say what came of the tour until then, too; all senders end after the errands in their hands. */
enum outcome tour_run(struct delivery_count *out, struct work *work, const struct tour_plan *plan);

/* End every tour of this process after the errands in hand. May be called by a signal handler. */
void tour_stop(void);

#endif
