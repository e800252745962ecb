/* SPDX-License-Identifier: MIT */
/* Hands one push message at a time to its target, by HTTP. */
#ifndef MENTORWATCH_NOTIFY_PUSH_H
#define MENTORWATCH_NOTIFY_PUSH_H

#include "base/outcome.h"
#include "model/message.h"
#include "notify/delivery.h"
#include "notify/http_client.h"
#include "notify/letter.h"

#include <stdint.h>

struct settings;
struct work;

/* Whom push messages may go to. */
struct http_rules push_rules(const struct settings *settings);

/* Reused connections; one thread at a time. */
struct pusher;

struct pusher *pusher_new(const struct settings *settings); /* settings must outlive it */
void pusher_free(struct pusher *pusher);

/* Send within timeout_ms. Never RELAY_AWAY: each target answers for itself. *reply lives in the
 * work's arena. */
enum delivery pusher_send(struct pusher *pusher, struct work *work, const struct message *message,
                          const struct letter *letter, int64_t timeout_ms,
                          struct delivery_reply *reply);

#endif
