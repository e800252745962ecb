/* SPDX-License-Identifier: MIT */
#include "api/pause_dispatch.h"

#include "api/check.h"
#include "base/arena.h"
#include "base/work.h"
#include "http/request.h"
#include "jobs/pausing.h"
#include "model/dispatch.h"
#include "notify/outbox.h"
#include "store/certification.h"
#include "store/directory.h"
#include "store/message.h"
#include "store/pause.h"

/* What was ordered, for the answer that is made after the delivery. */
struct pending {
    struct dispatch dispatch;
    const struct record *shown;
    struct list messages; /* their numbers */
};

static enum outcome finish(struct request *request)
{
    struct pending *pending = request->unfinished;
    struct list fates;

    TRY(message_fates(&fates, request->work, pending->messages));
    pending->dispatch.notifications_dispatched =
        dispatched_notifications(request->work->arena, fates);
    return reply(request, pending->shown, &pending->dispatch);
}

static enum outcome reply_dispatched(struct request *request, const struct record *shown)
{
    struct work *work = request->work;
    const struct dispatch_order *order = request->input;
    struct pending *pending = arena_alloc(work->arena, sizeof(*pending));

    *pending = (struct pending){
        .dispatch = {.mentor_id = order->mentor_id,
                     .days_remaining = order->days_remaining,
                     .dispatched_at = work->now},
        .shown = shown,
        .messages = work->enqueued,
    };
    return reply_later(request, finish, pending);
}

enum outcome dispatch_check(struct request *request)
{
    const struct dispatch_order *order = request->input;

    if (order->expiry_date.ms > request->work->now.ms) {
        fault(request->work, "expiry_date", "lies in the future: nothing has expired yet");
    }
    return check_mentor(request, order->mentor_id);
}

enum outcome dispatch_pause_activated(struct request *request)
{
    const struct dispatch_order *order = request->input;
    const struct manual_pause pause = {.reason = order->pause_reason,
                                       .expected_return_date = order->expected_return_date};
    struct mentor *mentor;
    struct pause_event *event;

    TRY(mentor_find(&mentor, request->work, order->mentor_id));
    TRY(pause_activate(&event, request->work, mentor, &pause));
    request_is_about(request, event->id);
    return reply_dispatched(request, &dispatch);
}

enum outcome dispatch_pause_lifted(struct request *request)
{
    const struct dispatch_order *order = request->input;
    struct mentor *mentor;
    struct pause_event *event;

    TRY(mentor_find(&mentor, request->work, order->mentor_id));
    TRY(pause_deactivate(&event, request->work, mentor, &(struct manual_pause){0}));
    request_is_about(request, event->id);
    return reply_dispatched(request, &dispatch);
}

/* The certification of the mentor that the order can only mean: the one that ends on that day.
 * Where there is none, people are told without its name. */
static enum outcome find_by_day(struct message_about *about, struct work *work,
                                const char *mentor_id, struct instant day)
{
    struct list certifications;

    TRY(certification_of_mentor(&certifications, work, mentor_id));
    const struct certification *items = certifications.items;
    for (size_t i = 0; i < certifications.count; i++) {
        if (!instant_given(items[i].revoked_at) && days_between(items[i].expires_at, day) == 0) {
            about->certification_id = items[i].certification_id;
            about->facts.certification_type = items[i].certification_type;
        }
    }
    about->facts.expires_at = day;
    return OK;
}

enum outcome dispatch_cert_expiry(struct request *request)
{
    struct work *work = request->work;
    const struct dispatch_order *order = request->input;
    struct message_about about = {0};
    struct mentor *mentor;

    TRY(mentor_find(&mentor, work, order->mentor_id));
    TRY(find_by_day(&about, work, order->mentor_id, order->expiry_date));
    TRY(pause_is_open(&about.facts.paused, work, order->mentor_id));
    TRY(message_enqueue(work, MESSAGE_CERTIFICATION_EXPIRED, mentor, TO_BOTH, &about));
    request_is_about(request, order->mentor_id);
    return reply_dispatched(request, &dispatch);
}

enum outcome dispatch_cert_expiry_reminder(struct request *request)
{
    struct work *work = request->work;
    const struct dispatch_order *order = request->input;
    struct message_about about = {.facts = {.days_remaining = order->days_remaining}};
    struct mentor *mentor;

    TRY(mentor_find(&mentor, work, order->mentor_id));
    TRY(find_by_day(&about, work, order->mentor_id,
                    instant_plus(work->now, order->days_remaining * MS_PER_DAY)));
    TRY(message_enqueue(work, MESSAGE_CERTIFICATION_EXPIRING, mentor, TO_MENTOR, &about));
    request_is_about(request, order->mentor_id);
    return reply_dispatched(request, &dispatch_reminder);
}
