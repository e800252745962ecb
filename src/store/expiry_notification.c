/* SPDX-License-Identifier: MIT */
#include "store/expiry_notification.h"

#include "base/work.h"
#include "db/lookup.h"
#include "db/many.h"
#include "store/count.h"
#include "store/counted_page.h"

#define COLUMNS                                                                                    \
    "seq, notification_id, mentor_id, coordinator_id, threshold_days, expiry_date, status, "       \
    "sent_at, acknowledged_at, acknowledged_by, created_at, updated_at"

enum outcome expiry_notification_find(struct expiry_notification **out, struct work *work,
                                      const char *id)
{
    static struct db_lookup by_id = {
        .sql = "SELECT " COLUMNS " FROM expiry_notifications WHERE notification_id IN (",
        .key = "notification_id",
        .row = &expiry_notification_row,
        .gathering = GATHERING(.most_leaders = 1),
    };
    const enum outcome outcome = db_look_up(out, work, &by_id, id);

    if (outcome == NOT_FOUND) {
        return fail(work, NOT_FOUND, "there is no expiry notification %s", id);
    }
    TRY(outcome);
    (*out)->threshold = threshold_text(work->arena, (*out)->threshold_days);
    return OK;
}

enum outcome expiry_notification_list(struct page *out, struct work *work,
                                      const struct expiry_notification_filter *filter)
{
    TRY(counted_page(
        out, work, COUNTED_EXPIRY_NOTIFICATIONS, COLUMNS, &expiry_notification_row,
        &filter->listing,
        ASKS({"mentor_id", EQUAL, db_text(filter->mentor_id)},
             {"coordinator_id", EQUAL, db_text(filter->coordinator_id)},
             {"status", EQUAL, db_text(filter->status)},
             {"threshold_days", EQUAL, db_int_given(threshold_days(filter->threshold))},
             {"expiry_date", BEFORE, db_time(filter->expiry_before)},
             {"expiry_date", AFTER, db_time(filter->expiry_after)},
             {"sent_at", BEFORE, db_time(filter->sent_before)},
             {"sent_at", AFTER, db_time(filter->sent_after)})));
    struct expiry_notification *items = out->items.items;
    for (size_t i = 0; i < out->items.count; i++) {
        items[i].threshold = threshold_text(work->arena, items[i].threshold_days);
    }
    return OK;
}

#define INSERTED                                                                                   \
    "notification_id, certification_id, mentor_id, coordinator_id, threshold_days, expiry_date, "  \
    "status, sent_at, created_at, updated_at, counted"

enum outcome expiry_notifications_insert(struct work *work, struct list notifications)
{
    const struct expiry_notification *one = notifications.items;
    const bool counted = count_takes_in(notifications.count);
    struct db_rows rows = db_rows(work->arena, notifications.count, 11);
    const struct db_many statement = {
        .begin = "INSERT INTO expiry_notifications (" INSERTED ") VALUES ",
        .each = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    };

    for (size_t i = 0; i < notifications.count; i++, one++) {
        db_rows_add(&rows,
                    DB_ARGS(db_text(one->notification_id), db_text(one->certification_id),
                            db_text(one->mentor_id), db_text(one->coordinator_id),
                            db_int(one->threshold_days), db_time(one->expiry_date),
                            db_text(one->status), db_time(one->sent_at), db_time(one->created_at),
                            db_time(one->updated_at), db_bool(counted)));
    }
    TRY(db_run_many(NULL, work, &statement, &rows));
    return count_inserted(work, COUNTED_EXPIRY_NOTIFICATIONS, INSERTED, &rows);
}

enum outcome expiry_notification_lock(struct work *work, const char *id)
{
    return db_run(NULL, work,
                  "UPDATE expiry_notifications SET version = version + 1 "
                  "WHERE notification_id = ?",
                  DB_ARGS(db_text(id)));
}

enum outcome expiry_notification_save(const struct expiry_notification *notification,
                                      struct work *work)
{
    TRY(count_take_out(work, COUNTED_EXPIRY_NOTIFICATIONS, notification->seq));
    return db_run(NULL, work,
                  "UPDATE expiry_notifications SET status = ?, acknowledged_at = ?, "
                  "acknowledged_by = ?, updated_at = ?, counted = FALSE WHERE seq = ?",
                  DB_ARGS(db_text(notification->status), db_time(notification->acknowledged_at),
                          db_text(notification->acknowledged_by), db_time(notification->updated_at),
                          db_int(notification->seq)));
}

enum outcome expiry_notification_delete(const struct expiry_notification *notification,
                                        struct work *work)
{
    TRY(count_take_out(work, COUNTED_EXPIRY_NOTIFICATIONS, notification->seq));
    return db_run(NULL, work, "DELETE FROM expiry_notifications WHERE seq = ?",
                  DB_ARGS(db_int(notification->seq)));
}
