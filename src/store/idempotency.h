/* SPDX-License-Identifier: MIT */
/* Answers kept for whoever repeats a request under the same Idempotency-Key. */
#ifndef MENTORWATCH_STORE_IDEMPOTENCY_H
#define MENTORWATCH_STORE_IDEMPOTENCY_H

#include "base/outcome.h"
#include "base/record.h"

#include <stdbool.h>
#include <stdint.h>

struct work;

/* A request under its key. */
struct keyed_request {
    const char *scope; /* route and caller: the same key means nothing elsewhere */
    const char *key;
    const char *content; /* path and body, to tell a repetition from another request */
};

struct kept_answer {
    int64_t status; /* 0: the request has not ended */
    bool pending;   /* its answer may still change: it is delivering its messages */
    const char *location;
    const char *body;
    bool same; /* the content is the same */
    bool old;  /* kept for a day, or left behind by a process that died: it counts no more */
};

/* Take the key for this transaction. *out is NULL for a new request, which is now noted as running;
 * otherwise the answer to the first one. CONFLICT: another transaction holds the key. */
enum outcome idempotency_take(struct kept_answer **out, struct work *work,
                              const struct keyed_request *request);
/* Keep the answer; a pending one counts from pending_seconds on, if no other is kept until then. */
enum outcome idempotency_keep(struct work *work, const struct keyed_request *request,
                              const struct kept_answer *answer, int64_t pending_seconds);
/* The request failed without effect: the key is free again. */
enum outcome idempotency_release(struct work *work, const struct keyed_request *request);
/* Remove up to a thousand that are older than a day; *removed says how many. */
enum outcome idempotency_purge(int64_t *removed, struct work *work);

#endif
