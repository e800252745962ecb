/* SPDX-License-Identifier: MIT */
#include "jobs/expiry.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/id.h"
#include "base/work.h"
#include "jobs/batch.h"
#include "jobs/pausing.h"
#include "model/decision.h"
#include "store/decision.h"
#include "store/due.h"
#include "store/job.h"

static struct instant due_until(const struct work *work)
{
    return instant_plus(work->now, -work->settings->jobs.grace_days * MS_PER_DAY);
}

static enum outcome find(struct list *out, struct work *work, const struct certification *after,
                         int64_t limit)
{
    return certification_due(out, work, due_until(work), after, limit);
}

enum outcome expiries_due_count(int64_t *out, struct work *work)
{
    return certification_count_due(out, work, due_until(work));
}

static enum outcome write_log(struct work *work, const struct job_unit *unit, struct list due)
{
    const struct due_pause *pause = due.items;
    struct expiry_log *lines = arena_array(work->arena, due.count, sizeof(*lines));
    struct id_series ids = id_series("log_");

    for (size_t i = 0; i < due.count; i++) {
        lines[i] = (struct expiry_log){
            .log_id = id_next(work->arena, &ids),
            .mentor_id = pause[i].certification->mentor_id,
            .certification_id = pause[i].certification->certification_id,
            .reason = pause[i].reason,
            .job_run_id = unit->job_run_id,
            .applied_at = work->now,
        };
    }
    return expiry_logs_insert(work, (struct list){.items = lines, .count = due.count});
}

static enum outcome decide(struct work *work, const struct job_unit *unit, struct list due)
{
    const struct due_pause *pause = due.items;
    struct decision *decisions = arena_array(work->arena, due.count, sizeof(*decisions));

    for (size_t i = 0; i < due.count; i++) {
        decisions[i] = decision_of(pause[i].certification, DECISION_EXPIRY, DECISION_PAUSED,
                                   pause[i].warned ? NULL : "no warning had been delivered before");
    }
    return decisions_put(work, (struct list){.items = decisions, .count = due.count},
                         unit->job_run_id);
}

/* struct due_pause for each. */
static enum outcome pauses_for(struct list *out, struct work *work, struct list certifications)
{
    const struct certification *certification = certifications.items;
    struct due_pause *pauses = arena_array(work->arena, certifications.count, sizeof(*pauses));
    struct list mentors;

    TRY(batch_mentors(&mentors, work, certifications));
    for (size_t i = 0; i < certifications.count; i++) {
        pauses[i] = (struct due_pause){
            .certification = &certification[i],
            .mentor = batch_mentor(mentors, certification[i].mentor_id),
            .reason = certification_expiry_reason(work->arena, &certification[i]),
            .warned = certification[i].warned,
        };
        if (pauses[i].mentor == NULL) {
            return fail(work, NOT_FOUND, "the directory has no mentor %s",
                        certification[i].mentor_id);
        }
    }
    *out = (struct list){.items = pauses, .count = certifications.count};
    return OK;
}

static enum outcome pause_all(struct work *work, const struct job_unit *unit,
                              struct list certifications, struct list due)
{
    TRY(certification_mark_applied(work, certifications));
    TRY(pause_for_expiries(work, due));
    TRY(write_log(work, unit, due));
    return decide(work, unit, due);
}

static enum outcome act(struct job_unit *unit, struct work *work, struct list found)
{
    struct list still;
    struct list due;

    if (!unit->dry_run) {
        TRY(batch_lock(work, found));
    }
    TRY(certification_still_due(&still, work, due_until(work), found));
    found = batch_still(work->arena, found, still);
    TRY(pauses_for(&due, work, found));
    if (!unit->dry_run) {
        TRY(pause_all(work, unit, found, due));
    }
    const struct due_pause *pause = due.items;
    for (size_t i = 0; i < due.count; i++) {
        unit->acted++;
        unit->unwarned += !pause[i].warned;
    }
    return OK;
}

static enum outcome find_others(struct list *out, struct work *work,
                                const struct certification *after, int64_t limit)
{
    return certification_undecided_expired(out, work, due_until(work), after, limit);
}

/* What expired and is not superseded is not noted here: it could not be handled, and that has been
 * recorded. */
static enum outcome note(struct job_unit *unit, struct work *work, struct list others)
{
    const struct certification *certification = others.items;
    struct batch_reasons reasons;
    struct list decisions = {0};

    TRY(batch_reasons(&reasons, work, others));
    for (size_t i = 0; i < others.count; i++) {
        struct decision why;
        if (batch_is_unlisted(&why, work->arena, &reasons, &certification[i], DECISION_EXPIRY) ||
            batch_is_superseded(&why, work->arena, &reasons, &certification[i], DECISION_EXPIRY)) {
            *(struct decision *)list_append(&decisions, work->arena, sizeof(why)) = why;
        }
    }
    return decisions_put(work, decisions, unit->job_run_id);
}

static int64_t threshold(struct work *work, const struct certification *certification)
{
    (void)work;
    (void)certification;
    return DECISION_EXPIRY;
}

enum outcome expiry_to_pause(int64_t *out, struct work *work)
{
    return certification_count_mentors_due(out, work, due_until(work));
}

enum outcome expiry_job_run(struct job_run **out, struct work *work, bool dry_run,
                            const struct job_watch *watch)
{
    const struct job job = {
        .name = JOB_EXPIRY,
        .find = find,
        .count = expiries_due_count,
        .act = act,
        .find_others = find_others,
        .note = note,
        .threshold = threshold,
    };

    return job_run(out, work, &job, dry_run, watch);
}
