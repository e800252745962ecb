/* SPDX-License-Identifier: MIT */
#include "notify/deliver.h"

#include "base/config.h"
#include "base/log.h"
#include "base/work.h"
#include "db/db.h"
#include "notify/claim.h"
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

/* No more than there are handfuls for. */
static enum outcome count_senders(int64_t *out, struct work *work)
{
    int64_t due;

    TRY(message_count_due(&due, work, work->settings->notify.senders * HANDFUL));
    const int64_t handfuls = (due + HANDFUL - 1) / HANDFUL;
    *out = handfuls;
    return OK;
}

static enum outcome deliver(struct tour *tour, struct work *work, bool probe)
{
    int64_t senders;

    TRY(courier_reclaim(work));
    TRY(tour_begin(tour, probe));
    TRY(count_senders(&senders, work));
    return senders > 0 ? tour_run(tour, senders) : OK;
}

static enum outcome deliver_and_count(struct delivery_count *out, struct work *work,
                                      struct crew *crew, bool probe, delivery_progress *progress,
                                      void *context)
{
    struct tour *tour = tour_open(work, crew, progress, context);
    const enum outcome outcome = deliver(tour, work, probe);

    tour_close(out, tour);
    TRY(outcome);
    TRY(message_count_queued(&out->queued, work));
    return message_count_held(&out->held, work);
}

enum outcome deliver_due(struct delivery_count *out, struct work *work, delivery_progress *progress,
                         void *context)
{
    struct crew *crew = crew_new(work->settings);
    const enum outcome outcome = deliver_and_count(out, work, crew, true, progress, context);

    crew_free(crew);
    return outcome;
}

enum outcome deliver_round(struct delivery_count *out, struct work *work, struct crew *crew)
{
    return deliver_and_count(out, work, crew, false, NULL, NULL);
}

void deliver_stop(void)
{
    tour_stop();
}

enum outcome deliver_one(bool *not_yet, struct work *work, struct courier *courier, int64_t seq)
{
    const int64_t begun_ms = clock_monotonic_ms();
    struct claim claim = {.no_email = relay_is_known_away()};
    struct carried carried;

    *not_yet = false;
    TRY(claim_one(&claim, work, seq));
    *not_yet = claim.not_yet;
    if (claim.messages.count == 0) {
        return OK;
    }
    TRY(courier_carry(&carried, work, courier, &claim, claim.messages.items));
    if (carried.relay_away) {
        relay_is_away();
        return claim_release(work, &claim, log_or_dash(carried.detail));
    }
    if (!carried.settled) {
        return claim_release(work, &claim, NULL);
    }
    if (clock_monotonic_ms() - begun_ms < work->settings->notify.deadline) {
        relay_is_quick();
    }
    return OK;
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
