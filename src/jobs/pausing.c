/* SPDX-License-Identifier: MIT */
#include "jobs/pausing.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/id.h"
#include "base/text.h"
#include "base/work.h"
#include "notify/outbox.h"
#include "store/certification.h"
#include "store/directory.h"
#include "store/pause.h"

#include <string.h>

static const char EVENT_PREFIX[] = "pn_";

/* An event of now, to be announced. */
static struct pause_event *event_named(struct work *work, const char *id,
                                       const struct mentor *mentor, const char *event_type,
                                       const char *reason)
{
    struct pause_event *event = arena_alloc(work->arena, sizeof(*event));

    *event = (struct pause_event){
        .id = id,
        .peer_mentor_id = mentor->mentor_id,
        .coordinator_id = mentor->coordinator_id,
        .event_type = event_type,
        .effective_date = work->now,
        .reason = reason,
        .created_at = work->now,
        .updated_at = work->now,
    };
    return event;
}

static struct pause_event *event_new(struct work *work, const struct mentor *mentor,
                                     const char *event_type, const char *reason)
{
    return event_named(work, id_new_hex(work->arena, EVENT_PREFIX), mentor, event_type, reason);
}

/* Tell both people of each event, and keep the events, which list how they were told. The orders
 * (struct message_order) and the events (struct announced_event) are in the same order. */
static enum outcome announce_all(struct work *work, struct list orders, struct list events)
{
    struct message_order *order = orders.items;
    struct announced_event *announced = events.items;

    TRY(messages_enqueue(work, orders));
    for (size_t i = 0; i < events.count; i++) {
        announced[i].notifications_sent = order[i].channels;
    }
    return pause_events_insert(work, events);
}

static struct message_order order_for(enum message_kind kind, const struct mentor *mentor,
                                      const struct message_about *about,
                                      const struct pause_event *event)
{
    struct message_order order = {
        .kind = kind, .mentor = mentor, .recipients = TO_BOTH, .about = *about};

    order.about.event_id = event->id;
    return order;
}

static enum outcome announce(struct work *work, enum message_kind kind, const struct mentor *mentor,
                             const struct message_about *about, struct pause_event *event)
{
    struct message_order order = order_for(kind, mentor, about, event);
    struct announced_event announced = {.event = event};

    return announce_all(work, (struct list){.items = &order, .count = 1},
                        (struct list){.items = &announced, .count = 1});
}

static enum outcome announce_expiries(struct work *work, struct list due)
{
    const struct due_pause *pause = due.items;
    struct message_order *orders = arena_array(work->arena, due.count, sizeof(*orders));
    struct announced_event *events = arena_array(work->arena, due.count, sizeof(*events));
    struct id_series ids = id_series_hex(EVENT_PREFIX);

    for (size_t i = 0; i < due.count; i++) {
        struct message_about about = message_about(pause[i].certification);
        about.facts.unwarned = !pause[i].warned;
        about.facts.paused = true;
        events[i].event = event_named(work, id_next(work->arena, &ids), pause[i].mentor,
                                      PAUSE_ACTIVATED, pause[i].reason);
        orders[i] =
            order_for(MESSAGE_CERTIFICATION_EXPIRED, pause[i].mentor, &about, events[i].event);
    }
    return announce_all(work, (struct list){.items = orders, .count = due.count},
                        (struct list){.items = events, .count = due.count});
}

static struct list mentors_of(struct arena *arena, struct list due)
{
    const struct due_pause *pause = due.items;
    struct list ids = {.items = arena_array(arena, due.count, sizeof(const char *)),
                       .count = due.count};

    for (size_t i = 0; i < ids.count; i++) {
        ((const char **)ids.items)[i] = pause[i].mentor->mentor_id;
    }
    return text_distinct(arena, ids);
}

static bool is_superseded(const struct certified_pause *open, struct list due)
{
    const struct due_pause *pause = due.items;
    const struct certification cause = {.mentor_id = open->mentor_id,
                                        .certification_type = open->certification_type,
                                        .expires_at = open->expires_at};
    bool superseded = false;

    for (size_t i = 0; i < due.count && !superseded; i++) {
        superseded = certification_is_superseded_by(&cause, pause[i].certification);
    }
    return superseded;
}

/* Close the pauses of those certifications that these supersede and whose place they take. */
static enum outcome hand_over(struct work *work, struct list due)
{
    struct list open;
    struct list over = {0};

    TRY(pauses_of_certifications(&open, work, mentors_of(work->arena, due)));
    const struct certified_pause *pause = open.items;
    for (size_t i = 0; i < open.count; i++) {
        if (is_superseded(&pause[i], due)) {
            *(struct pause *)list_append(&over, work->arena, sizeof(struct pause)) =
                (struct pause){.seq = pause[i].seq, .certification_id = pause[i].certification_id};
        }
    }
    return pauses_close(work, over, PAUSE_SUPERSEDED);
}

