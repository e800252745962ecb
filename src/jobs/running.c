/* SPDX-License-Identifier: MIT */
#include "jobs/running.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/log.h"
#include "base/work.h"
#include "db/db.h"
#include "jobs/batch.h"
#include "jobs/helper.h"
#include "model/decision.h"
#include "store/decision.h"

#include <stdlib.h>

enum {
    WORTH_SHARING = 200, /* jobs.batch: where it is smaller, one is quick enough */
    PROLONGED_IN = 4,    /* parts of a lease, after one of which it is prolonged */
};

/* Some certifications in one transaction, and what came of them. */
struct batch {
    struct running *running;
    struct list certifications;
    struct job_unit unit;
};

static void lock(struct running *running)
{
    (void)pthread_mutex_lock(&running->lock);
}

static void unlock(struct running *running)
{
    (void)pthread_mutex_unlock(&running->lock);
}

static enum outcome keep_lease(struct work *work, void *context)
{
    struct running *running = context;
    const enum outcome kept = lease_keep(work, &running->lease, work->settings->jobs.lease);

    if (kept == CONFLICT) {
        running->lease_lost = true;
    }
    running->kept_ms = clock_monotonic_ms();
    return kept;
}

/* Two hold it together without prolonging it, so that neither waits for the other. */
static enum outcome hold_lease(struct work *work, struct running *running)
{
    if (!running->is_helped) {
        return keep_lease(work, running);
    }
    const enum outcome shared = lease_share(work, &running->lease);
    if (shared == CONFLICT) {
        running->lease_lost = true;
    }
    return shared;
}

static enum outcome handle_all(struct work *work, void *context)
{
    struct batch *batch = context;
    struct running *running = batch->running;

    batch->unit =
        (struct job_unit){.job_run_id = running->run->job_run_id, .dry_run = running->dry_run};
    if (!running->dry_run) {
        TRY(hold_lease(work, running));
    }
    return running->search.pass->handle(&batch->unit, work, batch->certifications);
}

/* Whoever asked for the run may want to deliver its messages. */
static void keep_enqueued(struct running *running, const struct work *work)
{
    const int64_t *numbers = work->enqueued.items;

    for (size_t i = 0; i < work->enqueued.count; i++) {
        *(int64_t *)list_append(&running->enqueued, running->work->arena, sizeof(*numbers)) =
            numbers[i];
    }
}

static enum outcome in_one_unit(struct batch *batch, struct work *work)
{
    struct running *running = batch->running;
    const enum outcome outcome =
        running->dry_run ? db_reading(work, handle_all, batch) : db_unit(work, handle_all, batch);

    if (outcome == OK) {
        lock(running);
        running->run->acted += batch->unit.acted;
        running->run->unwarned += batch->unit.unwarned;
        keep_enqueued(running, work);
        unlock(running);
    }
    return outcome;
}

static void list_failure(struct running *running, const struct certification *certification,
                         const char *reason)
{
    lock(running);
    struct arena *arena = running->work->arena;
    struct job_failure *failure = list_append(&running->run->failures, arena, sizeof(*failure));
    *failure = (struct job_failure){
        .mentor_id = arena_text(arena, certification->mentor_id),
        .certification_id = arena_text(arena, certification->certification_id),
        .reason = arena_text(arena, reason),
    };
    unlock(running);
    log_event(LOG_LEVEL_ERROR, "job_failed", LOG_TEXT("job", running->job->name),
              LOG_TEXT("mentor", certification->mentor_id),
              LOG_TEXT("certification", certification->certification_id),
              LOG_TEXT("reason", reason));
}

/* A failure in the hand of whoever records it. */
struct failing {
    struct running *running;
    const struct certification *certification;
    const char *reason;
};

static enum outcome record_failure(struct work *work, void *context)
{
    const struct failing *failing = context;
    struct running *running = failing->running;
    const struct certification *certification = failing->certification;
    struct decision decision =
        decision_of(certification, running->job->threshold(work, certification), DECISION_FAILED,
                    failing->reason);

    TRY(hold_lease(work, running));
    return decisions_put(work, (struct list){.items = &decision, .count = 1},
                         running->run->job_run_id);
}

