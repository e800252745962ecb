/* SPDX-License-Identifier: MIT */
#include "store/pause.h"

#include "base/text.h"
#include "base/work.h"
#include "db/many.h"
#include "db/query.h"
#include "model/explanation.h"
#include "store/count.h"
#include "store/counted_page.h"

enum outcome pause_open_of_mentor(struct list *out, struct work *work, const char *mentor_id)
{
    return db_all(out, work, &pause_row,
                  "SELECT seq, certification_id FROM pauses WHERE mentor_id = ? AND "
                  "closed_at IS NULL AND certification_id IS NOT NULL",
                  DB_ARGS(db_text(mentor_id)));
}

enum outcome pause_open_of_listed(bool *listed, struct list *out, struct work *work,
                                  const char *mentor_id)
{
    TRY(db_all(out, work, &pause_row,
               "SELECT COALESCE(p.seq, 0) AS seq, p.certification_id FROM mentors m "
               "LEFT JOIN pauses p ON p.mentor_id = ? AND p.closed_at IS NULL AND "
               "p.certification_id IS NOT NULL WHERE m.mentor_id = ?",
               DB_ARGS(db_text(mentor_id), db_text(mentor_id))));
    const struct pause *first = out->items;

    *listed = out->count > 0;
    if (*listed && first->certification_id == NULL) {
        *out = (struct list){0};
    }
    return OK;
}

enum outcome pause_open_of_all(struct list *out, struct work *work, struct list ids)
{
    const struct db_rows rows = db_rows_of_texts(work->arena, ids);
    const struct db_many statement = {
        .begin = "SELECT m.mentor_id, EXISTS (SELECT 1 FROM pauses p WHERE "
                 "p.mentor_id = m.mentor_id AND p.closed_at IS NULL AND "
                 "p.certification_id IS NOT NULL) AS paused FROM mentors m WHERE m.mentor_id IN (",
        .each = "?",
        .end = ")",
        .exact = true,
    };

    return db_all_many(out, work, &listed_mentor_row, &statement, &rows);
}

enum outcome pause_open_all(struct list *out, struct work *work, const char *mentor_id)
{
    return db_all(out, work, &open_pause_row,
                  "SELECT kind, certification_id, reason, warned, opened_at, "
                  "expected_return_date FROM pauses WHERE mentor_id = ? AND closed_at IS NULL "
                  "ORDER BY seq",
                  DB_ARGS(db_text(mentor_id)));
}

enum outcome pause_is_open(bool *out, struct work *work, const char *mentor_id)
{
    int64_t open;

    TRY(db_number(&open, work,
                  "SELECT EXISTS (SELECT 1 FROM pauses WHERE mentor_id = ? AND closed_at IS NULL) "
                  "AS number",
                  DB_ARGS(db_text(mentor_id))));
    *out = open != 0;
    return OK;
}

enum outcome pauses_open(struct work *work, struct list due)
{
    const struct due_pause *pause = due.items;
    struct db_rows rows = db_rows(work->arena, due.count, 5);
    /* pause_open (open_key) is the unique key that refuses a second one: reason and warning of
     * the one that stands are brought up to date instead. */
    const struct db_many statement = {
        .begin = "INSERT INTO pauses (mentor_id, kind, certification_id, reason, warned, "
                 "opened_at) VALUES ",
        .each = "(?, 'certification_expiry', ?, ?, ?, ?)",
        .end = " ON DUPLICATE KEY UPDATE reason = VALUES(reason), warned = VALUES(warned)",
    };

    for (size_t i = 0; i < due.count; i++, pause++) {
        db_rows_add(&rows,
                    DB_ARGS(db_text(pause->certification->mentor_id),
                            db_text(pause->certification->certification_id), db_text(pause->reason),
                            db_bool(pause->warned), db_time(work->now)));
    }
    return db_run_many(NULL, work, &statement, &rows);
}

