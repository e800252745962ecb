/* SPDX-License-Identifier: MIT */
#include "notify/facts.h"

#include "base/arena.h"
#include "base/work.h"
#include "wire/json.h"

#include <string.h>

static enum outcome find(struct message_facts *out, struct work *work,
                         const struct message *message)
{
    if (message->known_facts != NULL) {
        *out = *message->known_facts;
        return OK;
    }
    *out = (struct message_facts){0};
    return json_read(out, work, &message_facts, NULL, message->facts, strlen(message->facts), NULL);
}

enum outcome facts_read(struct message_facts *out, struct work *work, const struct message *message)
{
    TRY(find(out, work, message));
    if (instant_given(out->expires_at)) {
        out->days_remaining = days_between(work->now, out->expires_at);
        out->expired = out->expires_at.ms <= work->now.ms;
    }
    return OK;
}

void facts_know(struct message *message, struct work *work)
{
    struct message_facts *facts = arena_alloc(work->arena, sizeof(*facts));

    if (find(facts, work, message) == OK) {
        message->known_facts = facts;
    } else {
        work->failure = (struct failure){0};
    }
}
