/* SPDX-License-Identifier: MIT */
#include "notify/outbox.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/text.h"
#include "base/work.h"
#include "store/message.h"
#include "wire/json.h"

struct recipient {
    enum recipients which;
    const char *role; /* as the outbox says it */
    const char *name; /* as notifications_sent says it */
    struct person person;
};

/* Messages to be, and through which channels those of one order go. */
struct writing {
    struct work *work;
    struct list messages; /* struct message_new */
    struct text used;
};

static const char *facts_for(struct arena *arena, const struct message_order *order,
                             const struct person *person)
{
    struct message_facts facts = order->about.facts;

    facts.recipient_name = person->name;
    facts.mentor_name = order->mentor->name;
    facts.mentor_id = order->mentor->mentor_id;
    facts.coordinator_name = order->mentor->coordinator_name;
    return json_write(arena, &message_facts, &facts);
}

static void write_one(struct writing *writing, const struct message_order *order,
                      const struct recipient *recipient, const struct address *address)
{
    struct work *work = writing->work;
    const struct person *person = &recipient->person;
    struct message_new *message = list_append(&writing->messages, work->arena, sizeof(*message));

    *message = (struct message_new){
        .kind = order->kind,
        .recipient_role = recipient->role,
        .recipient_id = person->id,
        .recipient_name = person->name,
        .address = *address,
        .language = person->language != NULL ? person->language : work->settings->notify.language,
        .mentor_id = order->mentor->mentor_id,
        .certification_id = order->about.certification_id,
        .event_id = order->about.event_id,
        .facts = facts_for(work->arena, order, person),
    };
    if (address->reachable) {
        text_add_format(&writing->used, "%s%s_%s", writing->used.length > 0 ? "," : "",
                        recipient->name, channel_words[address->channel]);
    }
}

static void write_to(struct writing *writing, const struct message_order *order,
                     const struct recipient *recipient)
{
    struct address addresses[CHANNELS];
    size_t count = 1;

    if (order->about.channel != NULL) {
        addresses[0] = person_address(
            &recipient->person, (enum channel)text_index(channel_words, order->about.channel));
    } else {
        count = person_addresses(addresses, &recipient->person);
    }
    for (size_t i = 0; i < count; i++) {
        write_one(writing, order, recipient, &addresses[i]);
    }
}

static void write_all(struct writing *writing, struct message_order *order)
{
    const struct recipient known[] = {
        {TO_COORDINATOR, "coordinator", "coordinator", mentor_coordinator(order->mentor)},
        {TO_MENTOR,      "mentor",      "peer_mentor", mentor_person(order->mentor)     },
    };

    writing->used = text_in(writing->work->arena);
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if ((order->recipients & known[i].which) != 0 && known[i].person.id != NULL) {
            write_to(writing, order, &known[i]);
        }
    }
    order->channels = text_done(&writing->used);
}

struct message_about message_about(const struct certification *certification)
{
    return (struct message_about){
        .facts = {.certification_type = certification->certification_type,
                  .expires_at = certification->expires_at},
        .certification_id = certification->certification_id,
    };
}

enum outcome messages_enqueue(struct work *work, struct list orders)
{
    struct message_order *order = orders.items;
    struct writing writing = {.work = work};
    struct list numbers = {0};

    for (size_t i = 0; i < orders.count; i++) {
        write_all(&writing, &order[i]);
    }
    TRY(messages_insert(work->unattended ? NULL : &numbers, work, writing.messages));
    const int64_t *number = numbers.items;
    for (size_t i = 0; i < numbers.count; i++) {
        *(int64_t *)list_append(&work->enqueued, work->arena, sizeof(*number)) = number[i];
    }
    return OK;
}

enum outcome message_enqueue(struct work *work, enum message_kind kind, const struct mentor *mentor,
                             enum recipients recipients, const struct message_about *about)
{
    struct message_order order = {
        .kind = kind, .mentor = mentor, .recipients = recipients, .about = *about};

    return messages_enqueue(work, (struct list){.items = &order, .count = 1});
}
