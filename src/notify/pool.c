/* SPDX-License-Identifier: MIT */
#include "notify/pool.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "base/work.h"
#include "db/db.h"
#include "notify/condition.h"
#include "notify/courier.h"
#include "notify/deliver.h"
#include "notify/transfers.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    QUEUE_MAX = 256,             /* batches */
    AGAIN_MS = 250,              /* when the turn of a message had not come */
    ROUNDS_MAX = 240,            /* then it stays in the outbox */
    STOP_MS = 5 * MS_PER_SECOND, /* so long may what is in hand take at the end */
};

/* The messages of one request, for one sender: side by side, those to the same person would be in
 * each other's way. Freed when all were tried. */
struct batch {
    struct arena *arena; /* holds the batch itself */
    struct batch *next;
    bool *done;          /* of the request that waits for it; NULL: none does */
    struct list numbers; /* int64_t: those left to try */
    int64_t not_before;  /* by the monotonic clock; 0: at once */
    int64_t rounds;
};

struct pool {
    struct arena *arena; /* holds the pool itself */
    const struct settings *settings;
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t handed_over;
    pthread_cond_t done; /* a batch, or a sender */
    struct batch *first; /* of those that no sender has in hand */
    struct batch **end;
    size_t queued;
    pthread_t senders[SENDERS_MAX];
    size_t started, running, idle;
    bool ending;
};

struct pool *pool_open(const struct settings *settings)
{
    struct arena *arena = arena_new();
    struct pool *pool = arena_alloc(arena, sizeof(*pool));

    pool->arena = arena;
    pool->settings = settings;
    pool->end = &pool->first;
    if (pthread_mutex_init(&pool->lock, NULL) != 0) {
        abort();
    }
    condition_open(&pool->handed_over);
    condition_open(&pool->done);
    return pool;
}

static void put(struct pool *pool, struct batch *batch)
{
    *pool->end = batch;
    pool->end = &batch->next;
    pool->queued++;
}

/* The first that may be tried at that moment; NULL: there is none. */
static struct batch *take(struct pool *pool, int64_t now)
{
    struct batch **at = &pool->first;

    while (*at != NULL && (*at)->not_before > now) {
        at = &(*at)->next;
    }
    struct batch *batch = *at;
    if (batch == NULL) {
        return NULL;
    }
    *at = batch->next;
    batch->next = NULL;
    pool->end = *at == NULL ? at : pool->end;
    pool->queued--;
    return batch;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): it is written to later */
static struct batch *new_batch(struct list numbers, bool *done)
{
    const size_t size = numbers.count * sizeof(int64_t);
    struct arena *arena = arena_new();
    struct batch *batch = arena_alloc(arena, sizeof(*batch));
    int64_t *seqs = arena_alloc(arena, size);

    memcpy(seqs, numbers.items, size);
    *batch = (struct batch){
        .arena = arena, .done = done, .numbers = {.items = seqs, .count = numbers.count}
    };
    return batch;
}

/* False: its turn has not come. */
static bool try_one(struct work *work, struct courier *courier, int64_t seq)
{
    bool not_yet = false;

    arena_reset(work->arena);
    work->now = clock_now();
    work->failure = (struct failure){0};
    if (deliver_one(&not_yet, work, courier, seq) != OK) {
        log_event(LOG_LEVEL_WARNING, "delivery", LOG_INT("message", seq),
                  LOG_TEXT("says", work->failure.sentence));
    }
    return !not_yet;
}

static bool is_ending(struct pool *pool)
{
    (void)pthread_mutex_lock(&pool->lock);
    const bool ending = pool->ending;
    (void)pthread_mutex_unlock(&pool->lock);
    return ending;
}

/* What is left in the batch afterwards are those whose turn has not come: an earlier message to the
 * same person is in another sender's hands. */
static void try_all(struct pool *pool, struct work *work, struct courier *courier,
                    struct batch *batch)
{
    int64_t *seqs = batch->numbers.items;
    size_t left = 0;

    for (size_t i = 0; i < batch->numbers.count && !is_ending(pool); i++) {
        if (!try_one(work, courier, seqs[i])) {
            seqs[left++] = seqs[i];
        }
    }
    batch->numbers.count = left;
}

/* The pool is locked. */
static void end_batch(struct pool *pool, struct batch *batch)
{
    if (batch->done != NULL) {
        *batch->done = true;
    }
    arena_free(batch->arena);
    (void)pthread_cond_broadcast(&pool->done);
}

