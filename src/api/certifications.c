/* SPDX-License-Identifier: MIT */
#include "api/certifications.h"

#include "api/check.h"
#include "base/arena.h"
#include "base/work.h"
#include "http/request.h"
#include "jobs/expiry.h"
#include "jobs/pausing.h"
#include "model/job.h"
#include "store/certification.h"
#include "store/directory.h"
#include "store/job.h"

enum outcome certification_index(struct request *request)
{
    const struct certification_filter *filter = request->input;
    struct page page;

    TRY(certification_list(&page, request->work, filter));
    return reply_page(request, &certification_item, &page, &filter->listing);
}

enum outcome certification_read(struct request *request)
{
    struct certification *certification;

    TRY(certification_find(&certification, request->work, request_value(request, 0)));
    return reply(request, &certification_detail, certification);
}

/* The mentor is locked before anything is looked up, so what the check finds holds until the end of
 * the unit, and the handler need not look again. */
enum outcome certification_check(struct request *request)
{
    const struct certification_input *input = request->input;
    struct list *pauses = arena_alloc(request->work->arena, sizeof(*pauses));

    request->checked = pauses;
    certification_check_dates(request->work, input->issued_at, input->expires_at);
    return check_mentor_locked(pauses, request, input->mentor_id);
}

enum outcome certification_create(struct request *request)
{
    struct work *work = request->work;
    struct certification *certification = certification_new(work->arena, request->input, work->now);
    const struct list *pauses = request->checked;

    TRY(certification_insert(certification, work));
    TRY(pause_review_open(work, certification->mentor_id, *pauses));
    return reply_created(request, certification->certification_id, &certification_created,
                         certification);
}

/* The certification at the path, as it is now that its mentor is locked: who the mentor is has to
 * be looked up before. */
static enum outcome find_locked(struct certification **out, struct request *request)
{
    struct work *work = request->work;
    struct certification *seen;

    TRY(certification_find(&seen, work, request_value(request, 0)));
    TRY(mentor_lock(work, seen->mentor_id));
    TRY(certification_find(out, work, seen->certification_id));
    return request_match(request, &certification_detail, *out);
}

enum outcome certification_update(struct request *request)
{
    struct work *work = request->work;
    struct certification *certification;

    TRY(request_names_something(request));
    TRY(find_locked(&certification, request));
    TRY(certification_apply(certification, work, request->input));
    TRY(certification_save(certification, work));
    TRY(pause_review(work, certification->mentor_id));
    return reply(request, &certification_updated, certification);
}

enum outcome certification_remove(struct request *request)
{
    struct work *work = request->work;
    struct certification *certification;

    TRY(find_locked(&certification, request));
    TRY(pause_release(work, certification));
    TRY(certification_delete(certification, work));
    TRY(pause_review(work, certification->mentor_id));
    certification->deleted = true;
    certification->deleted_at = work->now;
    return reply(request, &certification_deleted, certification);
}

enum outcome expiry_job_start(struct request *request)
{
    const struct job_order *order = request->input;
    struct job_run *run;

    TRY(expiry_job_run(&run, request->work, order->dry_run, NULL));
    return reply(request, &expiry_run, run);
}

enum outcome expiry_log_index(struct request *request)
{
    const struct expiry_log_filter *filter = request->input;
    struct page page;

    TRY(expiry_log_list(&page, request->work, filter));
    return reply_page(request, &expiry_log, &page, &filter->listing);
}
