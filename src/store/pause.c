/* SPDX-License-Identifier: MIT */
#include "store/pause.h"

#include "base/work.h"
#include "db/db.h"

enum outcome pause_open_of_mentor(struct list *out, struct work *work, const char *mentor_id)
{
    return db_all(out, work, &pause_row,
                  "SELECT seq, certification_id FROM pauses WHERE mentor_id = ? AND "
                  "closed_at IS NULL AND certification_id IS NOT NULL",
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

enum outcome pause_open(struct work *work, const struct certification *certification,
                        const char *reason, bool warned)
{
    /* pause_open (open_key) is the unique key that refuses a second one: reason and warning of
     * the one that stands are brought up to date instead. */
    return db_run(NULL, work,
                  "INSERT INTO pauses (mentor_id, kind, certification_id, reason, warned, "
                  "opened_at) VALUES (?, 'certification_expiry', ?, ?, ?, ?) "
                  "ON DUPLICATE KEY UPDATE reason = VALUES(reason), warned = VALUES(warned)",
                  DB_ARGS(db_text(certification->mentor_id),
                          db_text(certification->certification_id), db_text(reason),
                          db_bool(warned), db_time(work->now)));
}

enum outcome pause_close(struct work *work, const struct pause *pause, enum pause_end end)
{
    return db_run(NULL, work,
                  "UPDATE pauses SET closed_at = ?, closed_because = ? WHERE seq = ? AND "
                  "closed_at IS NULL",
                  DB_ARGS(db_time(work->now), db_text(pause_end_name(end)), db_int(pause->seq)));
}

enum outcome pause_hand_over(struct work *work, const struct certification *certification)
{
    return db_run(NULL, work,
                  "UPDATE pauses p JOIN certifications c ON c.certification_id = "
                  "p.certification_id SET p.closed_at = ?, p.closed_because = ?, "
                  "c.auto_pause_applied_at = NULL, c.version = c.version + 1 "
                  "WHERE p.mentor_id = ? AND p.closed_at IS NULL AND c.certification_type = ? "
                  "AND c.expires_at < ?",
                  DB_ARGS(db_time(work->now), db_text(pause_end_name(PAUSE_SUPERSEDED)),
                          db_text(certification->mentor_id),
                          db_text(certification->certification_type),
                          db_time(certification->expires_at)));
}

enum outcome pause_forget_certification(struct work *work, const char *certification_id)
{
    return db_run(NULL, work,
                  "UPDATE pauses SET certification_id = NULL WHERE certification_id = ?",
                  DB_ARGS(db_text(certification_id)));
}

enum outcome pause_event_insert(struct work *work, const struct pause_event *event)
{
    return db_run(NULL, work,
                  "INSERT INTO pause_events (id, mentor_id, coordinator_id, event_type, "
                  "effective_date, reason, notifications_sent, created_at, updated_at) "
                  "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  DB_ARGS(db_text(event->id), db_text(event->mentor_id),
                          db_text(event->coordinator_id), db_text(event->event_type),
                          db_time(event->effective_date), db_text(event->reason),
                          db_text(event->notifications_sent), db_time(event->created_at),
                          db_time(event->created_at)));
}
