/* SPDX-License-Identifier: MIT */
/* Puts messages into the outbox, in the transaction of what caused them. */
#ifndef MENTORWATCH_NOTIFY_OUTBOX_H
#define MENTORWATCH_NOTIFY_OUTBOX_H

#include "base/outcome.h"
#include "model/certification.h"
#include "model/message.h"
#include "model/person.h"

struct work;

/* What a message is about, beside the mentor. */
struct message_about {
    const struct certification *certification;
    const char *event_id;
    bool unwarned;
    bool still_paused;
    bool removed;
};

/* One message to the mentor and one to the coordinator, if there is one. *channels gets what was
 * used: "coordinator_email,peer_mentor_email". Somebody without an address gets a message that has
 * failed already, so that it can be seen. Their numbers join work->enqueued. */
enum outcome message_enqueue(const char **channels, struct work *work, enum message_kind kind,
                             const struct mentor *mentor, const struct message_about *about);

#endif