/* The pool is locked. */
static void put_back(struct pool *pool, struct batch *batch)
{
    batch->rounds++;
    batch->not_before = clock_monotonic_ms() + AGAIN_MS;
    put(pool, batch);
}

/* The pool is locked. Until there may be a batch to try; a connection that nobody needs for
 * long is closed. */
static void wait_for_batch(struct pool *pool, struct db *db)
{
    const int64_t idle_ms = pool->settings->database.idle * MS_PER_SECOND;

    pool->idle++;
    if (pool->queued == 0 && idle_ms > 0) {
        if (!condition_wait(&pool->handed_over, &pool->lock, clock_monotonic_ms() + idle_ms)) {
            db_rest(db);
        }
    } else if (pool->queued == 0) {
        (void)pthread_cond_wait(&pool->handed_over, &pool->lock);
    } else {
        (void)condition_wait(&pool->handed_over, &pool->lock, clock_monotonic_ms() + AGAIN_MS);
    }
    pool->idle--;
}

static void deliver_until_end(struct pool *pool, struct work *work, struct courier *courier)
{
    (void)pthread_mutex_lock(&pool->lock);
    while (!pool->ending) {
        struct batch *batch = take(pool, clock_monotonic_ms());
        if (batch == NULL) {
            wait_for_batch(pool, work->db);
            continue;
        }
        (void)pthread_mutex_unlock(&pool->lock);
        try_all(pool, work, courier, batch);
        (void)pthread_mutex_lock(&pool->lock);
        if (batch->numbers.count > 0 && batch->rounds < ROUNDS_MAX) {
            put_back(pool, batch);
        } else {
            end_batch(pool, batch);
        }
    }
    (void)pthread_mutex_unlock(&pool->lock);
}

static void *run(void *argument)
{
    struct pool *pool = argument;
    struct work work = {
        .arena = arena_new(), .db = db_new(pool->settings), .settings = pool->settings};
    struct courier *courier = courier_new(pool->settings);

    deliver_until_end(pool, &work, courier);
    courier_free(courier);
    db_free(work.db);
    arena_free(work.arena);
    (void)pthread_mutex_lock(&pool->lock);
    pool->running--;
    (void)pthread_cond_broadcast(&pool->done);
    (void)pthread_mutex_unlock(&pool->lock);
    return NULL;
}

/* One more sender, if there is use for it and there may be one. */
static void start_sender(struct pool *pool)
{
    if (pool->idle > pool->queued || pool->started == (size_t)pool->settings->notify.senders) {
        return;
    }
    if (pthread_create(&pool->senders[pool->started], NULL, run, pool) == 0) {
        pool->started++;
        pool->running++;
    }
}

bool pool_deliver(struct pool *pool, struct list numbers, int64_t until)
{
    bool done = false;
    bool in_time = true;

    (void)pthread_mutex_lock(&pool->lock);
    start_sender(pool);
    if (pool->started == 0 || pool->queued == QUEUE_MAX) {
        (void)pthread_mutex_unlock(&pool->lock);
        return true;
    }
    struct batch *batch = new_batch(numbers, &done);
    put(pool, batch);
    (void)pthread_cond_signal(&pool->handed_over);
    while (!done && in_time) {
        in_time = condition_wait(&pool->done, &pool->lock, until);
    }
    if (!done) {
        batch->done = NULL; /* it is still there, then */
    }
    (void)pthread_mutex_unlock(&pool->lock);
    return done;
}

static void end_senders(struct pool *pool)
{
    const int64_t until = clock_monotonic_ms() + STOP_MS;
    bool in_time = true;

    (void)pthread_mutex_lock(&pool->lock);
    pool->ending = true;
    (void)pthread_cond_broadcast(&pool->handed_over);
    while (pool->running > 0 && in_time) {
        in_time = condition_wait(&pool->done, &pool->lock, until);
    }
    (void)pthread_mutex_unlock(&pool->lock);
    if (!in_time) {
        transfers_cut();
    }
}

void pool_close(struct pool *pool)
{
    end_senders(pool);
    for (size_t i = 0; i < pool->started; i++) {
        (void)pthread_join(pool->senders[i], NULL);
    }
    for (struct batch *batch; (batch = take(pool, INT64_MAX)) != NULL;) {
        arena_free(batch->arena);
    }
    (void)pthread_cond_destroy(&pool->done);
    (void)pthread_cond_destroy(&pool->handed_over);
    (void)pthread_mutex_destroy(&pool->lock);
    arena_free(pool->arena);
}
