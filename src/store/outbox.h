/* SPDX-License-Identifier: MIT */
/* Every statement about the outbox that the operator asks for. */
#ifndef MENTORWATCH_STORE_OUTBOX_H
#define MENTORWATCH_STORE_OUTBOX_H

#include "base/outcome.h"
#include "base/record.h"
#include "model/outbox_item.h"

struct work;

/* What is in that state, lowest number first (struct outbox_item); NULL: in any but the two that
 * need nobody's attention any more, sent and superseded. */
enum outcome outbox_list(struct list *out, struct work *work, const char *state, int64_t limit);
/* This one, and nobody else changes it until the transaction ends. NOT_FOUND without a sentence. */
enum outcome outbox_find(struct outbox_item **out, struct work *work, int64_t seq);

/* All that failed and has an address, likewise locked (struct outbox_item). */
enum outcome outbox_list_failed(struct list *out, struct work *work);

/* Queued and due now, as if it had never been tried; the delivery id stays. */
enum outcome outbox_retry(struct work *work, int64_t seq); /* also what is held */
enum outcome outbox_hold(struct work *work, int64_t seq);
/* Of all that is queued, or held; *changed is how many there were. */
enum outcome outbox_hold_all(int64_t *changed, struct work *work);
enum outcome outbox_release_all(int64_t *changed, struct work *work);

#endif