enum outcome pause_for_expiries(struct work *work, struct list due)
{
    TRY(hand_over(work, due));
    TRY(pauses_open(work, due));
    return announce_expiries(work, due);
}

enum outcome pause_activate(struct pause_event **out, struct work *work,
                            const struct mentor *mentor, const struct manual_pause *order)
{
    struct message_about about = {
        .facts = {.reason = order->reason,
                  .expected_return_date = order->expected_return_date,
                  .manual = true},
    };

    *out = event_new(work, mentor, PAUSE_ACTIVATED, order->reason);
    if (instant_given(order->effective_date)) {
        (*out)->effective_date = order->effective_date;
    }
    TRY(mentor_lock(work, mentor->mentor_id));
    TRY(pause_open_manual(work, mentor->mentor_id, order->reason, order->expected_return_date));
    return announce(work, MESSAGE_PAUSE_ACTIVATED, mentor, &about, *out);
}

enum outcome pause_deactivate(struct pause_event **out, struct work *work,
                              const struct mentor *mentor, const struct manual_pause *order)
{
    struct message_about about = {
        .facts = {.reason = order->reason, .manual = true}
    };

    *out = event_new(work, mentor, PAUSE_DEACTIVATED, order->reason);
    if (instant_given(order->effective_date)) {
        (*out)->effective_date = order->effective_date;
    }
    TRY(mentor_lock(work, mentor->mentor_id));
    TRY(pause_close_manual(work, mentor->mentor_id));
    TRY(pause_is_open(&about.facts.paused, work, mentor->mentor_id));
    return announce(work, MESSAGE_PAUSE_LIFTED, mentor, &about, *out);
}

static const char *lifting_reason(struct arena *arena, const struct certification *certification,
                                  enum pause_end end)
{
    return arena_printf(arena, "Certification %s %s", certification->certification_type,
                        end == PAUSE_REMOVED ? "removed" : "renewed");
}

static enum outcome lift(struct work *work, const struct mentor *mentor, struct pause *pause,
                         const struct certification *certification, enum pause_end end)
{
    const char *reason = lifting_reason(work->arena, certification, end);
    struct message_about about = message_about(certification);

    about.facts.removed = end == PAUSE_REMOVED;
    TRY(pauses_close(work, (struct list){.items = pause, .count = 1}, end));
    TRY(pause_is_open(&about.facts.paused, work, mentor->mentor_id));
    return announce(work, MESSAGE_PAUSE_LIFTED, mentor, &about,
                    event_new(work, mentor, PAUSE_DEACTIVATED, reason));
}

/* A mentor who has left the directory cannot be told, but the pause is lifted all the same. */
static enum outcome lift_if_listed(struct work *work, struct pause *pause,
                                   const struct certification *certification, enum pause_end end)
{
    struct mentor *mentor;
    const enum outcome listed = mentor_find(&mentor, work, certification->mentor_id);

    if (listed == NOT_FOUND) {
        return pauses_close(work, (struct list){.items = pause, .count = 1}, end);
    }
    TRY(listed);
    return lift(work, mentor, pause, certification, end);
}

static const struct certification *find_by_id(const struct list *certifications, const char *id)
{
    const struct certification *items = certifications->items;

    for (size_t i = 0; i < certifications->count; i++) {
        if (strcmp(items[i].certification_id, id) == 0) {
            return &items[i];
        }
    }
    return NULL;
}

enum outcome pause_review_open(struct work *work, const char *mentor_id, struct list pauses)
{
    struct list certifications;

    if (pauses.count == 0) {
        return OK;
    }
    TRY(certification_of_mentor(&certifications, work, mentor_id));
    struct pause *open = pauses.items;
    for (size_t i = 0; i < pauses.count; i++) {
        const struct certification *cause = find_by_id(&certifications, open[i].certification_id);
        if (cause == NULL) {
            continue;
        }
        const enum pause_end end = pause_end_of(cause, certifications.items, certifications.count,
                                                work->now, work->settings->jobs.grace_days);
        if (end != PAUSE_STANDS) {
            TRY(lift_if_listed(work, &open[i], cause, end));
        }
    }
    return OK;
}

enum outcome pause_review(struct work *work, const char *mentor_id)
{
    struct list pauses;

    TRY(pause_open_of_mentor(&pauses, work, mentor_id));
    return pause_review_open(work, mentor_id, pauses);
}

enum outcome pause_release(struct work *work, const struct certification *certification)
{
    struct list pauses;

    TRY(pause_open_of_mentor(&pauses, work, certification->mentor_id));
    struct pause *open = pauses.items;
    for (size_t i = 0; i < pauses.count; i++) {
        if (strcmp(open[i].certification_id, certification->certification_id) == 0) {
            TRY(lift_if_listed(work, &open[i], certification, PAUSE_REMOVED));
        }
    }
    return pause_forget_certification(work, certification->certification_id);
}
