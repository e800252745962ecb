/* SPDX-License-Identifier: MIT */
/* A claimed message on its way to its end: is it still true? → hand it over → settle. Whoever has
 * the database asks and settles, for many errands at once; any thread with a courier runs one. */
#ifndef MENTORWATCH_NOTIFY_ERRAND_H
#define MENTORWATCH_NOTIFY_ERRAND_H

#include "base/outcome.h"
#include "notify/delivery.h"
#include "store/message.h"

#include <stdbool.h>
#include <stddef.h>

struct claim;
struct courier;
struct work;

struct errand {
    const struct message *message;
    const struct claim *claim; /* its channel; was the relay in trouble? */
    bool is_over;              /* there is nothing to hand over: it only has to be settled */
    bool was_run;              /* a sender has come to it */
    bool was_asked;            /* it came as far as the other side */
    enum delivery delivery;
    struct delivery_reply reply;
    struct message_ending ending;
    /* what came of it */
    bool settled; /* as the ending says; else it is still claimed, or lost to somebody else */
};

/* Right before they are run: whether they are still true, and push targets still there. Those that
 * are not, are over. One that cannot be looked at is put off by itself. Failures are those of the
 * database (db/db.h). */
enum outcome errands_look(struct work *work, struct errand *const *errands, size_t count);

/* Write the letter and hand it over, outside any transaction. What is remembered of it lives in the
 * work's arena. */
void errand_run(struct errand *errand, struct work *work, struct courier *courier);

/* Whether the relay turned out to be away: then what is claimed must be given back, because of
 * errand->reply.detail. */
bool errand_found_relay_away(const struct errand *errand);

/* Email: whether it is known now that the relay is there. */
bool errand_reached_relay(const struct errand *errand);
/* Else it is to be given back as if it had not been tried. */
bool errand_was_attempt(const struct errand *errand);

/* Whether both are to the same person, through the same channel. */
bool errand_same_person(const struct errand *one, const struct errand *other);

/* Write down how they ended, in one transaction. Those that were no attempt are left: they are to
 * be given back. When it cannot be, each is settled by itself, so that one that cannot be settled
 * harms itself alone: it keeps its lease until that runs out. Failures are those that concern all.
 */
enum outcome errands_settle(struct work *work, struct errand *const *errands, size_t count);

/* Messages that a dead sender left behind: back to the queue and due at once, or given up after as
 * many attempts as there may be. */
enum outcome errands_reclaim(struct work *work);

#endif
