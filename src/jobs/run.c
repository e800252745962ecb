/* SPDX-License-Identifier: MIT */
#include "jobs/run.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/log.h"
#include "base/work.h"
#include "db/db.h"
#include "jobs/running.h"
#include "store/audit.h"
#include "store/count.h"
#include "store/due.h"
#include "store/job.h"
#include "wire/json.h"

enum { NUMBER_TRIES = 10 };

static void tell(const struct running *running, int64_t total)
{
    const struct job_watch *watch = &running->watch;
    const int64_t done = atomic_load(&running->done);

    if (watch->beat != NULL) {
        watch->beat(watch->heart);
    }
    if (watch->progress != NULL) {
        watch->progress(watch->context, done, done > total ? done : total);
    }
}

/* Counts for the report, and, where somebody watches, how much there is to do. */
struct survey {
    const struct running *running;
    int64_t total;
};

static enum outcome look_around(struct work *work, void *context)
{
    struct survey *survey = context;
    const struct running *running = survey->running;

    TRY(certification_count_holders(&running->run->mentors_scanned, work));
    return running->watch.progress != NULL ? running->job->count(&survey->total, work) : OK;
}

static bool time_is_up(const struct running *running)
{
    return running->watch.until_ms > 0 && clock_monotonic_ms() >= running->watch.until_ms;
}

static enum outcome walk(struct running *running, const struct pass *pass, int64_t total)
{
    enum outcome outcome = OK;
    bool more = true;

    running_begin(running, pass);
    while (outcome == OK && more && !time_is_up(running)) {
        tell(running, total);
        outcome = running_step(&more, running);
        if (outcome == OK) {
            count_fold_due(running->step);
            arena_reset(running->step->arena);
        }
    }
    const struct failure failure = running->step->failure;
    const enum outcome ended = running_end(running);
    if (outcome != OK) {
        running->step->failure = failure;
        return outcome;
    }
    TRY(ended);
    count_fold_due(running->step);
    tell(running, total);
    return OK;
}

/* Those for which there is nothing to do are noted last: whoever had something done for them has a
 * decision by then. */
static enum outcome walk_all(struct running *running, int64_t total)
{
    const struct job *job = running->job;
    const struct pass acting = {.find = job->find, .handle = job->act, .counted = true};
    const struct pass noting = {.find = job->find_others, .handle = job->note};

    TRY(walk(running, &acting, total));
    return running->dry_run ? OK : walk(running, &noting, total);
}

static enum outcome look_and_walk(struct running *running)
{
    struct survey survey = {.running = running};

    TRY(db_reading(running->work, look_around, &survey));
    struct work batch_work = *running->work;
    batch_work.arena = arena_new();
    running->step = &batch_work;
    running_open(running);
    const enum outcome outcome = walk_all(running, survey.total);
    if (outcome != OK) {
        running->work->failure.sentence =
            arena_text(running->work->arena, batch_work.failure.sentence);
    }
    running_close(running);
    arena_free(batch_work.arena);
    running->step = NULL;
    return outcome;
}

static enum outcome take_lease(struct work *work, void *context)
{
    struct running *running = context;

    return lease_take(&running->lease, work, work->settings->jobs.lease);
}

static enum outcome release_lease(struct work *work, void *context)
{
    const struct running *running = context;

    return lease_release(work, &running->lease);
}

static enum outcome name_run(int64_t *number, struct work *work, struct job_run *run)
{
    const struct date day = instant_civil(run->started_at).date;

    TRY(job_run_next_number(number, work, day));
    run->job_run_id = job_run_id(work->arena, day, *number);
    return OK;
}

/* A dry run has the name that the next run will have. */
static enum outcome borrow_name(struct work *work, void *context)
{
    int64_t number;

    return name_run(&number, work, context);
}

static enum outcome record_start(struct work *work, void *context)
{
    struct running *running = context;
    int64_t number;

    TRY(name_run(&number, work, running->run));
    TRY(job_run_insert(work, running->job->name, running->run, number));
    return audit_add(work, running->run->job_run_id);
}

/* Another job may take the day's next number at the same moment: then the one after it. */
static enum outcome begin(struct running *running)
{
    enum outcome outcome = CONFLICT;

    for (int attempt = 0; outcome == CONFLICT && attempt < NUMBER_TRIES; attempt++) {
        outcome = db_unit(running->work, record_start, running);
    }
    return outcome;
}

/* started_at may be another day's (--as-of), so the end is what the run took later. */
static void note_end(const struct running *running)
{
    running->run->completed_at =
        instant_plus(running->run->started_at, clock_monotonic_ms() - running->begun_ms);
}

static enum outcome record_end(struct work *work, void *context)
{
    const struct running *running = context;
    const char *failures = json_write(work->arena, &job_run_failures, running->run);

    TRY(job_run_finish(work, running->run, failures));
    return lease_release(work, &running->lease);
}

static enum outcome run_for_real(struct running *running)
{
    enum outcome outcome = begin(running);

    if (outcome == OK) {
        outcome = look_and_walk(running);
    }
    if (outcome == OK) {
        note_end(running);
        outcome = db_unit(running->work, record_end, running);
        running->work->enqueued = running->enqueued;
        return outcome;
    }
    if (running->lease_lost) {
        log_event(LOG_LEVEL_WARNING, "lease", LOG_TEXT("says", running->work->failure.sentence));
    } else if (outcome == CONFLICT) { /* the caller would take it for another run's lease */
        outcome = BROKEN;
    }
    /* The next run need not wait until the lease has run out. What went wrong stays said. */
    const struct failure failure = running->work->failure;
    if (db_unit(running->work, release_lease, running) != OK) {
        log_event(LOG_LEVEL_WARNING, "lease", LOG_TEXT("says", "it will run out by itself"));
    }
    running->work->failure = failure;
    return outcome;
}

enum outcome job_run(struct job_run **out, struct work *work, const struct job *job, bool dry_run,
                     const struct job_watch *watch)
{
    static const struct job_watch nobody = {.beat = NULL};
    struct job_run *run = arena_alloc(work->arena, sizeof(*run));
    struct running running = {
        .job = job,
        .run = run,
        .work = work,
        .dry_run = dry_run,
        .begun_ms = clock_monotonic_ms(),
        .watch = watch == NULL ? nobody : *watch,
    };

    run->started_at = work->now;
    *out = run;
    if (!dry_run) {
        running.lease = lease_for(work->arena, job->name);
        TRY(db_unit(work, take_lease, &running));
        return run_for_real(&running);
    }
    TRY(db_reading(work, borrow_name, run));
    TRY(look_and_walk(&running));
    note_end(&running);
    return OK;
}
