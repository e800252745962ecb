/* SPDX-License-Identifier: MIT */
/* What the outbox holds: a message to one person through one channel. */
#ifndef MENTORWATCH_MODEL_MESSAGE_H
#define MENTORWATCH_MODEL_MESSAGE_H

#include "base/clock.h"
#include "base/record.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

enum message_kind {
    MESSAGE_CERTIFICATION_EXPIRED,
    MESSAGE_CERTIFICATION_EXPIRING,
    MESSAGE_PAUSE_ACTIVATED,
    MESSAGE_PAUSE_LIFTED,
    MESSAGE_KINDS,
};

/* The name under which the database and the template folder know a kind. */
const char *message_kind_name(enum message_kind kind);

/* What a template can say. The names are filled in for each recipient. */
struct message_facts {
    const char *recipient_name;
    const char *mentor_name;
    const char *mentor_id;
    const char *coordinator_name;   /* NULL: nobody is responsible */
    const char *certification_type; /* NULL: not known */
    struct instant expires_at;
    int64_t days_remaining;
    const char *reason;                  /* of a pause; NULL: none was given */
    struct instant expected_return_date; /* absent: not known */
    bool unwarned;                       /* the pause came without a warning delivered before it */
    bool manual;                         /* the pause was not for a certification */
    bool paused;                         /* the mentor is paused now, for whatever reason */
    bool removed;                        /* the certification was removed, not renewed */
};
extern const struct record message_facts;

/* A message as a sender has it in hand. */
struct message {
    int64_t seq;
    const char *delivery_id;
    const char *kind;
    const char *recipient_role;
    const char *recipient_name;
    const char *address;
    const char *language;
    const char *event_id; /* the pause event or the reminder that it tells of; NULL: none */
    const char *facts;    /* JSON */
    struct instant created_at;
};
extern const struct record message_row;

/* What became of a message, for whoever caused it. */
struct message_fate {
    int64_t seq;
    const char *recipient_role;
    const char *recipient_id;
    const char *channel;
    const char *state;
    struct instant sent_at;
};
extern const struct record message_fate_row;

/* "msg-00940" */
const char *message_id(struct arena *arena, int64_t seq);

/* One of three words for a state of the outbox: whether the message has gone out (by the contract's
 * own word for it, "sent" or "delivered"), "failed", or "queued". */
const char *message_status(const struct message_fate *fate, const char *gone_out);

#endif
