/* SPDX-License-Identifier: MIT */
/* Idempotency-Key on POST: the same key and body get the first answer again, and the effect
 * happens once. The key is taken and the answer kept in the transaction of the effect itself; a
 * route that begins its own transactions takes the key before and keeps the answer after them. */
#ifndef MENTORWATCH_HTTP_IDEMPOTENCY_H
#define MENTORWATCH_HTTP_IDEMPOTENCY_H

#include "base/outcome.h"

#include <stdbool.h>

struct request;

/* Read the header into request->idempotency_key. MALFORMED: it will not do. */
enum outcome idempotency_open(struct request *request);

/* In a transaction: take the key, or make the first answer this one (request->replayed). CONFLICT:
 * the first request is still running. INVALID: it was another request. */
enum outcome idempotency_begin(struct request *request);
/* In a transaction: keep the answer. One that is not final is told to nobody else before the final
 * one is kept, or the request must have died. */
enum outcome idempotency_end(struct request *request, bool final);
/* In a transaction: the request had no effect. */
enum outcome idempotency_give_up(struct request *request);

#endif
