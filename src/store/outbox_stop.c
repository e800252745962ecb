/* SPDX-License-Identifier: MIT */
#include "store/outbox_stop.h"

#include "base/record.h"
#include "base/work.h"
#include "db/db.h"

static const struct field progress_fields[] = {
    FIELD(struct outbox_progress, began),
    FIELD(struct outbox_progress, released),
    FIELD(struct outbox_progress, attempts),
    FIELD(struct outbox_progress, stopped),
};
static const struct record progress_row = RECORD(struct outbox_progress, progress_fields);

enum outcome outbox_progress(struct outbox_progress **out, struct work *work)
{
    return db_one(out, work, &progress_row,
                  "SELECT DATE_FORMAT(m.started_at, '%Y%m%d%H%i%s%f') AS began, "
                  "COALESCE((SELECT DATE_FORMAT(hour_began_at, '%Y%m%d%H%i%s%f') FROM relays "
                  "WHERE channel = 'outbox'), '') AS released, "
                  "(SELECT CAST(COALESCE(SUM(attempts), 0) AS SIGNED) FROM delivery_counters) "
                  "AS attempts, " OUTBOX_STOPPED " AS stopped "
                  "FROM schema_migrations m WHERE m.version = 1",
                  DB_NO_ARGS);
}

enum outcome outbox_stop(struct work *work)
{
    return db_run(NULL, work,
                  "INSERT INTO relays (channel, paused_until, reason) VALUES ('outbox', "
                  "'9999-12-31', 'the database is older than what was sent from it: look what went "
                  "out since, then run \"mentorwatch outbox release\"') "
                  "ON DUPLICATE KEY UPDATE paused_until = VALUES(paused_until), "
                  "reason = VALUES(reason)",
                  DB_NO_ARGS);
}

enum outcome outbox_go_on(int64_t *changed, struct work *work)
{
    return db_run(changed, work,
                  "UPDATE relays SET paused_until = NULL, reason = NULL, "
                  "hour_began_at = UTC_TIMESTAMP(3) "
                  "WHERE channel = 'outbox' AND paused_until IS NOT NULL",
                  DB_NO_ARGS);
}
