/* SPDX-License-Identifier: MIT */
#include "store/figures.h"

#include "base/config.h"
#include "base/work.h"
#include "db/db.h"
#include "store/migration.h"
#include "store/relay.h"

#define SWEEP "SELECT started_at, completed_at, result, says FROM sweeps "

/* Stays empty where there is none. */
static enum outcome read_sweep(struct sweep_figure *out, struct work *work, const char *sql)
{
    struct sweep_figure *found;
    const enum outcome outcome = db_one(&found, work, &sweep_figure, sql, DB_NO_ARGS);

    if (outcome == OK) {
        *out = *found;
    }
    return outcome == NOT_FOUND ? OK : outcome;
}

static enum outcome read_running(struct list *out, struct work *work)
{
    return db_all(out, work, &lease_figure,
                  "SELECT name, holder, taken_at, heartbeat_at FROM leases "
                  "WHERE until_at > UTC_TIMESTAMP(3) ORDER BY name",
                  DB_NO_ARGS);
}

/* The lowest number is the oldest message: so the index alone answers but for one row of each. */
static enum outcome read_queue(struct list *out, struct work *work)
{
    return db_all(
        out, work, &queue_figure,
        "SELECT q.channel, q.state, q.messages, "
        "GREATEST(0, TIMESTAMPDIFF(SECOND, m.created_at, UTC_TIMESTAMP(3))) AS oldest_seconds, "
        "GREATEST(0, TIMESTAMPDIFF(SECOND, q.next_attempt_at, UTC_TIMESTAMP(3))) "
        "AS overdue_seconds, q.next_attempt_at "
        "FROM (SELECT channel, state, COUNT(*) AS messages, MIN(seq) AS first, "
        "MIN(next_attempt_at) AS next_attempt_at FROM messages "
        "WHERE channel IN ('email', 'push') AND state IN ('queued', 'sending', 'held', 'failed') "
        "GROUP BY channel, state) q JOIN messages m ON m.seq = q.first "
        "ORDER BY q.channel, q.state",
        DB_NO_ARGS);
}

static enum outcome read_relays(struct list *out, struct work *work)
{
    return db_all(out, work, &relay_figure,
                  "SELECT channel, " RELAY_PAUSED " AS paused, paused_until, reason, " RELAY_USED
                  " AS used_this_hour "
                  "FROM relays WHERE channel <> 'outbox' OR paused_until IS NOT NULL "
                  "ORDER BY channel",
                  DB_NO_ARGS);
}

static enum outcome read_attempts(struct list *out, struct work *work)
{
    return db_all(out, work, &attempt_figure,
                  "SELECT channel, result, CAST(SUM(attempts) AS SIGNED) AS attempts "
                  "FROM delivery_counters GROUP BY channel, result ORDER BY channel, result",
                  DB_NO_ARGS);
}

struct attempt {
    struct instant attempted_at;
};

static const struct field attempt_fields[] = {FIELD(struct attempt, attempted_at)};
static const struct record attempt_row = RECORD(struct attempt, attempt_fields);

enum outcome last_attempt_read(struct instant *out, struct work *work)
{
    struct attempt *last;
    const enum outcome outcome =
        db_one(&last, work, &attempt_row,
               "SELECT attempted_at FROM message_attempts ORDER BY seq DESC LIMIT 1", DB_NO_ARGS);

    *out = outcome == OK ? last->attempted_at : (struct instant){0};
    return outcome == NOT_FOUND ? OK : outcome;
}

enum outcome figures_read(struct figures *out, struct work *work)
{
    *out = (struct figures){.mails_per_hour = work->settings->mail.per_hour};
    TRY(schema_is_current(&out->schema_version, work));
    TRY(read_sweep(&out->last_sweep, work, SWEEP "ORDER BY seq DESC LIMIT 1"));
    TRY(read_sweep(&out->last_good_sweep, work,
                   SWEEP "WHERE result = 'good' ORDER BY seq DESC LIMIT 1"));
    TRY(read_running(&out->running, work));
    TRY(read_queue(&out->queue, work));
    TRY(read_relays(&out->relays, work));
    TRY(read_attempts(&out->attempts, work));
    return db_number(&out->ended_push_targets, work,
                     "SELECT COUNT(*) AS number FROM ended_push_targets", DB_NO_ARGS);
}
