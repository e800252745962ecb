/* SPDX-License-Identifier: MIT */
#include "notify/outbox.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/text.h"
#include "base/work.h"
#include "store/message.h"
#include "store/push_target.h"
#include "wire/json.h"

struct recipient {
    enum recipients which;
    const char *role; /* as the outbox says it */
    const char *name; /* as notifications_sent says it */
    struct person person;
};

/* One order to tell people something. */
struct order {
    enum message_kind kind;
    const struct mentor *mentor;
    const struct message_about *about;
    struct text used;
};

static const char *facts_for(struct arena *arena, const struct order *order,
                             const struct person *person)
{
    struct message_facts facts = order->about->facts;

    facts.recipient_name = person->name;
    facts.mentor_name = order->mentor->name;
    facts.mentor_id = order->mentor->mentor_id;
    facts.coordinator_name = order->mentor->coordinator_name;
    return json_write(arena, &message_facts, &facts);
}

static enum outcome enqueue_one(struct work *work, struct order *order,
                                const struct recipient *recipient, const struct address *address)
{
    const struct person *person = &recipient->person;
    const struct message_new message = {
        .kind = order->kind,
        .recipient_role = recipient->role,
        .recipient_id = person->id,
        .recipient_name = person->name,
        .address = *address,
        .language = person->language != NULL ? person->language : work->settings->notify.language,
        .mentor_id = order->mentor->mentor_id,
        .certification_id = order->about->certification_id,
        .event_id = order->about->event_id,
        .facts = facts_for(work->arena, order, person),
    };
    int64_t seq;

    TRY(message_insert(&seq, work, &message));
    *(int64_t *)list_append(&work->enqueued, work->arena, sizeof(seq)) = seq;
    if (address->reachable) {
        text_add_format(&order->used, "%s%s_%s", order->used.length > 0 ? "," : "", recipient->name,
                        channel_words[address->channel]);
    }
    return OK;
}

/* A target that has ended is as good as none. */
static enum outcome forget_ended_target(struct person *person, struct work *work)
{
    bool ended = false;

    if (person->push_target != NULL) {
        TRY(push_target_has_ended(&ended, work, person->push_target));
    }
    if (ended) {
        person->push_target = NULL;
    }
    return OK;
}

static enum outcome enqueue_for(struct work *work, struct order *order, struct recipient *recipient)
{
    struct address addresses[CHANNELS];
    size_t count = 1;

    TRY(forget_ended_target(&recipient->person, work));
    if (order->about->channel != NULL) {
        addresses[0] = person_address(
            &recipient->person, (enum channel)text_index(channel_words, order->about->channel));
    } else {
        count = person_addresses(addresses, &recipient->person);
    }
    for (size_t i = 0; i < count; i++) {
        TRY(enqueue_one(work, order, recipient, &addresses[i]));
    }
    return OK;
}

struct message_about message_about(const struct certification *certification)
{
    return (struct message_about){
        .facts = {.certification_type = certification->certification_type,
                  .expires_at = certification->expires_at},
        .certification_id = certification->certification_id,
    };
}

enum outcome message_enqueue(const char **channels, struct work *work, enum message_kind kind,
                             const struct mentor *mentor, enum recipients recipients,
                             const struct message_about *about)
{
    struct recipient known[] = {
        {TO_COORDINATOR, "coordinator", "coordinator", mentor_coordinator(mentor)},
        {TO_MENTOR,      "mentor",      "peer_mentor", mentor_person(mentor)     },
    };
    struct order order = {
        .kind = kind, .mentor = mentor, .about = about, .used = text_in(work->arena)};

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if ((recipients & known[i].which) != 0 && known[i].person.id != NULL) {
            TRY(enqueue_for(work, &order, &known[i]));
        }
    }
    if (channels != NULL) {
        *channels = text_done(&order.used);
    }
    return OK;
}
