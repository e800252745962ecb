/* SPDX-License-Identifier: MIT */
#include "api/certifications.h"

#include "api/check.h"
#include "base/arena.h"
#include "base/text.h"
#include "base/work.h"
#include "http/request.h"
#include "http/together.h"
#include "jobs/expiry.h"
#include "jobs/pausing.h"
#include "model/job.h"
#include "store/certification.h"
#include "store/directory.h"
#include "store/job.h"
#include "store/pause.h"

#include <string.h>

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

static struct list mentors_of(struct arena *arena, const struct requests *requests)
{
    struct list ids = {.items = arena_array(arena, requests->count, sizeof(const char *)),
                       .count = requests->count};

    for (size_t i = 0; i < requests->count; i++) {
        const struct certification_input *input = requests->at[i]->input;
        ((const char **)ids.items)[i] = input->mentor_id;
    }
    return text_distinct(arena, ids);
}

static const struct listed_mentor *find_listed(struct list mentors, const char *mentor_id)
{
    const struct listed_mentor *mentor = mentors.items;

    for (size_t i = 0; i < mentors.count; i++) {
        if (strcmp(mentor[i].mentor_id, mentor_id) == 0) {
            return &mentor[i];
        }
    }
    return NULL;
}

/* Whether its dates agree, and its mentor has no pause that it may lift. */
static bool is_plain(const struct request *request, const struct listed_mentor *mentor)
{
    const struct certification_input *input = request->input;

    return !mentor->paused && certification_dates_agree(input->issued_at, input->expires_at);
}

/* The lock of a mentor whom the directory does not have must be rolled back. */
static enum outcome sort_out(struct work *work, const struct requests *requests)
{
    const struct list mentors = mentors_of(work->arena, requests);
    struct list listed;
    bool all = true;

    TRY(mentors_lock(work, mentors));
    TRY(pause_open_of_all(&listed, work, mentors));
    for (size_t i = 0; i < requests->count; i++) {
        struct request *request = requests->at[i];
        const struct certification_input *input = request->input;
        const struct listed_mentor *mentor = find_listed(listed, input->mentor_id);
        request->apart = mentor == NULL || !is_plain(request, mentor);
        all = all && mentor != NULL;
    }
    return all ? OK : fail(work, INVALID, "somebody is not a mentor of the directory");
}

/* As if one came after the other: what is plain adds its own row, and changes nothing else. */
static enum outcome create_together(struct work *work, const struct requests *requests)
{
    struct certification **made =
        arena_array(work->arena, requests->count, sizeof(struct certification *));
    size_t count = 0;

    TRY(sort_out(work, requests));
    for (size_t i = 0; i < requests->count; i++) {
        struct request *request = requests->at[i];
        if (request->apart) {
            continue;
        }
        struct certification *one =
            certification_new(request->work->arena, request->input, request->work->now);
        TRY(reply_created(request, one->certification_id, &certification_created, one));
        made[count++] = one;
    }
    return certifications_insert((struct list){.items = made, .count = count}, work);
}

struct together certifications_together = {
    .handle = create_together, .gathering = GATHERING(.most_leaders = 1, .patience_us = 500)};

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
