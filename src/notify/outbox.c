/* SPDX-License-Identifier: MIT */
#include "notify/outbox.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/text.h"
#include "base/work.h"
#include "store/message.h"
#include "wire/json.h"

enum { MOST_RECIPIENTS = 2 };

struct recipient {
    const char *role;    /* as the outbox says it */
    const char *channel; /* as notifications_sent says it */
    struct person person;
};

static enum outcome enqueue_one(struct work *work, enum message_kind kind,
                                const struct mentor *mentor, const struct message_about *about,
                                const struct recipient *recipient)
{
    const struct message_facts facts = {
        .recipient_name = recipient->person.name,
        .mentor_name = mentor->name,
        .mentor_id = mentor->mentor_id,
        .coordinator_name = mentor->coordinator_name,
        .certification_type = about->certification->certification_type,
        .expires_at = about->certification->expires_at,
        .unwarned = about->unwarned,
        .still_paused = about->still_paused,
        .removed = about->removed,
    };
    const struct message_new message = {
        .kind = kind,
        .recipient_role = recipient->role,
        .recipient_id = recipient->person.id,
        .recipient_name = recipient->person.name,
        .address = recipient->person.email,
        .language = recipient->person.language != NULL ? recipient->person.language
                                                       : work->settings->notify.language,
        .mentor_id = mentor->mentor_id,
        .certification_id = about->certification->certification_id,
        .event_id = about->event_id,
        .facts = json_write(work->arena, &message_facts, &facts),
    };
    int64_t seq;

    TRY(message_insert(&seq, work, &message));
    if (message.address != NULL) {
        *(int64_t *)list_append(&work->enqueued, work->arena, sizeof(seq)) = seq;
    }
    return OK;
}

enum outcome message_enqueue(const char **channels, struct work *work, enum message_kind kind,
                             const struct mentor *mentor, const struct message_about *about)
{
    const struct recipient recipients[MOST_RECIPIENTS] = {
        {"coordinator", "coordinator_email", mentor_coordinator(mentor)},
        {"mentor",      "peer_mentor_email", mentor_person(mentor)     },
    };
    struct text used = text_in(work->arena);

    for (size_t i = 0; i < MOST_RECIPIENTS; i++) {
        if (recipients[i].person.id == NULL) {
            continue;
        }
        TRY(enqueue_one(work, kind, mentor, about, &recipients[i]));
        if (recipients[i].person.email != NULL) {
            text_add(&used, used.length > 0 ? "," : "");
            text_add(&used, recipients[i].channel);
        }
    }
    *channels = text_done(&used);
    return OK;
}
