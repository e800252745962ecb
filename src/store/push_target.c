/* SPDX-License-Identifier: MIT */
#include "store/push_target.h"

#include "base/text.h"
#include "base/work.h"
#include "db/db.h"

enum { REASON_MAX = 500 }; /* characters that the table takes */

enum outcome push_target_end(struct work *work, const char *target, const char *reason)
{
    return db_run(NULL, work,
                  "INSERT INTO ended_push_targets (target_digest, ended_at, reason) VALUES "
                  "(SHA2(?, 256), UTC_TIMESTAMP(3), ?) ON DUPLICATE KEY UPDATE "
                  "reason = VALUES(reason)",
                  DB_ARGS(db_text(target), db_text(text_cut(work->arena, reason, REASON_MAX))));
}

enum outcome push_target_has_ended(bool *out, struct work *work, const char *target)
{
    int64_t ended;

    TRY(db_number(&ended, work,
                  "SELECT EXISTS (SELECT 1 FROM ended_push_targets WHERE "
                  "target_digest = SHA2(?, 256)) AS number",
                  DB_ARGS(db_text(target))));
    *out = ended != 0;
    return OK;
}
