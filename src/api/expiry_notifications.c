/* SPDX-License-Identifier: MIT */
#include "api/expiry_notifications.h"

#include "api/check.h"
#include "base/work.h"
#include "http/request.h"
#include "store/expiry_notification.h"

enum outcome expiry_notification_index(struct request *request)
{
    const struct expiry_notification_filter *filter = request->input;
    struct page page;

    TRY(expiry_notification_list(&page, request->work, filter));
    return reply_page(request, &expiry_notification, &page, &filter->listing);
}

enum outcome expiry_notification_read(struct request *request)
{
    struct expiry_notification *notification;

    TRY(expiry_notification_find(&notification, request->work, request_value(request, 0)));
    return reply(request, &expiry_notification, notification);
}

enum outcome expiry_notification_check(struct request *request)
{
    const struct expiry_notification_input *input = request->input;

    TRY(check_mentor(request, input->mentor_id));
    return check_responsible(request, input->mentor_id, input->coordinator_id);
}

enum outcome expiry_notification_create(struct request *request)
{
    struct work *work = request->work;
    struct expiry_notification *notification =
        expiry_notification_new(work->arena, request->input, work->now);

    TRY(expiry_notifications_insert(work, (struct list){.items = notification, .count = 1}));
    return reply_created(request, notification->notification_id, &expiry_notification,
                         notification);
}

/* Nobody else changes it until the transaction ends; then it is read as it is. */
static enum outcome find_locked(struct expiry_notification **out, struct request *request)
{
    struct work *work = request->work;
    const char *id = request_value(request, 0);

    TRY(expiry_notification_lock(work, id));
    TRY(expiry_notification_find(out, work, id));
    return request_match(request, &expiry_notification, *out);
}

enum outcome acknowledger_check(struct request *request)
{
    const struct expiry_notification_change *change = request->input;

    return check_coordinator(request, "acknowledged_by", change->acknowledged_by);
}

enum outcome expiry_notification_update(struct request *request)
{
    struct work *work = request->work;
    struct expiry_notification *notification;

    TRY(request_names_something(request));
    TRY(find_locked(&notification, request));
    TRY(expiry_notification_apply(notification, work, request->input));
    TRY(expiry_notification_save(notification, work));
    return reply(request, &expiry_notification, notification);
}

enum outcome expiry_notification_remove(struct request *request)
{
    struct expiry_notification *notification;

    TRY(find_locked(&notification, request));
    TRY(expiry_notification_delete(notification, request->work));
    return reply(request, &expiry_notification_removal,
                 &(struct expiry_notification_removal){
                     .deleted = true,
                     .notification_id = notification->notification_id,
                 });
}