/* The whole run ends when the database is away or the lease is lost; any other failure is this
 * certification's own. */
static bool ends_the_run(const struct running *running, enum outcome outcome)
{
    return outcome_is_away(outcome) || running->lease_lost;
}

/* In a transaction of its own: that of the attempt is rolled back. The list has it in any case. */
static enum outcome note_failure(struct running *running, struct work *work,
                                 const struct certification *certification)
{
    struct failing failing = {
        .running = running,
        .certification = certification,
        .reason = arena_text(work->arena, work->failure.sentence),
    };

    list_failure(running, certification, failing.reason);
    if (running->dry_run) {
        return OK;
    }
    const enum outcome outcome = db_unit(work, record_failure, &failing);
    return ends_the_run(running, outcome) ? outcome : OK;
}

/* By either thread while both share the lease, in a transaction of its own. */
static enum outcome prolong_when_due(struct running *running, struct work *work)
{
    const int64_t lasts = work->settings->jobs.lease * MS_PER_SECOND;
    const bool due = clock_monotonic_ms() - running->kept_ms >= lasts / PROLONGED_IN;

    return running->is_helped && due ? db_unit(work, keep_lease, running) : OK;
}

static enum outcome one_by_one(struct running *running, struct work *work, struct list found)
{
    struct certification *certifications = found.items;

    for (size_t i = 0; i < found.count; i++) {
        struct batch single = {
            .running = running,
            .certifications = {.items = &certifications[i], .count = 1},
        };
        TRY(prolong_when_due(running, work));
        const enum outcome outcome = in_one_unit(&single, work);
        if (outcome == OK) {
            continue;
        }
        if (ends_the_run(running, outcome)) {
            return outcome;
        }
        TRY(note_failure(running, work, &certifications[i]));
    }
    return OK;
}

static enum outcome handle(struct running *running, struct work *work, struct list found)
{
    struct batch batch = {.running = running, .certifications = found};
    const enum outcome outcome = in_one_unit(&batch, work);

    return outcome == OK || ends_the_run(running, outcome) ? outcome
                                                           : one_by_one(running, work, found);
}

/* Looking for the next batch. */
struct look {
    const struct search *search;
    struct list found;
};

static enum outcome find(struct work *work, void *context)
{
    struct look *look = context;
    const struct search *search = look->search;

    return search->pass->find(&look->found, work, search->begun ? &search->last : NULL,
                              work->settings->jobs.batch);
}

/* The next batch; empty: there is none for this thread. */
static enum outcome take(struct list *out, struct running *running, struct work *work)
{
    struct search *search = &running->search;
    struct look look = {.search = search};

    *out = look.found;
    if (search->over || (running->dismissed && work != running->step)) {
        return OK;
    }
    const enum outcome outcome = db_reading(work, find, &look);
    search->over = outcome != OK || (int64_t)look.found.count < work->settings->jobs.batch;
    TRY(outcome);
    *out = look.found;
    if (out->count > 0) {
        const struct certification *last =
            (const struct certification *)out->items + out->count - 1;
        search->last = (struct certification){.seq = last->seq, .expires_at = last->expires_at};
        search->begun = true;
    }
    return OK;
}

/* Where little is left, the helper would find nothing if it came second. */
static enum outcome take_in_turn(struct list *out, struct running *running, struct work *work)
{
    lock(running);
    if (work != running->step) {
        running->is_called = false;
        (void)pthread_cond_signal(&running->taken);
    }
    while (running->is_called) {
        (void)pthread_cond_wait(&running->taken, &running->lock);
    }
    const enum outcome outcome = take(out, running, work);
    unlock(running);
    return outcome;
}

static enum outcome handle_next(bool *more, struct running *running, struct work *work)
{
    struct list found;

    TRY(take_in_turn(&found, running, work));
    *more = found.count > 0;
    if (!*more) {
        return OK;
    }
    TRY(handle(running, work, found));
    if (running->search.pass->counted) {
        lock(running);
        running->run->found += (int64_t)found.count;
        unlock(running);
        atomic_fetch_add(&running->done, (int64_t)found.count);
    }
    return OK;
}

