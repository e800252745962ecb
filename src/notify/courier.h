/* SPDX-License-Identifier: MIT */
/* Carries one message to its end: still true? → write the letter → send → settle. What one thread
 * needs for that: a connection to the mail relay and one to push targets, kept. */
#ifndef MENTORWATCH_NOTIFY_COURIER_H
#define MENTORWATCH_NOTIFY_COURIER_H

#include "base/outcome.h"
#include "model/message.h"

#include <stdbool.h>

struct claim;
struct settings;
struct work;

struct courier;
struct courier *courier_new(const struct settings *settings); /* settings must outlive it */
void courier_free(struct courier *courier);

struct carried {
    bool settled;               /* as follows; else it is still claimed, or lost to somebody else */
    enum message_result result; /* of the attempt */
    bool for_good;              /* put off no more: it was given up */
    bool relay_away;            /* give back what is left of the claim (claim_release), because: */
    const char *detail;
};

/* One message that this claim has in hand, with the ordinary timeouts. Whatever is wrong with the
 * message itself puts it off and is no failure; failures are those of the database (db/db.h). */
enum outcome courier_carry(struct carried *out, struct work *work, struct courier *courier,
                           const struct claim *claim, const struct message *message);

/* Whether such a failure is this one message's own: others may fare better. */
bool courier_may_go_on(enum outcome outcome);

/* Messages that a dead sender left behind: back to the queue and due at once, or given up after as
 * many attempts as there may be. */
enum outcome courier_reclaim(struct work *work);

#endif
