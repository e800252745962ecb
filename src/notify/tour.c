/* SPDX-License-Identifier: MIT */
#include "notify/tour.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/log.h"
#include "base/work.h"
#include "db/db.h"
#include "model/person.h"
#include "notify/claim.h"
#include "notify/relay.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { SENTENCE_MAX = 500 };

/* What a sender keeps; made when it is first needed. */
struct kit {
    struct db *db; /* NULL: that of the work */
    struct courier *courier;
};

struct crew {
    struct arena *arena; /* holds the crew itself */
    const struct settings *settings;
    struct kit here; /* of the thread that opens the tour */
    struct kit threads[SENDERS_MAX];
};

struct tour {
    struct work *work; /* of the thread that opened it */
    struct crew *crew;
    delivery_progress *progress;
    void *context;
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t changed;
    struct delivery_count count;
    int64_t running; /* threads */
    int64_t done;    /* threads that found nothing more to do */
    enum outcome failed;
    char sentence[SENTENCE_MAX + 1];
};

/* A thread of a tour. */
struct hand {
    struct tour *tour;
    struct kit *kit;
    pthread_t thread;
};

/* One sender at work. */
struct sender {
    struct tour *tour;
    struct work *work;
    struct courier *courier;
};

static atomic_bool stopped;

void tour_stop(void)
{
    atomic_store(&stopped, true);
}

bool tour_is_stopped(void)
{
    return atomic_load(&stopped);
}

struct crew *crew_new(const struct settings *settings)
{
    struct arena *arena = arena_new();
    struct crew *crew = arena_alloc(arena, sizeof(*crew));

    crew->arena = arena;
    crew->settings = settings;
    crew->here.courier = courier_new(settings);
    return crew;
}

void crew_free(struct crew *crew)
{
    courier_free(crew->here.courier);
    for (size_t i = 0; i < SENDERS_MAX; i++) {
        courier_free(crew->threads[i].courier);
        db_free(crew->threads[i].db);
    }
    arena_free(crew->arena);
}

struct tour *tour_open(struct work *work, struct crew *crew, delivery_progress *progress,
                       void *context)
{
    struct tour *tour = arena_alloc(work->arena, sizeof(*tour));

    if (pthread_mutex_init(&tour->lock, NULL) != 0 ||
        pthread_cond_init(&tour->changed, NULL) != 0) {
        abort();
    }
    tour->work = work;
    tour->crew = crew;
    tour->progress = progress;
    tour->context = context;
    return tour;
}

void tour_close(struct delivery_count *out, struct tour *tour)
{
    *out = tour->count;
    (void)pthread_cond_destroy(&tour->changed);
    (void)pthread_mutex_destroy(&tour->lock);
}

/* What one sender found out, for all. */
static void note(struct tour *tour, const struct delivery_count *more)
{
    (void)pthread_mutex_lock(&tour->lock);
    tour->count.sent += more->sent;
    tour->count.put_off += more->put_off;
    tour->count.failed += more->failed;
    tour->count.superseded += more->superseded;
    tour->count.relay_away |= more->relay_away;
    tour->count.capped |= more->capped;
    (void)pthread_cond_signal(&tour->changed);
    (void)pthread_mutex_unlock(&tour->lock);
}

static struct delivery_count count_now(struct tour *tour)
{
    (void)pthread_mutex_lock(&tour->lock);
    const struct delivery_count count = tour->count;
    (void)pthread_mutex_unlock(&tour->lock);
    return count;
}

static void tell(const struct sender *sender, const struct delivery_count *more)
{
    struct tour *tour = sender->tour;

    note(tour, more);
    if (tour->progress != NULL && sender->work->db == tour->work->db) {
        const struct delivery_count count = count_now(tour);
        tour->progress(tour->context, &count);
    }
}

static bool has_failed(struct tour *tour)
{
    (void)pthread_mutex_lock(&tour->lock);
    const bool failed = tour->failed != OK;
    (void)pthread_mutex_unlock(&tour->lock);
    return failed;
}

