/* SPDX-License-Identifier: MIT */
#include "store/reminder.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/id.h"
#include "base/work.h"
#include "db/query.h"
#include "store/certification.h"
#include "store/message.h"

#include <inttypes.h>

#define COLUMNS                                                                                    \
    "seq, id, certification_id, mentor_id, coordinator_id, expires_at, threshold_days, "           \
    "days_remaining, channel, status, sent_at, acknowledged_at, created_at, updated_at"

/* Reminder r belongs to the present cycle of certification c. */
#define OF_CYCLE                                                                                   \
    "r.mentor_id = c.mentor_id AND r.expires_on = DATE(c.expires_at) AND "                         \
    "COALESCE(r.certification_id, c.certification_id) = c.certification_id"

enum outcome reminder_find(struct reminder **out, struct work *work, const char *id)
{
    const enum outcome outcome =
        db_one(out, work, &reminder_row,
               "SELECT " COLUMNS " FROM reminders WHERE id = ? AND deleted_at IS NULL",
               DB_ARGS(db_text(id)));

    return outcome == NOT_FOUND ? fail(work, NOT_FOUND, "there is no reminder %s", id) : outcome;
}

enum outcome reminder_list(struct page *out, struct work *work,
                           const struct reminder_filter *filter)
{
    struct db_query *query = db_query(work, COLUMNS, "reminders");

    db_where_all(query, "deleted_at IS NULL", DB_NO_ARGS);
    db_where(query, "mentor_id = ?", db_text(filter->mentor_id));
    db_where(query, "coordinator_id = ?", db_text(filter->coordinator_id));
    db_where(query, "threshold_days = ?", db_int_given(filter->threshold_days));
    db_where(query, "channel = ?", db_text(filter->channel));
    db_where(query, "status = ?", db_text(filter->status));
    db_where(query, "sent_at < ?", db_time(filter->sent_before));
    db_where(query, "sent_at > ?", db_time(filter->sent_after));
    return db_query_page(out, query, &reminder_row, &filter->listing);
}

enum outcome reminder_of_mentor(struct list *out, struct work *work, const char *mentor_id)
{
    return db_all(out, work, &reminder_row,
                  "SELECT " COLUMNS " FROM reminders WHERE mentor_id = ? ORDER BY seq",
                  DB_ARGS(db_text(mentor_id)));
}

/* From the number it got: rem-001. Where a record from elsewhere has that id already, the one that
 * it was inserted with stays. */
static enum outcome take_id(struct reminder *reminder, struct work *work)
{
    const char *id = arena_printf(work->arena, "rem-%03" PRId64, reminder->seq);
    int64_t taken;

    TRY(db_run(&taken, work, "UPDATE IGNORE reminders SET id = ? WHERE seq = ?",
               DB_ARGS(db_text(id), db_int(reminder->seq))));
    if (taken == 1) {
        reminder->id = id;
    }
    return OK;
}

enum outcome reminder_insert(struct reminder *reminder, struct work *work)
{
    reminder->id = id_new_hex(work->arena, "rem-");
    TRY(db_insert(
        &reminder->seq, work,
        "INSERT INTO reminders (id, certification_id, mentor_id, coordinator_id, expires_at, "
        "threshold_days, days_remaining, channel, status, sent_at, created_at, updated_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        DB_ARGS(db_text(reminder->id), db_text(reminder->certification_id),
                db_text(reminder->mentor_id), db_text(reminder->coordinator_id),
                db_time(reminder->expires_at), db_int(reminder->threshold_days),
                db_int(reminder->days_remaining), db_text(reminder->channel),
                db_text(reminder->status), db_time(reminder->sent_at),
                db_time(reminder->created_at), db_time(reminder->updated_at))));
    return take_id(reminder, work);
}

enum outcome reminder_is_taken(bool *out, struct work *work, const struct reminder *reminder)
{
    int64_t taken;

    TRY(db_number(&taken, work,
                  "SELECT EXISTS (SELECT 1 FROM reminders WHERE certification_id = ? AND "
                  "expires_on = DATE(?) AND threshold_days = ?) AS number",
                  DB_ARGS(db_text(reminder->certification_id), db_time(reminder->expires_at),
                          db_int(reminder->threshold_days))));
    *out = taken != 0;
    return OK;
}

enum outcome reminder_lock(struct work *work, const char *id)
{
    return db_run(NULL, work, "UPDATE reminders SET version = version + 1 WHERE id = ?",
                  DB_ARGS(db_text(id)));
}