static enum outcome close_all(struct work *work, struct list open, enum pause_end end)
{
    const struct pause *pause = open.items;
    struct db_rows rows = db_rows(work->arena, open.count, 1);
    const struct db_many statement = {
        .begin = "UPDATE pauses SET closed_at = ?, closed_because = ? WHERE closed_at IS NULL "
                 "AND seq IN (",
        .begin_args = DB_ARGS(db_time(work->now), db_text(pause_end_name(end))),
        .each = "?",
        .end = ")",
        .repeatable = true,
    };

    for (size_t i = 0; i < open.count; i++) {
        db_rows_add(&rows, DB_ARGS(db_int(pause[i].seq)));
    }
    return db_run_many(NULL, work, &statement, &rows);
}

static enum outcome unmark_all(struct work *work, struct list open)
{
    const struct pause *pause = open.items;
    struct db_rows rows = db_rows(work->arena, open.count, 1);
    const struct db_many statement = {
        .begin = "UPDATE certifications SET auto_pause_applied_at = NULL, version = version + 1 "
                 "WHERE auto_pause_applied_at IS NOT NULL AND certification_id IN (",
        .each = "?",
        .end = ")",
        .repeatable = true,
    };

    for (size_t i = 0; i < open.count; i++) {
        db_rows_add(&rows, DB_ARGS(db_text(pause[i].certification_id)));
    }
    return db_run_many(NULL, work, &statement, &rows);
}

enum outcome pauses_close(struct work *work, struct list open, enum pause_end end)
{
    TRY(close_all(work, open, end));
    return unmark_all(work, open);
}

enum outcome pauses_of_certifications(struct list *out, struct work *work, struct list mentor_ids)
{
    const struct db_rows rows = db_rows_of_texts(work->arena, mentor_ids);
    const struct db_many statement = {
        .begin = "SELECT STRAIGHT_JOIN p.seq, p.certification_id, c.mentor_id, "
                 "c.certification_type, c.expires_at FROM pauses p FORCE INDEX (pauses_of_mentor) "
                 "JOIN certifications c ON c.certification_id = p.certification_id "
                 "WHERE p.closed_at IS NULL AND p.mentor_id IN (",
        .each = "?",
        .end = ")",
    };

    return db_all_many(out, work, &certified_pause_row, &statement, &rows);
}

enum outcome pause_forget_certification(struct work *work, const char *certification_id)
{
    return db_run(NULL, work,
                  "UPDATE pauses SET certification_id = NULL WHERE certification_id = ?",
                  DB_ARGS(db_text(certification_id)));
}

enum outcome pause_open_manual(struct work *work, const char *mentor_id, const char *reason,
                               struct instant expected_return_date)
{
    return db_run(NULL, work,
                  "INSERT INTO pauses (mentor_id, kind, reason, expected_return_date, opened_at) "
                  "VALUES (?, 'manual', ?, ?, ?) ON DUPLICATE KEY UPDATE "
                  "reason = VALUES(reason), expected_return_date = VALUES(expected_return_date)",
                  DB_ARGS(db_text(mentor_id), db_text(reason), db_time(expected_return_date),
                          db_time(work->now)));
}

enum outcome pause_close_manual(struct work *work, const char *mentor_id)
{
    return db_run(NULL, work,
                  "UPDATE pauses SET closed_at = ?, closed_because = 'lifted' "
                  "WHERE mentor_id = ? AND kind = 'manual' AND closed_at IS NULL",
                  DB_ARGS(db_time(work->now), db_text(mentor_id)));
}

#define EVENT_COLUMNS                                                                              \
    "seq, id, mentor_id AS peer_mentor_id, event_type, effective_date, reason, coordinator_id, "   \
    "notifications_sent, created_at, updated_at"

