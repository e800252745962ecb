/* SPDX-License-Identifier: MIT */
/* A message as the operator sees it. */
#ifndef MENTORWATCH_MODEL_OUTBOX_ITEM_H
#define MENTORWATCH_MODEL_OUTBOX_ITEM_H

#include "base/clock.h"
#include "base/outcome.h"
#include "base/record.h"

#include <stdbool.h>
#include <stdint.h>

struct work;

struct outbox_item {
    int64_t seq;
    const char *id; /* "msg-00940" */
    const char *state;
    const char *kind;
    const char *channel;
    const char *to; /* who, by the directory's id; addresses are not shown */
    int64_t attempts;
    struct instant next_attempt_at; /* absent: none is to come */
    const char *why;                /* what is wrong; NULL: nothing */
    const char *event_id;
    bool has_address;
};
extern const struct record outbox_item_row; /* a database row */
extern const struct record outbox_item;     /* as it is shown */

/* What the operator may do to a message. */
enum outbox_deed { OUTBOX_RETRY, OUTBOX_HOLD, OUTBOX_RELEASE };

/* Note as a fault why that cannot be done to this message, if it cannot. */
void outbox_item_check(struct work *work, const struct outbox_item *item, enum outbox_deed deed);

#endif
