/* SPDX-License-Identifier: MIT */
#include "jobs/reminders.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/work.h"
#include "jobs/batch.h"
#include "model/decision.h"
#include "model/expiry_notification.h"
#include "notify/outbox.h"
#include "store/certification.h"
#include "store/decision.h"
#include "store/directory.h"
#include "store/due.h"
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

static struct reminder reminder_of(const struct work *work, const struct mentor *mentor)
{
    return (struct reminder){
        .mentor_id = mentor->mentor_id,
        .status = REMINDER_QUEUED,
        .sent_at = work->now,
        .created_at = work->now,
        .updated_at = work->now,
    };
}

/* The records (struct reminder), the messages of each (struct message_order, in the same order),
 * and what became of those that need no carrier. */
static enum outcome send_all(struct work *work, struct list reminders, struct list orders)
{
    struct reminder *reminder = reminders.items;
    struct message_order *order = orders.items;
    const char **ids = arena_array(work->arena, reminders.count + 1, sizeof(*ids));

    TRY(reminders_insert(reminders, work));
    for (size_t i = 0; i < reminders.count; i++) {
        ids[i] = reminder[i].id;
        order[i].about.event_id = reminder[i].id;
    }
    TRY(messages_enqueue(work, orders));
    return reminders_follow(work, (struct list){.items = ids, .count = reminders.count});
}

static const char *first_channel(const struct mentor *mentor)
{
    const struct person person = mentor_person(mentor);
    struct address addresses[CHANNELS];

    (void)person_addresses(addresses, &person);
    return channel_words[addresses[0].channel];
}

/* For the coordinators to acknowledge. */
static enum outcome record_thresholds(struct work *work, struct list reminders)
{
    const struct reminder *reminder = reminders.items;
    struct expiry_notification *records =
        arena_array(work->arena, reminders.count, sizeof(*records));

    for (size_t i = 0; i < reminders.count; i++) {
        const struct expiry_notification_input input = {
            .mentor_id = reminder[i].mentor_id,
            .coordinator_id = reminder[i].coordinator_id,
            .threshold = threshold_text(work->arena, reminder[i].threshold_days),
            .expiry_date = reminder[i].expires_at,
        };
        records[i] = *expiry_notification_new(work->arena, &input, work->now);
        records[i].certification_id = reminder[i].certification_id;
    }
    return expiry_notifications_insert(work,
                                       (struct list){.items = records, .count = reminders.count});
}

/* channels: "coordinator_email,peer_mentor_push" */
static struct decision queued(const struct certification *certification, int64_t threshold,
                              const char *channels)
{
    const bool mentor = strstr(channels, "peer_mentor_") != NULL;
    const char *detail = channels[0] == '\0' ? "neither the mentor nor a coordinator has an address"
                                             : "the mentor has no address; the coordinator is told";

    return decision_of(certification, threshold, mentor ? DECISION_QUEUED : DECISION_NO_ADDRESS,
                       mentor ? NULL : detail);
}

static enum outcome record_queued(struct work *work, const struct job_unit *unit, struct list due,
                                  struct list reminders, struct list orders)
{
    const struct certification *certification = due.items;
    const struct reminder *reminder = reminders.items;
    const struct message_order *order = orders.items;
    struct decision *decisions = arena_array(work->arena, due.count, sizeof(*decisions));

    for (size_t i = 0; i < due.count; i++) {
        decisions[i] = queued(&certification[i], reminder[i].threshold_days, order[i].channels);
    }
    return decisions_put(work, (struct list){.items = decisions, .count = due.count},
                         unit->job_run_id);
}

/* A reminder that is due, and the messages of it. */
static void prepare(struct reminder *reminder, struct message_order *order, struct work *work,
                    const struct mentor *mentor, const struct certification *certification)
{
    *order = (struct message_order){
        .kind = MESSAGE_CERTIFICATION_EXPIRING,
        .mentor = mentor,
        .recipients = TO_BOTH,
        .about = about_expiry(certification, work->now),
    };
    *reminder = reminder_of(work, mentor);
    reminder->certification_id = certification->certification_id;
    reminder->coordinator_id = mentor->coordinator_id;
    reminder->expires_at = certification->expires_at;
    reminder->days_remaining = order->about.facts.days_remaining;
    reminder->threshold_days = due_threshold(work, certification);
    reminder->channel = first_channel(mentor);
}