/* One that could not use the database leaves the rest to the others. */
static void note_end(struct tour *tour, enum outcome outcome, const char *sentence)
{
    (void)pthread_mutex_lock(&tour->lock);
    tour->running--;
    tour->done += outcome == OK;
    if (outcome != OK && !outcome_is_away(outcome) && tour->failed == OK) {
        tour->failed = outcome;
        (void)snprintf(tour->sentence, sizeof(tour->sentence), "%s", log_or_dash(sentence));
    }
    (void)pthread_cond_signal(&tour->changed);
    (void)pthread_mutex_unlock(&tour->lock);
}

static struct delivery_count one_more(const struct carried *carried)
{
    const enum message_result result = carried->result;
    const bool failed = carried->for_good && result != MESSAGE_SENT && result != MESSAGE_SUPERSEDED;

    return (struct delivery_count){
        .sent = result == MESSAGE_SENT,
        .superseded = result == MESSAGE_SUPERSEDED,
        .failed = failed,
        .put_off = !carried->for_good,
    };
}

/* Whether this sender should begin one more message of its claim. */
static bool goes_on(const struct sender *sender, const struct claim *claim)
{
    const struct delivery_count count = count_now(sender->tour);

    return !tour_is_stopped() && !has_failed(sender->tour) &&
           clock_monotonic_ms() < claim->until_ms &&
           !(count.relay_away && claim->channel == CHANNEL_EMAIL);
}

/* *relay_away: why the relay's way is to be paused; NULL: it is not. A message that cannot be
 * settled keeps its lease until that runs out, and the others go on. */
static enum outcome carry(const char **relay_away, const struct sender *sender, struct claim *claim,
                          const struct message *message)
{
    struct work *work = sender->work;
    struct carried carried;
    const enum outcome outcome = courier_carry(&carried, work, sender->courier, claim, message);

    *relay_away = NULL;
    if (outcome != OK && !courier_may_go_on(outcome)) {
        return outcome;
    }
    if (outcome != OK) {
        log_event(LOG_LEVEL_ERROR, "delivery", LOG_INT("message", message->seq),
                  LOG_TEXT("result", "not_settled"), LOG_TEXT("detail", work->failure.sentence));
        claim->begun = message->seq;
        return OK;
    }
    if (carried.settled) {
        const struct delivery_count more = one_more(&carried);
        tell(sender, &more);
    }
    if (carried.relay_away) {
        *relay_away = log_or_dash(carried.detail);
    }
    return OK;
}

/* Where the database still answers. What was begun last may have been sent: it keeps its lease. */
static void give_back_the_rest(const struct sender *sender, struct claim *claim, int64_t begun)
{
    const struct failure failure = sender->work->failure;

    claim->begun = begun;
    if (claim_release(sender->work, claim, NULL) != OK) {
        log_event(LOG_LEVEL_WARNING, "delivery", LOG_TEXT("result", "not_given_back"),
                  LOG_TEXT("detail", sender->work->failure.sentence));
    }
    sender->work->failure = failure;
}

static enum outcome carry_all(const struct sender *sender, struct claim *claim)
{
    const struct message *messages = claim->messages.items;
    const char *relay_away = NULL;
    size_t done = 0;

    while (done < claim->messages.count && relay_away == NULL && goes_on(sender, claim)) {
        const struct message *message = &messages[done++];
        const enum outcome outcome = carry(&relay_away, sender, claim, message);
        if (outcome != OK) {
            give_back_the_rest(sender, claim, message->seq);
            return outcome;
        }
    }
    if (relay_away != NULL) {
        relay_is_away();
        tell(sender, &(struct delivery_count){.relay_away = true});
    }
    return relay_away != NULL || done < claim->messages.count
               ? claim_release(sender->work, claim, relay_away)
               : OK;
}

/* One handful of the claim's channel; nothing when that one cannot be used any more. */
static enum outcome deliver_handful(struct claim *claim, const struct sender *sender)
{
    const struct delivery_count before = count_now(sender->tour);

    claim->messages = (struct list){0};
    claim->begun = 0;
    if (claim->channel == CHANNEL_EMAIL && (before.relay_away || before.capped)) {
        return OK;
    }
    arena_reset(sender->work->arena);
    TRY(claim_handful(claim, sender->work));
    if (claim->paused || claim->capped) {
        tell(sender,
             &(struct delivery_count){.relay_away = claim->paused, .capped = claim->capped});
    }
    return carry_all(sender, claim);
}

