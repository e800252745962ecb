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

enum {
    WORTH_HALVING = 200, /* certifications: fewer are quicker handled by one */
    PROLONGED_IN = 4,    /* parts of a lease, after one of which it is prolonged */
};

/* Some certifications in one transaction, and what came of them. */
struct batch {
    struct running *running;
    const struct pass *pass;
    struct list certifications;
    bool shared; /* another part of the same is handled beside it */
    struct job_unit unit;
    bool lease_lost;
    enum outcome outcome;
};

static enum outcome keep_lease(struct work *work, struct running *running)
{
    const enum outcome kept = lease_keep(work, &running->lease, work->settings->jobs.lease);

    running->lease_lost = kept == CONFLICT;
    running->kept_ms = clock_monotonic_ms();
    return kept;
}

static enum outcome share_lease(struct work *work, struct batch *batch)
{
    const enum outcome shared = lease_share(work, &batch->running->lease);

    batch->lease_lost = shared == CONFLICT;
    return shared;
}

static enum outcome handle_all(struct work *work, void *context)
{
    struct batch *batch = context;
    struct running *running = batch->running;

    batch->unit =
        (struct job_unit){.job_run_id = running->run->job_run_id, .dry_run = running->dry_run};
    if (!running->dry_run) {
        TRY(batch->shared ? share_lease(work, batch) : keep_lease(work, running));
    }
    return batch->pass->handle(&batch->unit, work, batch->certifications);
}

/* Whoever asked for the run may want to deliver its messages. */
static void keep_enqueued(struct running *running)
{
    const int64_t *numbers = running->step->enqueued.items;

    for (size_t i = 0; i < running->step->enqueued.count; i++) {
        *(int64_t *)list_append(&running->enqueued, running->work->arena, sizeof(*numbers)) =
            numbers[i];
    }
}

static enum outcome in_one_unit(struct batch *batch)
{
    struct running *running = batch->running;
    const enum outcome outcome = running->dry_run ? db_reading(running->step, handle_all, batch)
                                                  : db_unit(running->step, handle_all, batch);
    if (outcome == OK) {
        running->run->acted += batch->unit.acted;
        running->run->unwarned += batch->unit.unwarned;
        keep_enqueued(running);
    }
    return outcome;
}

static void handle_beside(struct work *work, void *context)
{
    struct batch *batch = context;

    batch->outcome = db_unit(work, handle_all, batch);
}

/* What the helper did counts. */
static void take_over(struct running *running, const struct batch *batch, struct work *helper)
{
    running->lease_lost = running->lease_lost || batch->lease_lost;
    if (batch->outcome == OK) {
        running->run->acted += batch->unit.acted;
        running->run->unwarned += batch->unit.unwarned;
    }
    running->step->to_count |= helper->to_count;
    helper->to_count = 0;
}

/* Its connection is a plain statement away. */
static enum outcome greet(struct work *work, void *context)
{
    const struct running *running = context;

    return lease_share(work, &running->lease);
}

static void greet_beside(struct work *work, void *context)
{
    struct batch *batch = context;

    batch->outcome = db_reading(work, greet, batch->running);
}

/* Whether somebody helps. A server that has no connection left for it need not end the run. */
static bool has_help(struct running *running)
{
    struct batch greeting = {.running = running};

    if (running->helper == NULL || running->was_greeted) {
        return running->helper != NULL;
    }
    running->was_greeted = true;
    helper_begin(running->helper, greet_beside, &greeting);
    const struct work *helper = helper_await(running->helper);
    if (greeting.outcome != OK) {
        log_event(LOG_LEVEL_WARNING, "job_alone", LOG_TEXT("job", running->job->name),
                  LOG_TEXT("says", helper->failure.sentence));
        helper_free(running->helper);
        running->helper = NULL;
    }
    return running->helper != NULL;
}

