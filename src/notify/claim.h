/* SPDX-License-Identifier: MIT */
/* Takes messages in hand, in a transaction of its own: from then on no other sender touches them,
 * in the whole installation, until they are settled or their lease runs out. */
#ifndef MENTORWATCH_NOTIFY_CLAIM_H
#define MENTORWATCH_NOTIFY_CLAIM_H

#include "base/outcome.h"
#include "base/record.h"
#include "model/person.h"

#include <stdbool.h>
#include <stdint.h>

struct settings;
struct work;

struct claim {
    enum channel channel;
    bool probe;    /* try a relay even while it is paused, with one message */
    bool no_email; /* claim_one(): leave it if it is an email */
    bool beside;   /* claim_due(): others are in hand, so nothing that has to be alone */
    /* what came of it */
    const char *token;
    struct list messages; /* struct message, lowest first */
    bool more;            /* claim_due(): there may be others that could be claimed as well */
    bool alone;           /* claim_due(): it is one that must be claimed alone */
    bool paused;          /* nothing was claimed, because nobody tries the relay now */
    bool not_yet;         /* claim_one(): an earlier one to the same person comes first */
    bool capped;          /* less was claimed, because this hour's mails are used up */
    bool in_trouble;      /* the relay did not answer the last time */
    int64_t until_ms;     /* by the monotonic clock: begin no message later, give it back */
};

enum { HANDFUL = 10 };

/* Up to `most` of those that are due, and no more than a handful to the same person. Lowest number
 * first, and each person's in order. What was tried in vain several times waits until nothing else
 * is due, and is then claimed alone: should it be what kills the senders, it kills no other
 * message's. Where mails an hour are limited, what is not a reminder goes first. */
enum outcome claim_due(struct claim *claim, struct work *work, int64_t most);
/* This one, if its turn has come; claim->channel is found out. */
enum outcome claim_one(struct claim *claim, struct work *work, int64_t seq);

/* Give back those of its messages (int64_t) that have not been settled, as if they had not been
 * tried. reason (may be NULL): what the relay's way is paused for. */
enum outcome claim_release(struct work *work, const struct claim *claim, struct list numbers,
                           const char *reason);

#endif
