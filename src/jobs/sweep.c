/* SPDX-License-Identifier: MIT */
#include "jobs/sweep.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/host.h"
#include "base/log.h"
#include "base/text.h"
#include "base/work.h"
#include "db/db.h"
#include "jobs/counting.h"
#include "jobs/expiry.h"
#include "jobs/reminders.h"
#include "notify/ping.h"
#include "store/audit.h"
#include "store/directory.h"
#include "store/job.h"
#include "store/message.h"
#include "store/sweep.h"
#include "wire/json.h"

enum { BEATS = 4 }; /* in the time for which the lease is taken */

/* A sweep while it goes on. */
struct sweep {
    struct work *work;
    const struct sweep_order *order;
    const struct sweep_watch *watch;
    struct sweep_report *report;
    int64_t seq; /* its row */
    struct lease lease;
    bool lost; /* to another sweep */
    bool clock_wrong;
    int64_t kept_ms; /* when the lease was last prolonged, on the monotonic clock */
};

static enum outcome keep(struct work *work, void *context)
{
    struct sweep *sweep = context;
    const enum outcome kept = lease_keep(work, &sweep->lease, work->settings->jobs.lease);

    sweep->lost = kept == CONFLICT;
    return kept;
}

/* Before each part: whoever has lost the lease does nothing more. */
static enum outcome keep_on(struct sweep *sweep)
{
    if (sweep->order->dry_run) {
        return OK;
    }
    sweep->kept_ms = clock_monotonic_ms();
    return db_unit(sweep->work, keep, sweep);
}

/* Within a part. What goes wrong here the next part will meet. */
static void beat(void *heart)
{
    struct sweep *sweep = heart;
    const struct work *work = sweep->work;
    const int64_t every = work->settings->jobs.lease * MS_PER_SECOND / BEATS;

    if (sweep->order->dry_run || sweep->lost || clock_monotonic_ms() < sweep->kept_ms + every) {
        return;
    }
    struct work aside = *work;
    aside.arena = arena_new();
    sweep->kept_ms = clock_monotonic_ms();
    (void)db_unit(&aside, keep, sweep);
    arena_free(aside.arena);
}

static void delivery_goes_on(void *context, const struct delivery_count *count)
{
    struct sweep *sweep = context;

    beat(sweep);
    if (sweep->watch->delivery != NULL) {
        sweep->watch->delivery(sweep->watch->context, count);
    }
}

static enum outcome judge_clock(struct work *work, void *context)
{
    struct sweep *sweep = context;
    struct sweep_times last;

    TRY(sweep_last(&last, work));
    const char *wrong = brake_clock(work->arena, clock_now(), &last);
    sweep->clock_wrong = wrong != NULL;
    if (wrong != NULL) {
        sweep->report->brake =
            arena_printf(work->arena,
                         sweep->order->dry_run
                             ? "a sweep would refuse to do anything: %s"
                             : "nothing was done: %s. When the clock is right, or for the first "
                               "sweep after a long time: mentorwatch sweep --accept",
                         wrong);
    }
    return OK;
}

static enum outcome judge_pauses(struct work *work, void *context)
{
    const struct sweep *sweep = context;
    int64_t to_pause;
    int64_t mentors;

    TRY(expiry_to_pause(&to_pause, work));
    TRY(mentor_count(&mentors, work));
    const char *many = brake_pauses(work->arena, to_pause, mentors);
    if (many != NULL && sweep->report->brake == NULL) { /* in a dry run the clock's comes first */
        sweep->report->brake = arena_printf(
            work->arena,
            sweep->order->dry_run ? "a sweep would refuse to pause anybody: %s"
                                  : "nobody was paused, the rest was done: %s. When this is right: "
                                    "mentorwatch sweep --accept",
            many);
    }
    return OK;
}

typedef enum outcome run_job(struct job_run **out, struct work *work, bool dry_run,
                             const struct job_watch *watch);

/* What another run does already is left to it. */
static enum outcome run_part(const struct job_run **out, struct sweep *sweep, run_job *job,
                             job_progress *progress)
{
    struct work *work = sweep->work;
    const struct job_watch watch = {
        .progress = progress,
        .context = sweep->watch->context,
        .beat = beat,
        .heart = sweep,
        .until_ms = sweep->order->until_ms,
    };
    struct job_run *run;
    const enum outcome outcome = job(&run, work, sweep->order->dry_run, &watch);

    if (outcome == CONFLICT) {
        sweep->report->left = work->failure.sentence;
        work_clear(work);
        return OK;
    }
    TRY(outcome);
    *out = run;
    return OK;
}