/* Until there is nothing left that is nobody else's. */
static enum outcome deliver_all(const struct sender *sender)
{
    struct claim email = {.channel = CHANNEL_EMAIL};
    struct claim push = {.channel = CHANNEL_PUSH};

    do {
        TRY(deliver_handful(&email, sender));
        TRY(deliver_handful(&push, sender));
    } while (email.messages.count + push.messages.count > 0 && !tour_is_stopped() &&
             !has_failed(sender->tour));
    return OK;
}

/* A message that turns out to be no longer true, or cannot be written, says nothing of the relay:
 * then the next one has to. */
static enum outcome probe_relay(const struct sender *sender)
{
    struct claim claim = {.channel = CHANNEL_EMAIL, .probe = true};

    do {
        TRY(deliver_handful(&claim, sender));
    } while (claim.messages.count > 0 && claim.in_trouble && !tour_is_stopped());
    return OK;
}

/* In this thread, with an arena of its own to empty. */
static enum outcome here(struct tour *tour, enum outcome deliver(const struct sender *))
{
    struct work work = *tour->work;
    const struct sender sender = {.tour = tour, .work = &work, .courier = tour->crew->here.courier};

    work.arena = arena_new();
    const enum outcome outcome = deliver(&sender);
    if (outcome != OK) {
        tour->work->failure.sentence = arena_text(tour->work->arena, work.failure.sentence);
    }
    arena_free(work.arena);
    return outcome;
}

static enum outcome look_at_relay(const struct sender *sender)
{
    struct claim claim = {.channel = CHANNEL_EMAIL};

    return deliver_handful(&claim, sender);
}

enum outcome tour_begin(struct tour *tour, bool probe)
{
    return here(tour, probe ? probe_relay : look_at_relay);
}

static void *run_sender(void *argument)
{
    const struct hand *hand = argument;
    struct tour *tour = hand->tour;
    struct work work = {
        .arena = arena_new(),
        .db = hand->kit->db,
        .settings = tour->work->settings,
        .now = tour->work->now,
    };
    const struct sender sender = {.tour = tour, .work = &work, .courier = hand->kit->courier};
    const enum outcome outcome = deliver_all(&sender);

    note_end(tour, outcome, work.failure.sentence);
    arena_free(work.arena);
    return NULL;
}

static struct kit *kit_of(struct crew *crew, size_t number)
{
    struct kit *kit = &crew->threads[number];

    if (kit->db == NULL) {
        *kit = (struct kit){.db = db_new(crew->settings), .courier = courier_new(crew->settings)};
    }
    return kit;
}

/* How many could be started. */
static size_t start(struct tour *tour, struct hand *hands, size_t wanted)
{
    size_t started = 0;

    (void)pthread_mutex_lock(&tour->lock);
    for (; started < wanted; started++) {
        struct hand *hand = &hands[started];
        hand->tour = tour;
        hand->kit = kit_of(tour->crew, started);
        if (pthread_create(&hand->thread, NULL, run_sender, hand) != 0) {
            break;
        }
    }
    tour->running = (int64_t)started;
    (void)pthread_mutex_unlock(&tour->lock);
    return started;
}

/* Tell how it goes on until the last thread has ended. */
static void watch(struct tour *tour)
{
    (void)pthread_mutex_lock(&tour->lock);
    while (tour->running > 0) {
        (void)pthread_cond_wait(&tour->changed, &tour->lock);
        const struct delivery_count count = tour->count;
        (void)pthread_mutex_unlock(&tour->lock);
        if (tour->progress != NULL) {
            tour->progress(tour->context, &count);
        }
        (void)pthread_mutex_lock(&tour->lock);
    }
    (void)pthread_mutex_unlock(&tour->lock);
}

enum outcome tour_run(struct tour *tour, int64_t senders)
{
    const struct delivery_count before = count_now(tour);
    struct hand hands[SENDERS_MAX];

    if (senders <= 1 || before.relay_away || before.capped) {
        return here(tour, deliver_all);
    }
    const size_t started = start(tour, hands, (size_t)senders);
    watch(tour);
    for (size_t i = 0; i < started; i++) {
        (void)pthread_join(hands[i].thread, NULL);
    }
    if (tour->failed != OK) {
        return fail(tour->work, tour->failed, "%s", tour->sentence);
    }
    return tour->done == 0 ? here(tour, deliver_all) : OK;
}
