/* SPDX-License-Identifier: MIT */
#include "store/reminder.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/id.h"
#include "base/text.h"
#include "base/work.h"
#include "db/lookup.h"
#include "db/many.h"
#include "db/query.h"
#include "store/certification.h"
#include "store/count.h"
#include "store/counted_page.h"
#include "store/inserted.h"
#include "store/message.h"

#include <inttypes.h>
#include <string.h>

#define COLUMNS                                                                                    \
    "seq, id, certification_id, mentor_id, coordinator_id, expires_at, threshold_days, "           \
    "days_remaining, channel, status, sent_at, acknowledged_at, created_at, updated_at"

enum outcome reminder_find(struct reminder **out, struct work *work, const char *id)
{
    static struct db_lookup by_id = {
        .sql = "SELECT " COLUMNS " FROM reminders WHERE deleted_at IS NULL AND id IN (",
        .key = "id",
        .row = &reminder_row,
        .gathering = GATHERING(.most_leaders = 1),
    };
    const enum outcome outcome = db_look_up(out, work, &by_id, id);

    return outcome == NOT_FOUND ? fail(work, NOT_FOUND, "there is no reminder %s", id) : outcome;
}

enum outcome reminder_list(struct page *out, struct work *work,
                           const struct reminder_filter *filter)
{
    return counted_page(out, work, COUNTED_REMINDERS, COLUMNS, &reminder_row, &filter->listing,
                        ASKS({"mentor_id", EQUAL, db_text(filter->mentor_id)},
                             {"coordinator_id", EQUAL, db_text(filter->coordinator_id)},
                             {"threshold_days", EQUAL, db_int_given(filter->threshold_days)},
                             {"channel", EQUAL, db_text(filter->channel)},
                             {"status", EQUAL, db_text(filter->status)},
                             {"sent_at", BEFORE, db_time(filter->sent_before)},
                             {"sent_at", AFTER, db_time(filter->sent_after)}));
}

enum outcome reminder_of_mentor(struct list *out, struct work *work, const char *mentor_id)
{
    return db_all(out, work, &reminder_row,
                  "SELECT " COLUMNS " FROM reminders WHERE mentor_id = ? ORDER BY seq",
                  DB_ARGS(db_text(mentor_id)));
}

/* Rows of the arguments of an IN: the numbers of these reminders. */
static struct db_rows numbers_of(struct arena *arena, struct list reminders)
{
    const struct reminder *reminder = reminders.items;
    struct db_rows rows = db_rows(arena, reminders.count, 1);

    for (size_t i = 0; i < reminders.count; i++) {
        db_rows_add(&rows, DB_ARGS(db_int(reminder[i].seq)));
    }
    return rows;
}

static void take_numbers(struct list reminders, struct list numbers)
{
    struct reminder *reminder = reminders.items;

    for (size_t i = 0; i < numbers.count; i++) {
        reminder[i].seq = ((const int64_t *)numbers.items)[i];
    }
}

/* Those that a record from elsewhere kept from taking theirs. */
static enum outcome learn_ids(struct work *work, struct list reminders)
{
    struct reminder *reminder = reminders.items;
    const struct db_rows rows = numbers_of(work->arena, reminders);
    const struct db_many statement = {.begin = "SELECT seq, id FROM reminders WHERE seq IN (",
                                      .each = "?",
                                      .end = ") ORDER BY seq"};
    struct list found;

    TRY(db_all_many(&found, work, &reminder_row, &statement, &rows));
    for (size_t i = 0; i < found.count; i++) {
        reminder[i].id = ((const struct reminder *)found.items)[i].id;
    }
    return OK;
}

/* From the number it got: rem-001. Where a record from elsewhere has that id already, the one that
 * it was inserted with stays. */
static enum outcome take_ids(struct work *work, struct list reminders)
{
    struct reminder *reminder = reminders.items;
    const struct db_rows rows = numbers_of(work->arena, reminders);
    const struct db_many statement = {
        .begin = "UPDATE IGNORE reminders SET id = "
                 "CONCAT('rem-', LPAD(seq, GREATEST(3, CHAR_LENGTH(seq)), '0')) WHERE seq IN (",
        .each = "?",
        .end = ")",
        .repeatable = true,
    };
    int64_t taken;

    TRY(db_run_many(&taken, work, &statement, &rows));
    if (taken != (int64_t)reminders.count) {
        return learn_ids(work, reminders);
    }
    for (size_t i = 0; i < reminders.count; i++) {
        reminder[i].id = arena_printf(work->arena, "rem-%03" PRId64, reminder[i].seq);
    }
    return OK;
}

#define INSERTED                                                                                   \
    "id, certification_id, mentor_id, coordinator_id, expires_at, threshold_days, "                \
    "days_remaining, channel, status, sent_at, created_at, updated_at, counted"

enum outcome reminders_insert(struct list reminders, struct work *work)
{
    struct reminder *reminder = reminders.items;
    const bool counted = count_takes_in(reminders.count);
    struct id_series ids = id_series_hex("rem-");
    struct db_rows rows = db_rows(work->arena, reminders.count, 13);
    const struct db_many statement = {
        .begin = "INSERT INTO reminders (" INSERTED ") VALUES ",
        .each = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    };
    struct list numbers;

