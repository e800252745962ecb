/* SPDX-License-Identifier: MIT */
#include "jobs/expiry.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/id.h"
#include "base/log.h"
#include "base/work.h"
#include "db/db.h"
#include "jobs/pausing.h"
#include "store/certification.h"
#include "store/directory.h"
#include "store/job.h"
#include "wire/json.h"

enum { NUMBER_TRIES = 10 };

/* A run while it goes on. */
struct job {
    struct expiry_run *run; /* its texts and failures live in `work` */
    struct work *work;
    struct work *step; /* the batch at hand: its arena is emptied after each */
    struct lease lease;
    struct list enqueued; /* by all units so far, see struct work */
    bool dry_run;
    int64_t begun_ms; /* on the monotonic clock */
    int64_t done;
    expiry_progress *progress;
    void *context;
};

/* Some certifications in one transaction, and what came of them. */
struct batch {
    struct job *job;
    const struct certification *certifications;
    size_t count;
    int64_t paused;
    int64_t unwarned;
    bool lease_lost;
};

static struct instant due_until(const struct work *work)
{
    return instant_plus(work->now, -work->settings->jobs.grace_days * MS_PER_DAY);
}

static enum outcome log_line(struct work *work, const struct job *job,
                             const struct certification *certification)
{
    const struct expiry_log log = {
        .log_id = id_new(work->arena, "log_"),
        .mentor_id = certification->mentor_id,
        .certification_id = certification->certification_id,
        .reason = certification_expiry_reason(work->arena, certification),
        .job_run_id = job->run->job_run_id,
        .applied_at = work->now,
    };
    return expiry_log_insert(work, &log);
}

/* *acted is false when the certification has changed since it was found: there is nothing to do any
 * more. */
static enum outcome act(bool *acted, struct work *work, const struct job *job,
                        const struct mentor *mentor, const struct certification *certification,
                        bool warned)
{
    TRY(mentor_lock(work, certification->mentor_id));
    TRY(certification_mark_applied(acted, work, certification));
    if (!*acted) {
        return OK;
    }
    TRY(pause_for_expiry(work, mentor, certification, warned));
    return log_line(work, job, certification);
}

static enum outcome handle(struct work *work, struct batch *batch,
                           const struct certification *certification)
{
    struct mentor *mentor;
    bool warned;
    bool acted = true;

    TRY(mentor_find(&mentor, work, certification->mentor_id));
    TRY(reminder_was_delivered(&warned, work, certification->certification_id,
                               certification->expires_at));
    if (!batch->job->dry_run) {
        TRY(act(&acted, work, batch->job, mentor, certification, warned));
    }
    if (!acted) {
        return OK;
    }
    batch->paused++;
    batch->unwarned += !warned;
    return OK;
}

static enum outcome handle_all(struct work *work, void *context)
{
    struct batch *batch = context;

    batch->paused = 0;
    batch->unwarned = 0;
    if (!batch->job->dry_run) {
        const enum outcome kept = lease_keep(work, &batch->job->lease, work->settings->jobs.lease);
        batch->lease_lost = kept == CONFLICT;
        TRY(kept);
    }
    for (size_t i = 0; i < batch->count; i++) {
        TRY(handle(work, batch, &batch->certifications[i]));
    }
    return OK;
}

/* Whoever asked for the run may want to deliver its messages. */
static void keep_enqueued(struct job *job)
{
    const int64_t *numbers = job->step->enqueued.items;

    for (size_t i = 0; i < job->step->enqueued.count; i++) {
        *(int64_t *)list_append(&job->enqueued, job->work->arena, sizeof(*numbers)) = numbers[i];
    }
}

static enum outcome in_one_unit(struct batch *batch)
{
    struct job *job = batch->job;
    const enum outcome outcome = job->dry_run ? db_reading(job->step, handle_all, batch)
                                              : db_unit(job->step, handle_all, batch);
    if (outcome == OK) {
        job->run->auto_paused += batch->paused;
        job->run->unwarned += batch->unwarned;
        keep_enqueued(job);
    }
    return outcome;
}

static void note_failure(struct job *job, const struct certification *certification)
{
    struct arena *arena = job->work->arena;
    struct job_failure *failure = list_append(&job->run->failures, arena, sizeof(*failure));

    failure->mentor_id = arena_text(arena, certification->mentor_id);
    failure->certification_id = arena_text(arena, certification->certification_id);
    failure->reason = arena_text(arena, job->step->failure.sentence);
    log_event(LOG_LEVEL_ERROR, "expiry_failed", LOG_TEXT("mentor", failure->mentor_id),
              LOG_TEXT("certification", failure->certification_id),
              LOG_TEXT("reason", failure->reason));
}

/* The whole run ends when the database is away or the lease is lost; any other failure is this
 * certification's own. */
static bool ends_the_run(const struct batch *batch, enum outcome outcome)
{
    return outcome == UNAVAILABLE || batch->lease_lost;
}

static enum outcome one_by_one(struct job *job, const struct list *found)
{
    const struct certification *certifications = found->items;

    for (size_t i = 0; i < found->count; i++) {
        struct batch single = {.job = job, .certifications = &certifications[i], .count = 1};
        const enum outcome outcome = in_one_unit(&single);
        if (ends_the_run(&single, outcome)) {
            return outcome;
        }
        if (outcome != OK) {
            note_failure(job, &certifications[i]);
        }
    }
    return OK;
}

