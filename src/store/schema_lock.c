/* SPDX-License-Identifier: MIT */
#include "store/schema_lock.h"

#include "base/clock.h"
#include "base/work.h"
#include "db/db.h"

#include <time.h>

enum {
    LASTS_SECONDS = 30,
    WAIT_MS = (LASTS_SECONDS + 5) * MS_PER_SECOND,
    LOOK_AGAIN_MS = 250,
};

static enum outcome make_table(struct work *work)
{
    return db_run(NULL, work,
                  "CREATE TABLE IF NOT EXISTS schema_lock ("
                  "id TINYINT UNSIGNED NOT NULL, "
                  "holder VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL, "
                  "until_at DATETIME(3) NOT NULL, "
                  "PRIMARY KEY (id)) "
                  "ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci",
                  DB_NO_ARGS);
}

/* The assignments are made in this order: until_at sees who holds it now. */
static enum outcome try_to_take(int64_t *ours, struct work *work, const char *holder)
{
    TRY(db_run(NULL, work,
               "INSERT INTO schema_lock (id, holder, until_at) "
               "VALUES (1, ?, UTC_TIMESTAMP(3) + INTERVAL ? SECOND) ON DUPLICATE KEY UPDATE "
               "holder = IF(until_at <= UTC_TIMESTAMP(3), VALUES(holder), holder), "
               "until_at = IF(holder = VALUES(holder), VALUES(until_at), until_at)",
               DB_ARGS(db_text(holder), db_int(LASTS_SECONDS))));
    return db_number(ours, work, "SELECT COUNT(*) AS number FROM schema_lock WHERE holder = ?",
                     DB_ARGS(db_text(holder)));
}

/* On a cluster, who comes second may learn of it by a deadlock. */
static bool may_try_again(const struct work *work, enum outcome outcome, int64_t until_ms)
{
    return (outcome == OK || work->failure.again) && clock_monotonic_ms() < until_ms;
}

enum outcome schema_lock_take(struct work *work, const char *holder)
{
    const int64_t until_ms = clock_monotonic_ms() + WAIT_MS;
    enum outcome outcome;
    int64_t ours = 0;

    TRY(make_table(work));
    for (;;) {
        work_clear(work);
        outcome = try_to_take(&ours, work, holder);
        if ((outcome == OK && ours > 0) || !may_try_again(work, outcome, until_ms)) {
            break;
        }
        (void)nanosleep(&(struct timespec){.tv_nsec = LOOK_AGAIN_MS * 1000000L}, NULL);
    }
    TRY(outcome);
    return ours > 0 ? OK : fail(work, CONFLICT, "another migration is going on");
}

enum outcome schema_lock_keep(struct work *work, const char *holder)
{
    int64_t ours;

    TRY(try_to_take(&ours, work, holder));
    return ours > 0 ? OK : fail(work, CONFLICT, "another migration has taken over");
}

enum outcome schema_lock_release(struct work *work, const char *holder)
{
    return db_run(NULL, work, "DELETE FROM schema_lock WHERE holder = ?", DB_ARGS(db_text(holder)));
}
