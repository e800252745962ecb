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

/* To whom a message is: "mentor", "coordinator"; NULL ends. */
extern const char *const recipient_roles[];

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
    bool ordered;                        /* somebody asked for this reminder */
    /* Not stored: true at the moment of writing only. */
    const char *in_days; /* how far off expires_at is, in words: "in 7 days"; NULL: not known */
    bool expired;        /* expires_at has passed */
};
extern const struct record message_facts; /* as the outbox keeps them */
extern const struct record letter_facts;  /* as templates know them */

/* A message as a sender has it in hand. */
struct message {
    int64_t seq;
    const char *delivery_id;
    const char *kind;
    const char *channel;
    const char *recipient_role;
    const char *recipient_id;
    const char *recipient_name;
    const char *address;
    const char *language;
    const char *mentor_id;
    const char *certification_id; /* NULL: none */
    const char *event_id;         /* the pause event or the reminder that it tells of; NULL: none */
    const char *facts;            /* JSON */
    const struct message_facts *known_facts; /* the same, once they were read; NULL: not yet */
    int64_t attempts;                        /* this one included */
    const char *lease_token;
    struct instant created_at;
};
extern const struct record message_row;

/* How an attempt ended. */
enum message_result {
    MESSAGE_SENT,
    MESSAGE_PUT_OFF,
    MESSAGE_UNKNOWN, /* the answer was lost: it may have arrived */
    MESSAGE_FAILED,
    MESSAGE_INTERRUPTED, /* the sender died */
    MESSAGE_SUPERSEDED,  /* it was no longer true, and was not sent */
};

extern const char *const message_result_words[]; /* as the database says them */
extern const char *const message_state_words[];  /* what a message may be; NULL ends */

/* What became of a message, for whoever caused it. */
struct message_fate {
    int64_t seq;
    const char *event_id; /* where many are asked for at once */
    const char *recipient_role;
    const char *recipient_id;
    const char *channel;
    const char *state;
    struct instant sent_at;
};
extern const struct record message_fate_row;

/* "msg-00940" */
const char *message_id(struct arena *arena, int64_t seq);
/* The number in it; 0: this is no such id. */
int64_t message_seq(struct arena *arena, const char *id);

/* One of three words for a state of the outbox: whether the message has gone out (by the contract's
 * own word for it, "sent" or "delivered"), "failed" when it never will, or "queued". */
const char *message_status(const struct message_fate *fate, const char *gone_out);

#endif
