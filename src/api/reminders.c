/* SPDX-License-Identifier: MIT */
#include "api/reminders.h"

#include "api/check.h"
#include "base/work.h"
#include "http/request.h"
#include "jobs/reminders.h"
#include "store/directory.h"
#include "store/reminder.h"

enum outcome reminder_index(struct request *request)
{
    const struct reminder_filter *filter = request->input;
    struct page page;

    TRY(reminder_list(&page, request->work, filter));
    return reply_page(request, &reminder_item, &page, &filter->listing);
}

enum outcome reminder_read(struct request *request)
{
    struct reminder *reminder;

    TRY(reminder_find(&reminder, request->work, request_value(request, 0)));
    return reply(request, &reminder_detail, reminder);
}

enum outcome reminder_check_people(struct request *request)
{
    const struct reminder_input *input = request->input;

    TRY(check_mentor(request, input->mentor_id));
    return check_responsible(request, input->mentor_id, input->coordinator_id);
}

/* Read again: its status is what became of the message. */
static enum outcome tell_created(struct request *request)
{
    const struct reminder *ordered = request->unfinished;
    struct reminder *reminder;

    TRY(reminder_find(&reminder, request->work, ordered->id));
    return reply_created(request, reminder->id, &reminder_created, reminder);
}

enum outcome reminder_create(struct request *request)
{
    struct work *work = request->work;
    const struct reminder_input *input = request->input;
    struct mentor *mentor;
    struct reminder *reminder;

    TRY(mentor_find(&mentor, work, input->mentor_id));
    TRY(reminder_order(&reminder, work, mentor, input));
    return reply_later(request, tell_created, reminder);
}

/* Nobody else changes it until the transaction ends; then it is read as it is. */
static enum outcome find_locked(struct reminder **out, struct request *request)
{
    struct work *work = request->work;
    const char *id = request_value(request, 0);

    TRY(reminder_lock(work, id));
    TRY(reminder_find(out, work, id));
    return request_match(request, &reminder_detail, *out);
}

enum outcome reminder_update(struct request *request)
{
    struct work *work = request->work;
    struct reminder *reminder;

    TRY(request_names_something(request));
    TRY(find_locked(&reminder, request));
    TRY(reminder_apply(reminder, work, request->input));
    TRY(reminder_save(reminder, work));
    return reply(request, &reminder_updated, reminder);
}

enum outcome reminder_remove(struct request *request)
{
    struct reminder *reminder;

    TRY(find_locked(&reminder, request));
    TRY(reminder_hide(reminder, request->work));
    reminder->deleted = true;
    return reply(request, &reminder_deleted, reminder);
}

enum outcome upcoming_index(struct request *request)
{
    const struct upcoming_filter *filter = request->input;
    struct page page;

    TRY(upcoming_list(&page, request->work, filter));
    return reply_page(request, &upcoming_expiration, &page, &filter->listing);
}

enum outcome reminders_job_start(struct request *request)
{
    const struct job_order *order = request->input;
    struct job_run *run;

    TRY(reminders_job_run(&run, request->work, order->dry_run, NULL));
    return reply(request, &reminder_check,
                 &(struct reminder_check){
                     .run_at = run->started_at,
                     .mentors_checked = run->mentors_scanned,
                     .reminders_sent = run->acted,
                     .errors = (int64_t)run->failures.count,
                     .status = "completed",
                 });
}

enum outcome sent_check_people(struct request *request)
{
    const struct sent_check *asked = request->input;

    return check_mentor(request, asked->mentor_id);
}

enum outcome sent_check_read(struct request *request)
{
    struct sent_check *check = request->input;

    TRY(reminder_sent_check(check, request->work));
    return reply(request, &sent_check, check);
}
