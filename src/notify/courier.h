/* SPDX-License-Identifier: MIT */
/* Writes letters and hands them over. What one thread needs for that: a connection to the mail
 * relay and one to push targets, kept. It asks nothing of the database. */
#ifndef MENTORWATCH_NOTIFY_COURIER_H
#define MENTORWATCH_NOTIFY_COURIER_H

#include "base/outcome.h"
#include "model/message.h"
#include "model/person.h"
#include "notify/delivery.h"

struct arena;
struct settings;
struct work;

struct courier;
struct courier *courier_new(const struct settings *settings); /* settings must outlive it */
void courier_free(struct courier *courier);

/* Messages that are handed over from here on read each template once, into this arena, until the
 * next call; before the first one, and with NULL, each time. The arena must last as long. */
void courier_keep_templates(struct courier *courier, struct arena *arena);

/* One message, with the ordinary timeouts. One that cannot be written is put off; *reply says why.
 */
enum delivery courier_hand_over(struct courier *courier, struct work *work, enum channel channel,
                                const struct message *message, struct delivery_reply *reply);

#endif
