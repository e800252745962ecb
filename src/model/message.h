/* SPDX-License-Identifier: MIT */
/* What the outbox holds: a message to one person through one channel. */
#ifndef MENTORWATCH_MODEL_MESSAGE_H
#define MENTORWATCH_MODEL_MESSAGE_H

#include "base/clock.h"
#include "base/record.h"

#include <stdbool.h>
#include <stdint.h>

enum message_kind {
    MESSAGE_CERTIFICATION_EXPIRED,
    MESSAGE_PAUSE_LIFTED,
    MESSAGE_KINDS,
};

/* The name under which the database and the template folder know a kind. */
const char *message_kind_name(enum message_kind kind);

/* What a template can say. */
struct message_facts {
    const char *recipient_name;
    const char *mentor_name;
    const char *mentor_id;
    const char *coordinator_name; /* NULL: nobody is responsible */
    const char *certification_type;
    struct instant expires_at;
    bool unwarned;     /* the pause came without a warning delivered before it */
    bool still_paused; /* another pause of the mentor stays open */
    bool removed;      /* the certification was removed, not renewed */
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
    const char *facts; /* JSON */
    struct instant created_at;
};
extern const struct record message_row;

#endif
