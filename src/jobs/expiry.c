/* SPDX-License-Identifier: MIT */
#include "jobs/expiry.h"

#include "base/config.h"
#include "base/id.h"
#include "base/work.h"
#include "jobs/pausing.h"
#include "model/decision.h"
#include "store/certification.h"
#include "store/decision.h"
#include "store/directory.h"
#include "store/job.h"
#include "store/reminder.h"

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

static enum outcome log_line(struct work *work, const struct job_unit *unit,
                             const struct certification *certification)
{
    const struct expiry_log log = {
        .log_id = id_new(work->arena, "log_"),
        .mentor_id = certification->mentor_id,
        .certification_id = certification->certification_id,
        .reason = certification_expiry_reason(work->arena, certification),
        .job_run_id = unit->job_run_id,
        .applied_at = work->now,
    };
    return expiry_log_insert(work, &log);
}

/* *acted is false when the certification has changed since it was found: there is nothing to do any
 * more. */
static enum outcome act(bool *acted, struct work *work, const struct job_unit *unit,
                        const struct mentor *mentor, const struct certification *certification,
                        bool warned)
{
    TRY(mentor_lock(work, certification->mentor_id));
    TRY(certification_mark_applied(acted, work, certification));
    if (!*acted) {
        return OK;
    }
    TRY(pause_for_expiry(work, mentor, certification, warned));
    TRY(log_line(work, unit, certification));
    const struct decision decision =
        decision_of(certification, DECISION_EXPIRY, DECISION_PAUSED,
                    warned ? NULL : "no warning had been delivered before");
    return decision_put(work, &decision, unit->job_run_id);
}

static enum outcome pause_mentor(struct job_unit *unit, struct work *work,
                                 const struct certification *certification)
{
    struct mentor *mentor;
    bool warned;
    bool acted = true;

    TRY(mentor_find(&mentor, work, certification->mentor_id));
    TRY(reminder_was_delivered(&warned, work, certification));
    if (!unit->dry_run) {
        TRY(act(&acted, work, unit, mentor, certification, warned));
    }
    if (!acted) {
        return OK;
    }
    unit->acted++;
    unit->unwarned += !warned;
    return OK;
}

static enum outcome find_others(struct list *out, struct work *work,
                                const struct certification *after, int64_t limit)
{
    return certification_undecided_expired(out, work, due_until(work), after, limit);
}

/* What expired and is not superseded is not noted here: it could not be handled, and that has been
 * recorded. */
static enum outcome note(struct job_unit *unit, struct work *work,
                         const struct certification *certification)
{
    bool done;

    TRY(job_note_unlisted(&done, unit, work, certification, DECISION_EXPIRY));
    return done ? OK : job_note_superseded(unit, work, certification, DECISION_EXPIRY);
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
                            job_progress *progress, void *context)
{
    const struct job job = {
        .name = JOB_EXPIRY,
        .find = find,
        .count = expiries_due_count,
        .act = pause_mentor,
        .find_others = find_others,
        .note = note,
        .threshold = threshold,
    };

    return job_run(out, work, &job, dry_run, progress, context);
}
