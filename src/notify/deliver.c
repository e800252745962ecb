/* SPDX-License-Identifier: MIT */
#include "notify/deliver.h"

#include "base/config.h"
#include "base/log.h"
#include "base/work.h"
#include "notify/claim.h"
#include "notify/courier.h"
#include "notify/crew.h"
#include "notify/errand.h"
#include "notify/memory.h"
#include "notify/pool.h"
#include "notify/relay.h"
#include "notify/tour.h"
#include "store/message.h"

static const struct field count_fields[] = {
    FIELD(struct delivery_count, sent),       FIELD(struct delivery_count, put_off),
    FIELD(struct delivery_count, failed),     FIELD(struct delivery_count, superseded),
    FIELD(struct delivery_count, queued),     FIELD(struct delivery_count, held),
    FIELD(struct delivery_count, relay_away), FIELD(struct delivery_count, capped),
};
const struct record delivery_count = RECORD(struct delivery_count, count_fields);

void delivery_count_ending(struct delivery_count *count, const struct message_ending *ending)
{
    count->put_off += ending->again;
    if (!ending->again) {
        count->sent += ending->result == MESSAGE_SENT;
        count->superseded += ending->result == MESSAGE_SUPERSEDED;
        count->failed += ending->result != MESSAGE_SENT && ending->result != MESSAGE_SUPERSEDED;
    }
}

/* No more than there are handfuls for. */
static enum outcome count_senders(int64_t *out, struct work *work)
{
    int64_t due;

    TRY(message_count_due(&due, work, work->settings->notify.senders * HANDFUL));
    *out = (due + HANDFUL - 1) / HANDFUL;
    return OK;
}

/* What was settled is remembered before anything else can happen to the database. */
static enum outcome tour_and_remember(struct delivery_count *out, struct work *work,
                                      struct tour_plan *plan)
{
    const enum outcome toured = tour_run(out, work, plan);
    const struct failure failure = work->failure;
    const enum outcome remembered = memory_check(work);

    if (toured != OK) {
        work->failure = failure;
        return toured;
    }
    return remembered;
}

static enum outcome deliver_and_count(struct delivery_count *out, struct work *work,
                                      struct tour_plan *plan)
{
    int64_t senders;

    *out = (struct delivery_count){0};
    TRY(memory_check(work));
    TRY(errands_reclaim(work));
    TRY(count_senders(&senders, work));
    plan->senders = (size_t)senders;
    if (senders > 0) {
        TRY(tour_and_remember(out, work, plan));
    }
    TRY(message_count_queued(&out->queued, work));
    return message_count_held(&out->held, work);
}

enum outcome deliver_until(struct delivery_count *out, struct work *work, int64_t until_ms,
                           delivery_progress *progress, void *context)
{
    struct tour_plan plan = {.crew = crew_new(work->settings),
                             .probe = true,
                             .until_ms = until_ms,
                             .progress = progress,
                             .context = context};
    const enum outcome outcome = deliver_and_count(out, work, &plan);

    crew_free(plan.crew);
    return outcome;
}

enum outcome deliver_due(struct delivery_count *out, struct work *work, delivery_progress *progress,
                         void *context)
{
    return deliver_until(out, work, 0, progress, context);
}

enum outcome deliver_round(struct delivery_count *out, struct work *work, struct crew *crew)
{
    return deliver_and_count(out, work, &(struct tour_plan){.crew = crew});
}

void deliver_stop(void)
{
    tour_stop();
}

/* What was claimed by itself. */
static enum outcome carry(struct work *work, struct courier *courier, const struct claim *claim)
{
    const int64_t begun_ms = clock_monotonic_ms();
    struct errand errand = {.message = claim->messages.items, .claim = claim};
    struct errand *const one = &errand;
    int64_t seq = errand.message->seq;
    const struct list number = {.items = &seq, .count = 1};

    TRY(errands_look(work, &one, 1));
    if (!errand.is_over) {
        errand_run(&errand, work, courier);
    }
    TRY(errands_settle(work, &one, 1));
    if (errand_found_relay_away(&errand)) {
        relay_is_away();
        return claim_release(work, claim, number, log_or_dash(errand.reply.detail));
    }
    if (!errand_was_attempt(&errand)) {
        return claim_release(work, claim, number, NULL);
    }
    if (errand.settled && clock_monotonic_ms() - begun_ms < work->settings->notify.deadline) {
        relay_is_quick();
    }
    return OK;
}

enum outcome deliver_one(bool *not_yet, struct work *work, struct courier *courier, int64_t seq)
{
    struct claim claim = {.no_email = relay_is_known_away()};

    *not_yet = false;
    TRY(claim_one(&claim, work, seq));
    *not_yet = claim.not_yet;
    return claim.messages.count > 0 ? carry(work, courier, &claim) : OK;
}

/* With nobody to hand them over to. */
static void deliver_here(struct work *work)
{
    const int64_t last_ms = clock_monotonic_ms() + work->settings->notify.deadline / 2;
    const int64_t *seqs = work->enqueued.items;
    struct work mine = *work; /* its failures are not the request's */
    struct courier *courier = courier_new(work->settings);

    for (size_t i = 0; i < work->enqueued.count && clock_monotonic_ms() < last_ms; i++) {
        bool not_yet; /* then it stays queued */
        if (deliver_one(&not_yet, &mine, courier, seqs[i]) != OK) {
            log_event(LOG_LEVEL_WARNING, "delivery", LOG_INT("message", seqs[i]),
                      LOG_TEXT("says", mine.failure.sentence));
            break;
        }
    }
    courier_free(courier);
}

static void deliver_by(struct pool *pool, const struct work *work)
{
    const int64_t now_ms = clock_monotonic_ms();
    const bool waits = !relay_is_known_slow() && relay_enter();
    const int64_t until = waits ? now_ms + work->settings->notify.deadline : now_ms;

    if (!pool_deliver(pool, work->enqueued, until) && waits) {
        relay_is_slow();
    }
    if (waits) {
        relay_leave();
    }
}

void deliver_enqueued(struct work *work, struct pool *pool)
{
    if (work->enqueued.count == 0 || work->settings->notify.deadline == 0) {
        return;
    }
    if (pool != NULL) {
        deliver_by(pool, work);
    } else {
        deliver_here(work);
    }
}
