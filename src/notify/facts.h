/* SPDX-License-Identifier: MIT */
/* What a message of the outbox knows. */
#ifndef MENTORWATCH_NOTIFY_FACTS_H
#define MENTORWATCH_NOTIFY_FACTS_H

#include "base/outcome.h"
#include "model/message.h"

struct work;

/* The facts of the message. What they tell of days is true at work->now, however long the message
 * has waited; in_days is for whoever knows the reader's language. */
enum outcome facts_read(struct message_facts *out, struct work *work,
                        const struct message *message);

/* Read them now for whoever asks later: message->known_facts, in the work's arena. Where they
 * cannot be read, each who asks finds that out. */
void facts_know(struct message *message, struct work *work);

#endif