static enum outcome send_due(struct work *work, const struct job_unit *unit, struct list due,
                             struct list mentors)
{
    const struct certification *certification = due.items;
    struct list reminders = {.items = arena_array(work->arena, due.count, sizeof(struct reminder)),
                             .count = due.count};
    struct list orders = {.items =
                              arena_array(work->arena, due.count, sizeof(struct message_order)),
                          .count = due.count};

    for (size_t i = 0; i < due.count; i++) {
        const struct mentor *mentor = batch_mentor(mentors, certification[i].mentor_id);
        if (mentor == NULL) {
            return fail(work, NOT_FOUND, "the directory has no mentor %s",
                        certification[i].mentor_id);
        }
        prepare((struct reminder *)reminders.items + i, (struct message_order *)orders.items + i,
                work, mentor, &certification[i]);
    }
    TRY(send_all(work, reminders, orders));
    TRY(record_thresholds(work, reminders));
    return record_queued(work, unit, due, reminders, orders);
}

static enum outcome remind(struct job_unit *unit, struct work *work, struct list found)
{
    struct list still;
    struct list mentors;

    if (!unit->dry_run) {
        TRY(batch_lock(work, found));
        TRY(certification_still_to_remind(&still, work, found));
        found = batch_still(work->arena, found, still);
        TRY(batch_mentors(&mentors, work, found));
        TRY(send_due(work, unit, found, mentors));
    }
    unit->acted += (int64_t)found.count;
    return OK;
}

/* Sent already: somebody ordered it, or a run of an earlier version sent it. What is neither could
 * not be handled, and that has been recorded. */
static enum outcome note(struct job_unit *unit, struct work *work, struct list others)
{
    const struct certification *certification = others.items;
    struct batch_reasons reasons;
    struct list reminded;
    struct list decisions = {0};

    TRY(batch_reasons(&reasons, work, others));
    TRY(certification_reminded(&reminded, work, others));
    for (size_t i = 0; i < others.count; i++) {
        const struct certification *one = &certification[i];
        const int64_t threshold = due_threshold(work, one);
        struct decision why = decision_of(one, threshold, DECISION_ALREADY_SENT, NULL);
        if (batch_is_unlisted(&why, work->arena, &reasons, one, threshold) ||
            batch_has(reminded, one->seq) ||
            batch_is_superseded(&why, work->arena, &reasons, one, threshold)) {
            *(struct decision *)list_append(&decisions, work->arena, sizeof(why)) = why;
        }
    }
    return decisions_put(work, decisions, unit->job_run_id);
}

enum outcome reminders_due_count(int64_t *out, struct work *work)
{
    return certification_count_to_remind(out, work);
}

enum outcome reminders_job_run(struct job_run **out, struct work *work, bool dry_run,
                               const struct job_watch *watch)
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

    return job_run(out, work, &job, dry_run, watch);
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
    struct reminder *reminder = arena_alloc(work->arena, sizeof(*reminder));
    struct message_order messages = {
        .kind = MESSAGE_CERTIFICATION_EXPIRING, .mentor = mentor, .recipients = TO_MENTOR};

    *reminder = reminder_of(work, mentor);
    reminder->coordinator_id = order->coordinator_id;
    reminder->days_remaining = order->days_remaining;
    reminder->channel = order->channel;
    *out = reminder;
    TRY(mentor_lock(work, mentor->mentor_id));
    TRY(name_certification(reminder, &messages.about, work));
    messages.about.channel = order->channel;
    messages.about.facts.ordered = true;
    return send_all(work, (struct list){.items = reminder, .count = 1},
                    (struct list){.items = &messages, .count = 1});
}