/* Only what belongs to the actor's organisation; a global admin has none and sees all. */
static void in_scope(struct db_query *query, const struct work *work)
{
    db_where(query, "mentor_id IN (SELECT mentor_id FROM mentors WHERE organisation_id = ?)",
             db_text(work->actor.organisation_id));
}

#define INSERTED                                                                                   \
    "id, mentor_id, coordinator_id, event_type, effective_date, reason, notifications_sent, "      \
    "created_at, updated_at, counted"

enum outcome pause_events_insert(struct work *work, struct list announced)
{
    const struct announced_event *one = announced.items;
    const bool counted = count_takes_in(announced.count);
    struct db_rows rows = db_rows(work->arena, announced.count, 10);
    const struct db_many statement = {
        .begin = "INSERT INTO pause_events (" INSERTED ") VALUES ",
        .each = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    };

    for (size_t i = 0; i < announced.count; i++, one++) {
        struct pause_event *event = one->event;
        event->notifications_sent = text_words(work->arena, one->notifications_sent);
        db_rows_add(&rows, DB_ARGS(db_text(event->id), db_text(event->peer_mentor_id),
                                   db_text(event->coordinator_id), db_text(event->event_type),
                                   db_time(event->effective_date), db_text(event->reason),
                                   db_text(one->notifications_sent), db_time(event->created_at),
                                   db_time(event->created_at), db_bool(counted)));
    }
    TRY(db_run_many(NULL, work, &statement, &rows));
    return count_inserted(work, COUNTED_PAUSE_EVENTS, INSERTED, &rows);
}

enum outcome pause_event_find(struct pause_event **out, struct work *work, const char *id)
{
    struct db_query *query = db_query(work, EVENT_COLUMNS, "pause_events");
    struct list found;

    db_where(query, "id = ?", db_text(id));
    in_scope(query, work);
    TRY(db_query_all(&found, query, &pause_event_row));
    if (found.count == 0) {
        return fail(work, NOT_FOUND, "there is no pause notification event %s", id);
    }
    *out = found.items;
    return OK;
}

enum outcome pause_event_list(struct page *out, struct work *work,
                              const struct pause_event_filter *filter)
{
    return counted_page(out, work, COUNTED_PAUSE_EVENTS, EVENT_COLUMNS, &pause_event_row,
                        &filter->listing,
                        ASKS({"mentor_id", AMONG_MENTORS_OF, db_text(work->actor.organisation_id)},
                             {"mentor_id", EQUAL, db_text(filter->peer_mentor_id)},
                             {"coordinator_id", EQUAL, db_text(filter->coordinator_id)},
                             {"event_type", EQUAL, db_text(filter->event_type)},
                             {"effective_date", BEFORE, db_time(filter->effective_before)},
                             {"effective_date", AFTER, db_time(filter->effective_after)},
                             {"created_at", BEFORE, db_time(filter->created_before)},
                             {"created_at", AFTER, db_time(filter->created_after)}));
}

enum outcome pause_event_lock(struct work *work, const char *id)
{
    return db_run(NULL, work, "UPDATE pause_events SET version = version + 1 WHERE id = ?",
                  DB_ARGS(db_text(id)));
}

enum outcome pause_event_save(const struct pause_event *event, struct work *work)
{
    TRY(count_take_out(work, COUNTED_PAUSE_EVENTS, event->seq));
    return db_run(NULL, work,
                  "UPDATE pause_events SET reason = ?, effective_date = ?, updated_at = ?, "
                  "counted = FALSE WHERE seq = ?",
                  DB_ARGS(db_text(event->reason), db_time(event->effective_date),
                          db_time(event->updated_at), db_int(event->seq)));
}

enum outcome pause_event_delete(const struct pause_event *event, struct work *work)
{
    TRY(count_take_out(work, COUNTED_PAUSE_EVENTS, event->seq));
    return db_run(NULL, work, "DELETE FROM pause_events WHERE seq = ?",
                  DB_ARGS(db_int(event->seq)));
}
