/* SPDX-License-Identifier: MIT */
#include "jobs/reminders.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/work.h"
#include "model/decision.h"
#include "model/expiry_notification.h"
#include "notify/outbox.h"
#include "store/certification.h"
#include "store/decision.h"
#include "store/directory.h"
#include "store/expiry_notification.h"
#include "store/job.h"
#include "store/reminder.h"

#include <string.h>

static int64_t due_threshold(struct work *work, const struct certification *certification)
{
    return threshold_due(
        thresholds_of(work->arena, work->settings, certification->certification_type),
        days_between(work->now, certification->expires_at));
}

static struct message_about about_expiry(const struct certification *certification,
                                         struct instant now)
{
    struct message_about about = message_about(certification);

    about.facts.days_remaining = days_between(now, certification->expires_at);
    return about;
}

static struct reminder *reminder_new(struct work *work, const struct mentor *mentor)
{
    struct reminder *reminder = arena_alloc(work->arena, sizeof(*reminder));

    *reminder = (struct reminder){
        .mentor_id = mentor->mentor_id,
        .status = REMINDER_QUEUED,
        .sent_at = work->now,
        .created_at = work->now,
        .updated_at = work->now,
    };
    return reminder;
}

/* The record, its messages, and what became of those that need no carrier. *channels (may be NULL)
 * as message_enqueue(). */
static enum outcome send_reminder(const char **channels, struct reminder *reminder,
                                  struct work *work, const struct mentor *mentor,
                                  enum recipients recipients, struct message_about *about)
{
    TRY(reminder_insert(reminder, work));
    about->event_id = reminder->id;
    TRY(message_enqueue(channels, work, MESSAGE_CERTIFICATION_EXPIRING, mentor, recipients, about));
    return reminder_follow(work, reminder->id);
}

static const char *first_channel(const struct mentor *mentor)
{
    const struct person person = mentor_person(mentor);
    struct address addresses[CHANNELS];

    (void)person_addresses(addresses, &person);
    return channel_words[addresses[0].channel];
}

/* For the coordinator to acknowledge. */
static enum outcome record_threshold(struct work *work, const struct reminder *reminder)
{
    const struct expiry_notification_input input = {
        .mentor_id = reminder->mentor_id,
        .coordinator_id = reminder->coordinator_id,
        .threshold = threshold_text(work->arena, reminder->threshold_days),
        .expiry_date = reminder->expires_at,
    };
    struct expiry_notification *record = expiry_notification_new(work->arena, &input, work->now);

    record->certification_id = reminder->certification_id;
    return expiry_notification_insert(record, work);
}

/* channels: "coordinator_email,peer_mentor_push" */
static enum outcome record_queued(struct work *work, const struct job_unit *unit,
                                  const struct certification *certification, const char *channels)
{
    const bool mentor = strstr(channels, "peer_mentor_") != NULL;
    const char *detail = channels[0] == '\0' ? "neither the mentor nor a coordinator has an address"
                                             : "the mentor has no address; the coordinator is told";
    const struct decision decision =
        decision_of(certification, due_threshold(work, certification),
                    mentor ? DECISION_QUEUED : DECISION_NO_ADDRESS, mentor ? NULL : detail);

    return decision_put(work, &decision, unit->job_run_id);
}

static enum outcome send_due(struct work *work, const struct job_unit *unit,
                             const struct mentor *mentor, const struct certification *certification)
{
    const char *channels;
    struct message_about about = about_expiry(certification, work->now);
    struct reminder *reminder = reminder_new(work, mentor);

    reminder->certification_id = certification->certification_id;
    reminder->coordinator_id = mentor->coordinator_id;
    reminder->expires_at = certification->expires_at;
    reminder->days_remaining = about.facts.days_remaining;
    reminder->threshold_days = due_threshold(work, certification);
    reminder->channel = first_channel(mentor);
    TRY(send_reminder(&channels, reminder, work, mentor, TO_BOTH, &about));
    TRY(record_threshold(work, reminder));
    return record_queued(work, unit, certification, channels);
}

