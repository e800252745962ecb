/* SPDX-License-Identifier: MIT */
#include "notify/crew.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/work.h"
#include "notify/condition.h"
#include "notify/courier.h"
#include "notify/errand.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOMENT_MS = 10, /* after which a sender begins no more of its errands */
    GATHER_MS = 2,
    TEMPLATES_MS = 1000, /* so long they are not read again */
};

/* One sender. */
struct hand {
    struct crew *crew;
    struct courier *courier; /* made when it is first needed */
    struct arena *arena;     /* of the errands in hand */
    struct arena *templates; /* that were read */
    int64_t templates_until_ms;
    pthread_t thread;
    pthread_cond_t turn;
    struct errand *errands[ARMFUL];
    size_t count; /* 0: it is idle */
    bool ended;   /* they are to be collected */
};

struct crew {
    struct arena *arena; /* holds the crew itself */
    const struct settings *settings;
    struct instant now;
    struct hand hands[SENDERS_MAX];
    size_t started;
    size_t busy;          /* hands; the leader's own */
    pthread_mutex_t lock; /* of what the hands hold, and of: */
    pthread_cond_t changed;
    size_t ended;
    size_t awaited; /* so many wake the leader */
    bool stopping;
};

struct crew *crew_new(const struct settings *settings)
{
    struct arena *arena = arena_new();
    struct crew *crew = arena_alloc(arena, sizeof(*crew));

    crew->arena = arena;
    crew->settings = settings;
    if (pthread_mutex_init(&crew->lock, NULL) != 0) {
        abort();
    }
    condition_open(&crew->changed);
    return crew;
}

void crew_free(struct crew *crew)
{
    for (size_t i = 0; i < SENDERS_MAX; i++) {
        courier_free(crew->hands[i].courier);
    }
    (void)pthread_cond_destroy(&crew->changed);
    (void)pthread_mutex_destroy(&crew->lock);
    arena_free(crew->arena);
}

/* False: there is none to come. The crew is locked. */
static bool wait_for_errands(struct hand *hand)
{
    while ((hand->count == 0 || hand->ended) && !hand->crew->stopping) {
        (void)pthread_cond_wait(&hand->turn, &hand->crew->lock);
    }
    return hand->count > 0 && !hand->ended;
}

static void look_for_new_templates(struct hand *hand)
{
    const int64_t now_ms = clock_monotonic_ms();

    if (now_ms >= hand->templates_until_ms) {
        arena_reset(hand->templates);
        courier_keep_templates(hand->courier, hand->templates);
        hand->templates_until_ms = now_ms + TEMPLATES_MS;
    }
}

/* A relay that is away is away for the rest, too: they come back unrun. */
static void run_armful(struct hand *hand)
{
    const struct crew *crew = hand->crew;
    const int64_t until = clock_monotonic_ms() + MOMENT_MS;

    arena_reset(hand->arena);
    look_for_new_templates(hand);
    for (size_t i = 0; i < hand->count && (i == 0 || clock_monotonic_ms() < until); i++) {
        struct work work = {.arena = hand->arena, .settings = crew->settings, .now = crew->now};
        errand_run(hand->errands[i], &work, hand->courier);
        if (errand_found_relay_away(hand->errands[i])) {
            break;
        }
    }
}

static void *run_errands(void *argument)
{
    struct hand *hand = argument;
    struct crew *crew = hand->crew;

    (void)pthread_mutex_lock(&crew->lock);
    while (wait_for_errands(hand)) {
        (void)pthread_mutex_unlock(&crew->lock);
        run_armful(hand);
        (void)pthread_mutex_lock(&crew->lock);
        hand->ended = true;
        if (++crew->ended >= crew->awaited) {
            (void)pthread_cond_signal(&crew->changed);
        }
    }
    (void)pthread_mutex_unlock(&crew->lock);
    return NULL;
}

static void let_go(struct hand *hand)
{
    (void)pthread_cond_destroy(&hand->turn);
    arena_free(hand->templates);
    arena_free(hand->arena);
}

static bool start(struct crew *crew, struct hand *hand)
{
    if (hand->courier == NULL) {
        hand->courier = courier_new(crew->settings);
    }
    hand->crew = crew;
    condition_open(&hand->turn);
    hand->arena = arena_new();
    hand->templates = arena_new();
    hand->templates_until_ms = 0;
    if (pthread_create(&hand->thread, NULL, run_errands, hand) == 0) {
        return true;
    }
    let_go(hand);
    return false;
}

size_t crew_start(struct crew *crew, size_t wanted, struct instant now)
{
    crew->now = now;
    crew->stopping = false;
    while (crew->started < wanted && start(crew, &crew->hands[crew->started])) {
        crew->started++;
    }
    return crew->started;
}

/* What was not collected is not to be: whoever leads them next knows nothing of it. */
static void forget_errands(struct crew *crew)
{
    for (size_t i = 0; i < crew->started; i++) {
        crew->hands[i].count = 0;
        crew->hands[i].ended = false;
    }
    crew->busy = crew->ended = 0;
}

void crew_stop(struct crew *crew)
{
    (void)pthread_mutex_lock(&crew->lock);
    crew->stopping = true;
    for (size_t i = 0; i < crew->started; i++) {
        (void)pthread_cond_signal(&crew->hands[i].turn);
    }
    (void)pthread_mutex_unlock(&crew->lock);
    for (size_t i = 0; i < crew->started; i++) {
        (void)pthread_join(crew->hands[i].thread, NULL);
        let_go(&crew->hands[i]);
    }
    forget_errands(crew);
    crew->started = 0;
}

size_t crew_idle(const struct crew *crew)
{
    return crew->started - crew->busy;
}

static struct hand *next_idle(struct hand *hand)
{
    while (hand->count > 0) {
        hand++;
    }
    return hand;
}

void crew_give(struct crew *crew, struct errand *const *errands, size_t count)
{
    size_t given = 0;

    (void)pthread_mutex_lock(&crew->lock);
    for (size_t idle = crew_idle(crew); given < count; idle--) {
        struct hand *hand = next_idle(crew->hands);
        const size_t share = (count - given + idle - 1) / idle;
        for (size_t i = 0; i < share; i++) {
            errands[given]->was_run = false;
            hand->errands[hand->count++] = errands[given++];
        }
        hand->ended = false;
        crew->busy++;
        (void)pthread_cond_signal(&hand->turn);
    }
    (void)pthread_mutex_unlock(&crew->lock);
}

/* Settling one costs as much as settling many: so when one has ended, the others that are about to
 * are waited for, until half have or a moment has passed. The crew is locked. */
static void gather(struct crew *crew)
{
    crew->awaited = 1;
    while (crew->busy > 0 && crew->ended == 0) {
        (void)pthread_cond_wait(&crew->changed, &crew->lock);
    }
    const int64_t until = clock_monotonic_ms() + GATHER_MS;
    crew->awaited = (crew->busy + 1) / 2;
    while (crew->ended < crew->awaited && condition_wait(&crew->changed, &crew->lock, until)) {
    }
}

size_t crew_collect(struct crew *crew, struct errand **back)
{
    size_t count = 0;

    (void)pthread_mutex_lock(&crew->lock);
    gather(crew);
    for (size_t i = 0; i < crew->started; i++) {
        struct hand *hand = &crew->hands[i];
        if (hand->count > 0 && hand->ended) {
            memcpy(&back[count], hand->errands, hand->count * sizeof(struct errand *));
            count += hand->count;
            hand->count = 0;
            crew->busy--;
        }
    }
    crew->ended = 0;
    (void)pthread_mutex_unlock(&crew->lock);
    return count;
}