static enum outcome pause_expired(struct sweep *sweep)
{
    if (!sweep->order->accept) {
        TRY(db_reading(sweep->work, judge_pauses, sweep));
        if (sweep->report->brake != NULL && !sweep->order->dry_run) {
            return OK;
        }
    }
    return run_part(&sweep->report->expiry, sweep, expiry_job_run, sweep->watch->expiry);
}

static enum outcome count_queued(struct work *work, void *context)
{
    return message_count_queued(context, work);
}

static enum outcome deliver(struct sweep *sweep)
{
    struct delivery_count *count = &sweep->report->delivery;

    if (sweep->order->dry_run) {
        return db_reading(sweep->work, count_queued, &count->queued);
    }
    return deliver_until(count, sweep->work, sweep->order->until_ms, delivery_goes_on, sweep);
}

static void counting_goes_on(void *context)
{
    beat(context);
}

/* All that a sweep is for is done by then: totals that could not be looked at make it no bad one.
 */
static void recount(struct sweep *sweep)
{
    struct recounted recounted;
    const enum outcome outcome =
        counting_run(&recounted, sweep->work, true, counting_goes_on, sweep);

    sweep->report->miscounts = recounted.wrong;
    if (outcome != OK) {
        log_event(LOG_LEVEL_WARNING, "recount", LOG_TEXT("says", sweep->work->failure.sentence));
    }
}

/* What a mistyped moment makes old is not old; who accepts means it. */
static bool keeps_old(const struct sweep_order *order)
{
    return order->keeps_old || (order->other_time && !order->accept);
}

static enum outcome remove_old(struct sweep *sweep)
{
    const struct job_watch watch = {
        .beat = beat, .heart = sweep, .until_ms = sweep->order->until_ms};

    return retention_run(&sweep->report->removed, sweep->work, keeps_old(sweep->order), &watch);
}

/* What is not done then is left to the next one, which finds it. */
static bool time_is_up(struct sweep *sweep)
{
    const int64_t until_ms = sweep->order->until_ms;
    const bool up = until_ms > 0 && clock_monotonic_ms() >= until_ms;

    if (up) {
        sweep->report->left = "the time was up: the next run goes on";
    }
    return up;
}

static enum outcome all_parts(struct sweep *sweep)
{
    TRY(pause_expired(sweep));
    if (time_is_up(sweep)) {
        return OK;
    }
    TRY(keep_on(sweep));
    TRY(run_part(&sweep->report->reminders, sweep, reminders_job_run, sweep->watch->reminders));
    TRY(keep_on(sweep));
    TRY(deliver(sweep));
    if (time_is_up(sweep)) {
        return OK;
    }
    TRY(keep_on(sweep));
    if (sweep->order->dry_run) {
        return OK;
    }
    TRY(remove_old(sweep));
    if (time_is_up(sweep)) {
        return OK;
    }
    recount(sweep);
    return OK;
}

static bool judges_clock(const struct sweep *sweep)
{
    return !sweep->order->accept && !sweep->order->other_time;
}

static enum outcome begin(struct work *work, void *context)
{
    struct sweep *sweep = context;
    const enum outcome taken = lease_take(&sweep->lease, work, work->settings->jobs.lease);

    sweep->lost = taken == CONFLICT;
    TRY(taken);
    sweep->report->brake = NULL; /* where this is repeated */
    if (judges_clock(sweep)) {
        TRY(judge_clock(work, sweep));
    }
    TRY(sweep_begin(&sweep->seq, work, host_name(work->arena), clock_now()));
    return audit_add(work, NULL);
}

/* A message that can never be delivered is its own matter: it is told, and the sweep is good. */
static bool has_failures(const struct sweep_report *report)
{
    return (report->expiry != NULL && report->expiry->failures.count > 0) ||
           (report->reminders != NULL && report->reminders->failures.count > 0) ||
           report->delivery.relay_away;
}

static enum sweep_result result_of(const struct sweep *sweep)
{
    const struct sweep_report *report = sweep->report;

    if (sweep->clock_wrong) {
        return SWEEP_REFUSED;
    }
    if (report->brake != NULL) {
        return SWEEP_BRAKED;
    }
    if (has_failures(report)) {
        return SWEEP_FAILURES;
    }
    return report->left != NULL ? SWEEP_LEFT : SWEEP_GOOD;
}

/* How it ended, on the way into its row. */
struct ending {
    struct sweep *sweep;
    enum sweep_result result;
    const char *says;
};

static enum outcome put_end(struct work *work, const struct ending *ending)
{
    const struct sweep *sweep = ending->sweep;

    TRY(sweep_end(work, sweep->seq, ending->result, ending->says,
                  sweep_json(work->arena, sweep->report), clock_now()));
    return lease_release(work, &sweep->lease);
}

