/* SPDX-License-Identifier: MIT */
#include "store/truth.h"

#include "base/work.h"
#include "db/db.h"

/* A reminder u of the same cycle as r. */
#define SAME_CYCLE "u.certification_id = r.certification_id AND u.expires_on = r.expires_on"

/* For a smaller threshold, with a message to this recipient. */
#define MORE_URGENT                                                                                \
    "EXISTS (SELECT 1 FROM reminders u JOIN messages m ON m.event_id = u.id WHERE " SAME_CYCLE     \
    " AND u.threshold_days < r.threshold_days AND m.recipient_role = ? AND m.recipient_id = ? "    \
    "AND m.state IN "

enum outcome truth_of_reminder(struct reminder_rank **out, struct work *work,
                               const struct message *message, int64_t due)
{
    return db_one(
        out, work, &reminder_rank_row,
        "SELECT r.threshold_days, " MORE_URGENT "('sent')) AS outdone, " MORE_URGENT
        "('queued', 'sending')) AS followed, EXISTS (SELECT 1 FROM reminders u WHERE " SAME_CYCLE
        " AND u.threshold_days = ?) AS made FROM reminders r WHERE r.id = ?",
        DB_ARGS(db_text(message->recipient_role), db_text(message->recipient_id),
                db_text(message->recipient_role), db_text(message->recipient_id), db_int(due),
                db_text(message->event_id)));
}

static enum outcome any(bool *out, struct work *work, const char *sql, struct db_args args)
{
    int64_t found;

    TRY(db_number(&found, work, sql, args));
    *out = found != 0;
    return OK;
}

enum outcome truth_of_pause(bool *out, struct work *work, const char *certification_id)
{
    return any(out, work,
               "SELECT EXISTS (SELECT 1 FROM pauses WHERE certification_id = ? AND "
               "closed_at IS NULL) AS number",
               DB_ARGS(db_text(certification_id)));
}

enum outcome truth_of_manual_pause(bool *out, struct work *work, const char *mentor_id)
{
    return any(out, work,
               "SELECT EXISTS (SELECT 1 FROM pauses WHERE mentor_id = ? AND kind = 'manual' AND "
               "closed_at IS NULL) AS number",
               DB_ARGS(db_text(mentor_id)));
}