enum outcome reminder_save(const struct reminder *reminder, struct work *work)
{
    return db_run(NULL, work,
                  "UPDATE reminders SET status = ?, sent_at = ?, acknowledged_at = ?, "
                  "updated_at = ? WHERE seq = ?",
                  DB_ARGS(db_text(reminder->status), db_time(reminder->sent_at),
                          db_time(reminder->acknowledged_at), db_time(reminder->updated_at),
                          db_int(reminder->seq)));
}

enum outcome reminder_hide(const struct reminder *reminder, struct work *work)
{
    return db_run(NULL, work, "UPDATE reminders SET deleted_at = ? WHERE seq = ?",
                  DB_ARGS(db_time(work->now), db_int(reminder->seq)));
}

/* Locked first, so that of two messages settled at the same moment the second one to come here
 * sees both. */
enum outcome reminder_follow(struct work *work, const char *id)
{
    struct reminder *reminder;
    struct list fates;
    const enum outcome found =
        db_one(&reminder, work, &reminder_row,
               "SELECT " COLUMNS " FROM reminders WHERE id = ? FOR UPDATE", DB_ARGS(db_text(id)));

    if (found == NOT_FOUND) {
        return OK;
    }
    TRY(found);
    TRY(message_fates_of_event(&fates, work, id));
    reminder_take_fates(reminder, fates);
    return reminder_save(reminder, work);
}

enum outcome reminder_was_delivered(bool *out, struct work *work,
                                    const struct certification *certification)
{
    int64_t delivered;

    TRY(db_number(&delivered, work,
                  "SELECT EXISTS (SELECT 1 FROM reminders r JOIN certifications c ON " OF_CYCLE
                  " WHERE c.seq = ? AND r.status IN ('delivered', 'acknowledged')) AS number",
                  DB_ARGS(db_int(certification->seq))));
    *out = delivered != 0;
    return OK;
}

enum outcome reminder_sent_check(struct sent_check *check, struct work *work)
{
    struct sent_check *found;

    TRY(db_one(
        &found, work, &sent_check,
        "SELECT COUNT(*) > 0 AS reminder_sent, MAX(r.sent_at) AS sent_at FROM reminders r "
        "WHERE r.mentor_id = ? AND r.threshold_days = ? AND r.deleted_at IS NULL AND ("
        "EXISTS (SELECT 1 FROM certifications c WHERE " OF_CYCLE
        " AND " CERTIFICATION_NOT_SUPERSEDED ") OR r.expires_at IS NULL AND "
        "NOT EXISTS (SELECT 1 FROM certifications c WHERE c.mentor_id = r.mentor_id AND "
        "c.revoked_at IS NULL AND c.expires_at > ?))",
        DB_ARGS(db_text(check->mentor_id), db_int(check->threshold_days), db_time(work->now))));
    check->reminder_sent = found->reminder_sent;
    check->sent_at = found->sent_at;
    return OK;
}

#define UPCOMING_COLUMNS                                                                           \
    "c.seq, c.mentor_id, m.name AS mentor_name, c.certification_type, c.expires_at, "              \
    "(SELECT GROUP_CONCAT(r.threshold_days) FROM reminders r WHERE " OF_CYCLE                      \
    " AND r.deleted_at IS NULL) AS reminded"

enum outcome upcoming_list(struct page *out, struct work *work,
                           const struct upcoming_filter *filter)
{
    struct db_query *query = db_query(
        work, UPCOMING_COLUMNS, "certifications c JOIN mentors m ON m.mentor_id = c.mentor_id");

    db_where_all(query,
                 "c.revoked_at IS NULL AND c.expires_at > ? AND c.expires_at < ? "
                 "AND " CERTIFICATION_NOT_SUPERSEDED,
                 DB_ARGS(db_time(work->now), db_time(threshold_end(work->now, filter->days))));
    db_where(query, "c.mentor_id = ?", db_text(filter->mentor_id));
    db_where(query, "m.coordinator_id = ?", db_text(filter->coordinator_id));
    db_where(query, "c.certification_type = ?", db_text(filter->certification_type));
    TRY(db_query_page(out, query, &upcoming_row, &filter->listing));
    struct upcoming_expiration *items = out->items.items;
    for (size_t i = 0; i < out->items.count; i++) {
        upcoming_derive(&items[i],
                        thresholds_of(work->arena, work->settings, items[i].certification_type),
                        work->now);
    }
    return OK;
}
