/* SPDX-License-Identifier: MIT */
/* A push message after Standard Webhooks (https://www.standardwebhooks.com): a JSON body, and three
 * headers by which the receiver knows that it is from us, that it is new, and that it did not come
 * before. */
#ifndef MENTORWATCH_NOTIFY_WEBHOOK_H
#define MENTORWATCH_NOTIFY_WEBHOOK_H

#include "base/record.h"
#include "model/message.h"
#include "notify/letter.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct http_post;

/* One signing key for each word of push.secret. */
struct webhook_keys {
    struct arena *arena; /* holds them */
    struct list keys;    /* struct signature_key */
    bool incomplete;     /* of a word none could be made, as where there is no memory */
};

/* Read the keys; end them with webhook_keys_close(). None: there is no secret. */
struct webhook_keys webhook_keys_open(const char *secrets);
void webhook_keys_close(const struct webhook_keys *keys);

/* "v1,…", one for each key, a space between: over "id.timestamp.body". NULL: there was no memory
 * for one of them. */
const char *webhook_signature(struct arena *arena, const struct webhook_keys *keys, const char *id,
                              int64_t timestamp, const char *body);

/* Headers and body. The id is the message's own, and so the same each time that it is tried.
 * False: it could not be signed. */
bool webhook_write(struct http_post *out, struct arena *arena, const struct webhook_keys *keys,
                   const struct message *message, const struct letter *letter);

#endif
