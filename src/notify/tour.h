/* SPDX-License-Identifier: MIT */
/* Senders that empty the queue side by side, each in a thread with a connection to the database,
 * one to the mail relay and one to push targets of its own. What they share is here: the figures,
 * and what makes all of them stop. */
#ifndef MENTORWATCH_NOTIFY_TOUR_H
#define MENTORWATCH_NOTIFY_TOUR_H

#include "base/outcome.h"
#include "notify/courier.h"
#include "notify/deliver.h"

struct tour;

/* In the arena of the work. progress is called in this thread alone. */
struct tour *tour_open(struct work *work, struct crew *crew, delivery_progress *progress,
                       void *context);
void tour_close(struct delivery_count *out, struct tour *tour); /* and what came of it */

/* Deliver a first handful of emails in this thread, and so learn how it is with the relay. probe:
 * one that is paused is tried too, with single mails, until it has taken one or is seen to be away.
 */
enum outcome tour_begin(struct tour *tour, bool probe);
/* Deliver all that is due, by up to so many threads; by this one alone when no email can go. A
 * thread for which the database has no room leaves its share to the others, or to this one. The
 * first other failure of any thread counts; all end then after the message that they have in hand.
 */
enum outcome tour_run(struct tour *tour, int64_t senders);

/* End every tour of this process after the messages in hand. May be called by a signal handler. */
void tour_stop(void);
bool tour_is_stopped(void);

#endif