static const struct job_failure *list_failure(struct running *running,
                                              const struct certification *certification)
{
    struct arena *arena = running->work->arena;
    struct job_failure *failure = list_append(&running->run->failures, arena, sizeof(*failure));

    failure->mentor_id = arena_text(arena, certification->mentor_id);
    failure->certification_id = arena_text(arena, certification->certification_id);
    failure->reason = arena_text(arena, running->step->failure.sentence);
    log_event(LOG_LEVEL_ERROR, "job_failed", LOG_TEXT("job", running->job->name),
              LOG_TEXT("mentor", failure->mentor_id),
              LOG_TEXT("certification", failure->certification_id),
              LOG_TEXT("reason", failure->reason));
    return failure;
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

    TRY(keep_lease(work, running));
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
static enum outcome note_failure(struct running *running, const struct certification *certification)
{
    struct failing failing = {
        .running = running,
        .certification = certification,
        .reason = list_failure(running, certification)->reason,
    };

    if (running->dry_run) {
        return OK;
    }
    const enum outcome outcome = db_unit(running->step, record_failure, &failing);
    return ends_the_run(running, outcome) ? outcome : OK;
}

static enum outcome one_by_one(struct running *running, const struct pass *pass,
                               const struct list *found)
{
    struct certification *certifications = found->items;

    for (size_t i = 0; i < found->count; i++) {
        struct batch single = {
            .running = running,
            .pass = pass,
            .certifications = {.items = &certifications[i], .count = 1},
        };
        const enum outcome outcome = in_one_unit(&single);
        if (ends_the_run(running, outcome)) {
            return outcome;
        }
        if (outcome != OK) {
            TRY(note_failure(running, &certifications[i]));
        }
    }
    return OK;
}

/* In its own transaction, for others may share the lease meanwhile. */
static enum outcome prolong_lease(struct work *work, void *context)
{
    return keep_lease(work, context);
}

static enum outcome prolong_when_due(struct running *running)
{
    const int64_t lasts = running->work->settings->jobs.lease * MS_PER_SECOND;

    return clock_monotonic_ms() - running->kept_ms < lasts / PROLONGED_IN
               ? OK
               : db_unit(running->step, prolong_lease, running);
}

/* How a batch ended. */
static enum outcome settle(const struct batch *batch)
{
    struct running *running = batch->running;

    if (batch->outcome != OK && !ends_the_run(running, batch->outcome)) {
        return one_by_one(running, batch->pass, &batch->certifications);
    }
    return batch->outcome;
}

static enum outcome handle_halves(struct running *running, const struct pass *pass,
                                  const struct batch_halves *halves)
{
    struct batch one = {
        .running = running, .pass = pass, .certifications = halves->one, .shared = true};
    struct batch other = one;

    other.certifications = halves->other;
    TRY(prolong_when_due(running));
    helper_begin(running->helper, handle_beside, &other);
    one.outcome = in_one_unit(&one);
    struct work *helper = helper_await(running->helper);
    running->lease_lost = one.lease_lost;
    take_over(running, &other, helper);
    TRY(settle(&one));
    if (other.outcome != OK) {
        struct work *step = running->step;
        step->failure.sentence = arena_text(step->arena, helper->failure.sentence);
    }
    return settle(&other);
}

/* A request, such as one for a slice of the sweep, has no connection to spare, and wants the
 * numbers of its messages in their order. */
struct helper *running_helper(const struct running *running)
{
    const struct work *work = running->work;

    return work->unattended && running->watch.until_ms == 0 && !running->dry_run &&
                   work->settings->jobs.connections > 1
               ? helper_new(running->step)
               : NULL;
}

enum outcome running_handle(struct running *running, const struct pass *pass,
                            const struct list *found)
{
    struct batch batch = {.running = running, .pass = pass, .certifications = *found};

    if (found->count >= WORTH_HALVING && has_help(running)) {
        const struct batch_halves halves = batch_halve(running->step->arena, *found);
        if (halves.one.count > 0) {
            return handle_halves(running, pass, &halves);
        }
    }
    batch.outcome = in_one_unit(&batch);
    return settle(&batch);
}