static enum outcome handle_batch(struct job *job, const struct list *found)
{
    struct batch batch = {.job = job, .certifications = found->items, .count = found->count};
    const enum outcome outcome = in_one_unit(&batch);

    if (outcome != OK && !ends_the_run(&batch, outcome)) {
        return one_by_one(job, found);
    }
    return outcome;
}

/* What the next batch begins after; a copy, since the batch's arena is emptied. */
struct position {
    struct certification last;
    bool begun;
};

static enum outcome step(bool *more, struct job *job, struct position *position)
{
    struct list found;
    const int64_t limit = job->work->settings->jobs.batch;

    TRY(certification_due(&found, job->step, due_until(job->work),
                          position->begun ? &position->last : NULL, limit));
    *more = (int64_t)found.count == limit;
    if (found.count == 0) {
        return OK;
    }
    job->run->expired_found += (int64_t)found.count;
    TRY(handle_batch(job, &found));
    const struct certification *last = (const struct certification *)found.items + found.count - 1;
    position->last = (struct certification){.seq = last->seq, .expires_at = last->expires_at};
    position->begun = true;
    job->done += (int64_t)found.count;
    return OK;
}

static void tell(const struct job *job, int64_t total)
{
    if (job->progress != NULL) {
        job->progress(job->context, job->done, job->done > total ? job->done : total);
    }
}

static enum outcome walk(struct job *job)
{
    struct position position = {.begun = false};
    int64_t total = 0;
    bool more = true;
    enum outcome outcome = OK;

    TRY(certification_count_holders(&job->run->mentors_scanned, job->work));
    if (job->progress != NULL) {
        TRY(certification_count_due(&total, job->work, due_until(job->work)));
    }
    struct work batch_work = *job->work;
    batch_work.arena = arena_new();
    job->step = &batch_work;
    while (outcome == OK && more) {
        tell(job, total);
        outcome = step(&more, job, &position);
        if (outcome == OK) {
            arena_reset(batch_work.arena);
        }
    }
    tell(job, total);
    if (outcome != OK) {
        job->work->failure.sentence = arena_text(job->work->arena, batch_work.failure.sentence);
    }
    arena_free(batch_work.arena);
    job->step = NULL;
    return outcome;
}

static enum outcome take_lease(struct work *work, void *context)
{
    struct job *job = context;

    return lease_take(&job->lease, work, JOB_EXPIRY, work->settings->jobs.lease);
}

static enum outcome release_lease(struct work *work, void *context)
{
    const struct job *job = context;

    return lease_release(work, &job->lease);
}

static enum outcome name_run(int64_t *number, struct work *work, struct expiry_run *run)
{
    const struct date day = instant_civil(run->started_at).date;

    TRY(job_run_next_number(number, work, day));
    run->job_run_id = job_run_id(work->arena, day, *number);
    return OK;
}

static enum outcome record_start(struct work *work, void *context)
{
    struct job *job = context;
    int64_t number;

    TRY(name_run(&number, work, job->run));
    return job_run_insert(work, JOB_EXPIRY, job->run, number);
}

/* Another job may take the day's next number at the same moment: then the one after it. */
static enum outcome begin(struct job *job)
{
    enum outcome outcome = CONFLICT;

    for (int attempt = 0; outcome == CONFLICT && attempt < NUMBER_TRIES; attempt++) {
        outcome = db_unit(job->work, record_start, job);
    }
    return outcome;
}

/* started_at may be another day's (--as-of), so the end is what the run took later. */
static void note_end(const struct job *job)
{
    job->run->completed_at =
        instant_plus(job->run->started_at, clock_monotonic_ms() - job->begun_ms);
}

static enum outcome record_end(struct work *work, void *context)
{
    const struct job *job = context;
    const char *failures = json_write(work->arena, &expiry_run_failures, job->run);

    TRY(job_run_finish(work, job->run, failures));
    return lease_release(work, &job->lease);
}

static enum outcome run_for_real(struct job *job)
{
    enum outcome outcome = begin(job);

    if (outcome == OK) {
        outcome = walk(job);
    }
    if (outcome == OK) {
        note_end(job);
        outcome = db_unit(job->work, record_end, job);
        job->work->enqueued = job->enqueued;
        return outcome;
    }
    /* The next run need not wait until the lease has run out. What went wrong stays said. */
    const struct failure failure = job->work->failure;
    if (db_unit(job->work, release_lease, job) != OK) {
        log_event(LOG_LEVEL_WARNING, "lease", LOG_TEXT("says", "it will run out by itself"));
    }
    job->work->failure = failure;
    return outcome;
}

enum outcome expiry_job_run(struct expiry_run **out, struct work *work, bool dry_run,
                            expiry_progress *progress, void *context)
{
    struct expiry_run *run = arena_alloc(work->arena, sizeof(*run));
    struct job job = {
        .run = run,
        .work = work,
        .dry_run = dry_run,
        .begun_ms = clock_monotonic_ms(),
        .progress = progress,
        .context = context,
    };
    int64_t number;

    run->started_at = work->now;
    *out = run;
    if (!dry_run) {
        TRY(db_unit(work, take_lease, &job));
        return run_for_real(&job);
    }
    TRY(name_run(&number, work, run));
    TRY(walk(&job));
    note_end(&job);
    return OK;
}