    for (size_t i = 0; i < reminders.count; i++, reminder++) {
        reminder->id = id_next(work->arena, &ids);
        db_rows_add(&rows, DB_ARGS(db_text(reminder->id), db_text(reminder->certification_id),
                                   db_text(reminder->mentor_id), db_text(reminder->coordinator_id),
                                   db_time(reminder->expires_at), db_int(reminder->threshold_days),
                                   db_int(reminder->days_remaining), db_text(reminder->channel),
                                   db_text(reminder->status), db_time(reminder->sent_at),
                                   db_time(reminder->created_at), db_time(reminder->updated_at),
                                   db_bool(counted)));
    }
    TRY(db_run_many(NULL, work, &statement, &rows));
    TRY(inserted_numbers(&numbers, work, "reminders", "id", &rows));
    TRY(count_numbered(work, COUNTED_REMINDERS, INSERTED, &rows, numbers));
    take_numbers(reminders, numbers);
    return take_ids(work, reminders);
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
    TRY(count_take_out(work, COUNTED_REMINDERS, reminder->seq));
    return db_run(NULL, work,
                  "UPDATE reminders SET status = ?, sent_at = ?, acknowledged_at = ?, "
                  "updated_at = ?, counted = FALSE WHERE seq = ?",
                  DB_ARGS(db_text(reminder->status), db_time(reminder->sent_at),
                          db_time(reminder->acknowledged_at), db_time(reminder->updated_at),
                          db_int(reminder->seq)));
}

enum outcome reminder_hide(const struct reminder *reminder, struct work *work)
{
    TRY(count_take_out(work, COUNTED_REMINDERS, reminder->seq));
    return db_run(NULL, work, "UPDATE reminders SET deleted_at = ?, counted = FALSE WHERE seq = ?",
                  DB_ARGS(db_time(work->now), db_int(reminder->seq)));
}

/* What a reminder says of its messages, and all that now say the same. */
static enum outcome save_alike(struct work *work, struct list alike)
{
    const struct reminder *first = alike.items;
    const struct db_rows rows = numbers_of(work->arena, alike);
    const struct db_many statement = {
        .begin = "UPDATE reminders SET status = ?, sent_at = ?, counted = FALSE WHERE seq IN (",
        .begin_args = DB_ARGS(db_text(first->status), db_time(first->sent_at)),
        .each = "?",
        .end = ")",
        .repeatable = true,
    };

    TRY(count_take_out_many(work, COUNTED_REMINDERS, &rows));
    return db_run_many(NULL, work, &statement, &rows);
}

static bool says_the_same(const struct reminder *one, const struct reminder *other)
{
    return strcmp(one->status, other->status) == 0 && one->sent_at.ms == other->sent_at.ms;
}

/* Those that a job makes say one of two or three things. */
static enum outcome save_all(struct work *work, struct list changed)
{
    struct reminder *const all = changed.items;

    while (changed.count > 0) {
        struct list alike = {0};
        size_t others = 0;
        for (size_t i = 0; i < changed.count; i++) {
            const struct reminder one = all[i];
            if (alike.count == 0 || says_the_same(alike.items, &one)) {
                *(struct reminder *)list_append(&alike, work->arena, sizeof(one)) = one;
            } else {
                all[others++] = one;
            }
        }
        changed.count = others;
        TRY(save_alike(work, alike));
    }
    return OK;
}

/* The fates of one event, of those of many side by side. */
static struct list fates_of(struct list fates, const char *event_id)
{
    struct message_fate *fate = fates.items;
    size_t first = 0;

    while (first < fates.count && strcmp(fate[first].event_id, event_id) != 0) {
        first++;
    }
    size_t end = first;
    while (end < fates.count && strcmp(fate[end].event_id, event_id) == 0) {
        end++;
    }
    return (struct list){.items = &fate[first], .count = end - first};
}

/* Locked in one order, for it takes several statements and others may lock some of them, too; and
 * locked first, so that of two messages settled at the same moment the second one to come here
 * sees both. */
enum outcome reminders_follow(struct work *work, struct list ids)
{
    const struct list each = text_distinct(work->arena, ids);
    const struct db_rows rows = db_rows_of_texts(work->arena, each);
    const struct db_many statement = {.begin = "SELECT " COLUMNS " FROM reminders WHERE id IN (",
                                      .each = "?",
                                      .end = ") ORDER BY id FOR UPDATE"};
    struct list changed = {0};
    struct list found;
    struct list fates;

    TRY(db_all_many(&found, work, &reminder_row, &statement, &rows));
    if (found.count == 0) {
        return OK;
    }
    TRY(message_fates_of_events(&fates, work, each));
    const struct reminder *reminder = found.items;
    for (size_t i = 0; i < found.count; i++) {
        struct reminder now = reminder[i];
        reminder_take_fates(&now, fates_of(fates, now.id));
        if (!says_the_same(&now, &reminder[i])) {
            *(struct reminder *)list_append(&changed, work->arena, sizeof(now)) = now;
        }
    }
    return save_all(work, changed);
}

enum outcome reminder_follow(struct work *work, const char *id)
{
    return reminders_follow(work, (struct list){.items = &id, .count = 1});
}

enum outcome reminder_sent_check(struct sent_check *check, struct work *work)
{
    struct sent_check *found;

    TRY(db_one(
        &found, work, &sent_check,
        "SELECT COUNT(*) > 0 AS reminder_sent, MAX(r.sent_at) AS sent_at FROM reminders r "
        "WHERE r.mentor_id = ? AND r.threshold_days = ? AND r.deleted_at IS NULL AND ("
        "EXISTS (SELECT 1 FROM certifications c WHERE " REMINDER_OF_CYCLE
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
    "(SELECT GROUP_CONCAT(r.threshold_days) FROM reminders r WHERE " REMINDER_OF_CYCLE             \
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