/* In the helper's thread. Where it fails, nobody goes on. */
static void help(struct work *work, void *context)
{
    struct running *running = context;
    bool more = true;

    do {
        arena_reset(work->arena);
        running->helped = handle_next(&more, running, work);
    } while (running->helped == OK && more);
    if (running->helped != OK) {
        lock(running);
        running->search.over = true;
        unlock(running);
    }
}

/* Its connection is a plain statement away. */
static enum outcome greet(struct work *work, void *context)
{
    const struct running *running = context;

    return lease_share(work, &running->lease);
}

static void greet_beside(struct work *work, void *context)
{
    struct running *running = context;

    running->helped = db_reading(work, greet, running);
}

/* Whether somebody can help. A server that has no connection left for it need not end the run. */
static bool has_help(struct running *running)
{
    if (running->helper == NULL || running->was_greeted) {
        return running->helper != NULL;
    }
    running->was_greeted = true;
    helper_begin(running->helper, greet_beside, running);
    const struct work *helper = helper_await(running->helper);
    const bool has_thread = helper_has_thread(running->helper);
    if (running->helped != OK || !has_thread) {
        log_event(
            LOG_LEVEL_WARNING, "job_alone", LOG_TEXT("job", running->job->name),
            LOG_TEXT("says", has_thread ? helper->failure.sentence : "no thread could be started"));
        helper_free(running->helper);
        running->helper = NULL;
    }
    return running->helper != NULL;
}

/* A request, such as one for a slice of the sweep, has no connection to spare, and wants the
 * numbers of its messages in their order. */
static bool may_have_help(const struct running *running)
{
    const struct settings *settings = running->work->settings;

    return running->work->unattended && running->watch.until_ms == 0 && !running->dry_run &&
           settings->jobs.connections > 1 && settings->jobs.batch >= WORTH_SHARING;
}

void running_open(struct running *running)
{
    if (pthread_mutex_init(&running->lock, NULL) != 0 ||
        pthread_cond_init(&running->taken, NULL) != 0) {
        abort();
    }
    if (may_have_help(running)) {
        running->helper = helper_new(running->step);
        courtesy_begin(&running->courtesy, running->step);
    }
}

void running_close(struct running *running)
{
    helper_free(running->helper);
    (void)pthread_cond_destroy(&running->taken);
    (void)pthread_mutex_destroy(&running->lock);
}

void running_begin(struct running *running, const struct pass *pass)
{
    running->search = (struct search){.pass = pass};
}

static void call_helper(struct running *running)
{
    running->is_helped = true;
    running->dismissed = false;
    running->is_called = true;
    helper_begin(running->helper, help, running);
}

/* After its batch. */
static enum outcome dismiss_helper(struct running *running)
{
    lock(running);
    running->dismissed = true;
    unlock(running);
    struct work *helper = helper_await(running->helper);
    running->is_helped = false;
    running->step->to_count |= helper->to_count;
    helper->to_count = 0;
    if (running->helped != OK) {
        struct work *step = running->step;
        step->failure.sentence = arena_text(step->arena, helper->failure.sentence);
    }
    return running->helped;
}

static void say_so(struct running *running)
{
    if (!running->gave_way) {
        log_event(LOG_LEVEL_INFO, "job_gives_way", LOG_TEXT("job", running->job->name),
                  LOG_TEXT("says", "others use the database: one connection while they do"));
    }
    running->gave_way = true;
}

/* With two connections it has the whole of a small server, and others would wait. */
static enum outcome mind_others(struct running *running)
{
    if (!running->is_helped && running->search.over) {
        return OK; /* nothing is left to help with */
    }
    const bool alone = !courtesy_has_others(&running->courtesy, running->step);

    if (!alone) {
        say_so(running);
    }
    if (running->is_helped && !alone) {
        return dismiss_helper(running);
    }
    if (!running->is_helped && alone && has_help(running)) {
        call_helper(running);
    }
    return OK;
}

enum outcome running_step(bool *more, struct running *running)
{
    TRY(prolong_when_due(running, running->step));
    TRY(handle_next(more, running, running->step));
    return *more && running->helper != NULL ? mind_others(running) : OK;
}

enum outcome running_end(struct running *running)
{
    return running->is_helped ? dismiss_helper(running) : OK;
}
