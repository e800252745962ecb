/* SPDX-License-Identifier: MIT */
#include "store/relay.h"

#include "base/text.h"
#include "base/work.h"
#include "db/db.h"
#include "store/outbox_stop.h"

enum { REASON_MAX = 500 }; /* characters that the table takes */

static enum outcome find_locked(struct relay **out, struct work *work, const char *channel)
{
    return db_one(out, work, &relay_row,
                  "SELECT " RELAY_PAUSED " AS paused, failures, " RELAY_USED
                  " AS used, " OUTBOX_STOPPED
                  " AS stopped FROM relays WHERE channel = ? FOR UPDATE",
                  DB_ARGS(db_text(channel)));
}

enum outcome relay_lock(struct relay **out, struct work *work, const char *channel)
{
    const enum outcome found = find_locked(out, work, channel);

    if (found != NOT_FOUND) {
        return found;
    }
    TRY(db_run(NULL, work, "INSERT IGNORE INTO relays (channel) VALUES (?)",
               DB_ARGS(db_text(channel))));
    return find_locked(out, work, channel);
}

/* MariaDB and MySQL assign from left to right: the second looks at the old hour no more. */
enum outcome relay_use(struct work *work, const char *channel, int64_t messages)
{
    return db_run(NULL, work,
                  "UPDATE relays SET used_this_hour = " RELAY_USED " + ?, "
                  "hour_began_at = IF(hour_began_at > UTC_TIMESTAMP(3) - INTERVAL 1 HOUR, "
                  "hour_began_at, UTC_TIMESTAMP(3)) WHERE channel = ?",
                  DB_ARGS(db_int(messages), db_text(channel)));
}

enum outcome relay_give_back(struct work *work, const char *channel, int64_t messages)
{
    return db_run(NULL, work,
                  "UPDATE relays SET used_this_hour = used_this_hour - LEAST(used_this_hour, ?) "
                  "WHERE channel = ?",
                  DB_ARGS(db_int(messages), db_text(channel)));
}

enum outcome relay_pause(struct work *work, const char *channel, const char *reason)
{
    return db_run(NULL, work,
                  "UPDATE relays SET paused_until = UTC_TIMESTAMP(3) + INTERVAL LEAST(15, "
                  "1 << LEAST(failures, 4)) MINUTE, failures = failures + 1, reason = ? "
                  "WHERE channel = ? AND COALESCE(paused_until <= UTC_TIMESTAMP(3), TRUE)",
                  DB_ARGS(db_text(text_cut(work->arena, reason, REASON_MAX)), db_text(channel)));
}

enum outcome relay_resume(struct work *work, const char *channel)
{
    return db_run(NULL, work,
                  "UPDATE relays SET paused_until = NULL, reason = NULL, failures = 0 "
                  "WHERE channel = ?",
                  DB_ARGS(db_text(channel)));
}