static enum outcome end(struct work *work, void *context)
{
    const struct ending *ending = context;

    TRY(keep(work, ending->sweep));
    return put_end(work, ending);
}

/* Without the lease, too. */
static enum outcome end_early(struct work *work, void *context)
{
    return put_end(work, context);
}

/* What was left to another run may go well or not: then nothing is said. */
static void tell_watcher(const struct sweep *sweep, enum sweep_result result)
{
    const struct sweep_report *report = sweep->report;

    if (result != SWEEP_LEFT) {
        ping_sweep(sweep->work, result == SWEEP_GOOD ? PING_SUCCESS : PING_FAIL,
                   report->brake != NULL ? report->brake : sweep_json(sweep->work->arena, report));
    }
}

static enum outcome record_end(struct sweep *sweep)
{
    const struct sweep_report *report = sweep->report;
    struct ending ending = {
        .sweep = sweep,
        .result = result_of(sweep),
        .says = report->brake != NULL ? report->brake : report->left,
    };

    TRY(db_unit(sweep->work, end, &ending));
    tell_watcher(sweep, ending.result);
    return OK;
}

/* As far as the database lets us; what went wrong stays said. */
static void record_failure(struct sweep *sweep)
{
    struct work *work = sweep->work;
    const struct failure failure = work->failure;
    struct ending ending = {.sweep = sweep, .result = SWEEP_FAILED, .says = failure.sentence};

    (void)db_unit(work, end_early, &ending);
    ping_sweep(work, PING_FAIL, failure.sentence);
    work->failure = failure;
}

/* The one that has taken over does all that is left, and tells of it. */
static void record_loss(struct sweep *sweep)
{
    struct ending ending = {
        .sweep = sweep, .result = SWEEP_FAILED, .says = "another sweep has taken over"};

    sweep->report->left = ending.says;
    log_event(LOG_LEVEL_WARNING, "lease", LOG_TEXT("says", ending.says));
    (void)db_unit(sweep->work, end_early, &ending);
    work_clear(sweep->work);
}

static enum outcome rehearse(struct sweep *sweep)
{
    if (judges_clock(sweep)) {
        TRY(db_reading(sweep->work, judge_clock, sweep));
    }
    return all_parts(sweep);
}

static enum outcome go_through(struct sweep *sweep)
{
    ping_sweep(sweep->work, PING_START, NULL);
    if (!sweep->clock_wrong) {
        TRY(all_parts(sweep));
    }
    return record_end(sweep);
}

static enum outcome run_for_real(struct sweep *sweep)
{
    sweep->lease = lease_for(sweep->work->arena, LEASE_SWEEP);
    enum outcome outcome = db_unit(sweep->work, begin, sweep);

    if (sweep->lost) {
        sweep->report->left = "another sweep is going on";
        work_clear(sweep->work);
        return OK;
    }
    if (outcome == OK) {
        outcome = go_through(sweep);
    }
    if (outcome != OK && sweep->lost) {
        record_loss(sweep);
        return OK;
    }
    if (outcome != OK) {
        record_failure(sweep);
    }
    return outcome;
}

enum outcome sweep_run(struct sweep_report *out, struct work *work, const struct sweep_order *order,
                       const struct sweep_watch *watch)
{
    struct sweep sweep = {.work = work, .order = order, .watch = watch, .report = out};

    *out = (struct sweep_report){.dry_run = order->dry_run};
    work->unattended = true; /* it delivers whatever is due */
    return order->dry_run ? rehearse(&sweep) : run_for_real(&sweep);
}

static const char *run_json(struct arena *arena, const struct record *record,
                            const struct job_run *run)
{
    return run == NULL ? "null" : json_write(arena, record, run);
}

static void add_sentence(struct text *to, const char *key, const char *sentence)
{
    text_add_format(to, ",\"%s\":", key);
    if (sentence == NULL) {
        text_add(to, "null");
    } else {
        json_add_text(to, sentence);
    }
}

char *sweep_json(struct arena *arena, const struct sweep_report *report)
{
    struct text json = text_in(arena);

    text_add_format(&json, "{\"dry_run\":%s,\"expiry\":%s,\"reminders\":%s,\"delivery\":%s",
                    report->dry_run ? "true" : "false",
                    run_json(arena, &expiry_run, report->expiry),
                    run_json(arena, &reminders_run, report->reminders),
                    json_write(arena, &delivery_count, &report->delivery));
    text_add(&json, ",\"removed\":");
    retention_add_json(&json, &report->removed);
    add_sentence(&json, "brake", report->brake);
    add_sentence(&json, "left", report->left);
    text_add(&json, "}");
    return text_done(&json);
}
