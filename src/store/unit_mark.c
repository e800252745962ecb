/* SPDX-License-Identifier: MIT */
#include "store/unit_mark.h"

#include "db/db.h"

enum outcome unit_mark_purge(int64_t *removed, struct work *work)
{
    return db_run(removed, work,
                  "DELETE FROM unit_marks WHERE created_at < UTC_TIMESTAMP(3) - INTERVAL 1 DAY "
                  "ORDER BY created_at LIMIT 1000",
                  DB_NO_ARGS);
}
