/* SPDX-License-Identifier: MIT */
#include "api/pause_events.h"

#include "base/work.h"
#include "http/request.h"
#include "jobs/pausing.h"
#include "store/directory.h"
#include "store/message.h"
#include "store/pause.h"

#include <string.h>

/* Who is responsible for a mentor. */
struct responsible_coordinator {
    const char *peer_mentor_id;
    const char *coordinator_id;
    const char *coordinator_name;
    const char *coordinator_email;
};

static const struct field responsible_fields[] = {
    FIELD(struct responsible_coordinator, peer_mentor_id),
    FIELD(struct responsible_coordinator, coordinator_id),
    FIELD(struct responsible_coordinator, coordinator_name),
    FIELD(struct responsible_coordinator, coordinator_email, .is = FIELD_NULLABLE),
};
const struct record responsible_coordinator =
    RECORD(struct responsible_coordinator, responsible_fields);

enum outcome pause_event_index(struct request *request)
{
    const struct pause_event_filter *filter = request->input;
    struct page page;

    TRY(pause_event_list(&page, request->work, filter));
    return reply_page(request, &pause_event_item, &page, &filter->listing);
}

/* The event as it is shown by id: with what became of its messages. */
static enum outcome find_in_detail(struct pause_event **out, struct request *request)
{
    struct work *work = request->work;
    struct list fates;

    TRY(pause_event_find(out, work, request_value(request, 0)));
    TRY(message_fates_of_event(&fates, work, (*out)->id));
    (*out)->dispatch_results = dispatch_results(work->arena, fates);
    return OK;
}

enum outcome pause_event_read(struct request *request)
{
    struct pause_event *event;

    TRY(find_in_detail(&event, request));
    return reply(request, &pause_event_detail, event);
}

/* A mentor of another organisation is as unknown as one who is in none. */
enum outcome pause_event_check(struct request *request)
{
    struct work *work = request->work;
    const struct pause_event_input *input = request->input;
    struct mentor *mentor;

    if (input->peer_mentor_id == NULL) {
        return OK;
    }
    const enum outcome found = mentor_find(&mentor, work, input->peer_mentor_id);
    if (found == NOT_FOUND) {
        fault(work, "peer_mentor_id", "is not a mentor of your organisation");
        return OK;
    }
    return found;
}

enum outcome pause_event_create(struct request *request)
{
    struct work *work = request->work;
    const struct pause_event_input *input = request->input;
    const struct manual_pause order = {.reason = input->reason,
                                       .effective_date = input->effective_date};
    struct mentor *mentor;
    struct pause_event *event;

    TRY(mentor_find(&mentor, work, input->peer_mentor_id));
    if (strcmp(input->event_type, PAUSE_ACTIVATED) == 0) {
        TRY(pause_activate(&event, work, mentor, &order));
    } else {
        TRY(pause_deactivate(&event, work, mentor, &order));
    }
    return reply_created(request, event->id, &pause_event_created, event);
}

/* Nobody else changes it until the transaction ends; then it is read as it is. */
static enum outcome find_locked(struct pause_event **out, struct request *request)
{
    TRY(pause_event_lock(request->work, request_value(request, 0)));
    TRY(find_in_detail(out, request));
    return request_match(request, &pause_event_detail, *out);
}

enum outcome pause_event_update(struct request *request)
{
    struct work *work = request->work;
    const struct pause_event_change *change = request->input;
    struct pause_event *event;

    TRY(request_names_something(request));
    TRY(find_locked(&event, request));
    if (request_given(request, "reason")) {
        event->reason = change->reason;
    }
    if (request_given(request, "effective_date")) {
        event->effective_date = change->effective_date;
    }
    event->updated_at = work->now;
    TRY(pause_event_save(event, work));
    return reply(request, &pause_event_updated, event);
}

enum outcome pause_event_remove(struct request *request)
{
    struct pause_event *event;

    TRY(find_locked(&event, request));
    TRY(pause_event_delete(event, request->work));
    return reply(request, &pause_event_removal,
                 &(struct pause_event_removal){
                     .message = "Pause notification record deleted",
                     .deleted_id = event->id,
                     .deleted_at = request->work->now,
                 });
}

enum outcome coordinator_resolve(struct request *request)
{
    struct mentor *mentor;

    TRY(mentor_find(&mentor, request->work, request_value(request, 0)));
    if (mentor->coordinator_id == NULL) {
        return fail(request->work, NOT_FOUND, "nobody is responsible for %s", mentor->mentor_id);
    }
    return reply(request, &responsible_coordinator,
                 &(struct responsible_coordinator){
                     .peer_mentor_id = mentor->mentor_id,
                     .coordinator_id = mentor->coordinator_id,
                     .coordinator_name = mentor->coordinator_name,
                     .coordinator_email = mentor->coordinator_email,
                 });
}
