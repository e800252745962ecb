/* SPDX-License-Identifier: MIT */
/* Puts messages into the outbox, in the transaction of what caused them. */
#ifndef MENTORWATCH_NOTIFY_OUTBOX_H
#define MENTORWATCH_NOTIFY_OUTBOX_H

#include "base/outcome.h"
#include "model/certification.h"
#include "model/message.h"
#include "model/person.h"

struct work;

enum recipients {
    TO_MENTOR = 1 << 0,
    TO_COORDINATOR = 1 << 1,
    TO_BOTH = TO_MENTOR | TO_COORDINATOR
};

/* What a message is about, beside the mentor. */
struct message_about {
    struct message_facts facts;   /* without the names */
    const char *certification_id; /* NULL: none */
    const char *event_id;         /* the pause event or the reminder; NULL: none */
    const char *channel;          /* this one; NULL: those that each recipient prefers */
};

/* … about this certification and its expiry. */
struct message_about message_about(const struct certification *certification);

/* An order to tell people something. */
struct message_order {
    enum message_kind kind;
    const struct mentor *mentor; /* as mentor_find() gives one */
    enum recipients recipients;
    struct message_about about;
    const char *channels; /* what was used, once enqueued: "coordinator_email,peer_mentor_push" */
};

/* For each order (struct message_order) a message to each recipient, where there is one, through
 * each of his or her channels. Somebody without an address gets a message that has failed already,
 * so that it can be seen. The numbers of all messages join work->enqueued, each mentor's after the
 * coordinator's, unless nobody waits for them (work->unattended). */
enum outcome messages_enqueue(struct work *work, struct list orders);
/* One order. */
enum outcome message_enqueue(struct work *work, enum message_kind kind, const struct mentor *mentor,
                             enum recipients recipients, const struct message_about *about);

#endif