static enum outcome remind(struct job_unit *unit, struct work *work,
                           const struct certification *certification)
{
    struct mentor *mentor;
    bool due;

    TRY(mentor_find(&mentor, work, certification->mentor_id));
    if (!unit->dry_run) {
        TRY(mentor_lock(work, certification->mentor_id));
        TRY(certification_is_to_remind(&due, work, certification));
        if (!due) {
            return OK; /* it has changed since it was found: nothing to do any more */
        }
        TRY(send_due(work, unit, mentor, certification));
    }
    unit->acted++;
    return OK;
}

static enum outcome was_sent(bool *out, struct work *work,
                             const struct certification *certification)
{
    const struct reminder due = {
        .certification_id = certification->certification_id,
        .expires_at = certification->expires_at,
        .threshold_days = due_threshold(work, certification),
    };

    return reminder_is_taken(out, work, &due);
}

/* Sent already: somebody ordered it, or a run of an earlier version sent it. What is neither could
 * not be handled, and that has been recorded. */
static enum outcome note(struct job_unit *unit, struct work *work,
                         const struct certification *certification)
{
    const int64_t threshold = due_threshold(work, certification);
    const struct decision already =
        decision_of(certification, threshold, DECISION_ALREADY_SENT, NULL);
    bool done;
    bool sent;

    TRY(job_note_unlisted(&done, unit, work, certification, threshold));
    if (done) {
        return OK;
    }
    TRY(was_sent(&sent, work, certification));
    return sent ? decision_put(work, &already, unit->job_run_id)
                : job_note_superseded(unit, work, certification, threshold);
}

enum outcome reminders_due_count(int64_t *out, struct work *work)
{
    return certification_count_to_remind(out, work);
}

enum outcome reminders_job_run(struct job_run **out, struct work *work, bool dry_run,
                               job_progress *progress, void *context)
{
    const struct job job = {
        .name = JOB_REMINDERS,
        .find = certification_to_remind,
        .count = reminders_due_count,
        .act = remind,
        .find_others = certification_undecided_expiring,
        .note = note,
        .threshold = due_threshold,
    };

    return job_run(out, work, &job, dry_run, progress, context);
}

/* The certification that is meant. One that has this reminder already keeps it: the new one is
 * recorded without its name. */
static enum outcome name_certification(struct reminder *reminder, struct message_about *about,
                                       struct work *work)
{
    struct arena *arena = work->arena;
    struct list all;
    bool taken;

    TRY(certification_of_mentor(&all, work, reminder->mentor_id));
    const struct certification *subject =
        reminder_subject(all.items, all.count, reminder->days_remaining, work->now);
    reminder->threshold_days = threshold_ordered(
        thresholds_of(arena, work->settings, subject == NULL ? NULL : subject->certification_type),
        reminder->days_remaining);
    if (subject == NULL) {
        about->facts.days_remaining = reminder->days_remaining;
        about->facts.expires_at = instant_plus(work->now, reminder->days_remaining * MS_PER_DAY);
        return OK;
    }
    *about = about_expiry(subject, work->now);
    reminder->certification_id = subject->certification_id;
    reminder->expires_at = subject->expires_at;
    TRY(reminder_is_taken(&taken, work, reminder));
    if (taken) {
        reminder->certification_id = NULL;
    }
    return OK;
}

enum outcome reminder_order(struct reminder **out, struct work *work, const struct mentor *mentor,
                            const struct reminder_input *order)
{
    struct reminder *reminder = reminder_new(work, mentor);
    struct message_about about = {.channel = NULL};

    reminder->coordinator_id = order->coordinator_id;
    reminder->days_remaining = order->days_remaining;
    reminder->channel = order->channel;
    *out = reminder;
    TRY(mentor_lock(work, mentor->mentor_id));
    TRY(name_certification(reminder, &about, work));
    about.channel = order->channel;
    about.facts.ordered = true;
    return send_reminder(NULL, reminder, work, mentor, TO_MENTOR, &about);
}
