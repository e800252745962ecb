/* SPDX-License-Identifier: MIT */
#include "notify/facts.h"

#include "base/work.h"
#include "wire/json.h"

#include <string.h>

enum outcome facts_read(struct message_facts *out, struct work *work, const struct message *message)
{
    *out = (struct message_facts){0};
    TRY(json_read(out, work, &message_facts, NULL, message->facts, strlen(message->facts), NULL));
    if (instant_given(out->expires_at)) {
        out->days_remaining = days_between(work->now, out->expires_at);
        out->expired = out->expires_at.ms <= work->now.ms;
    }
    return OK;
}
