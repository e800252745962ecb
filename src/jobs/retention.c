/* SPDX-License-Identifier: MIT */
#include "jobs/retention.h"

#include "db/db.h"
#include "store/idempotency.h"

static enum outcome purge(struct work *work, void *context)
{
    return idempotency_purge(context, work);
}

enum outcome retention_run(struct work *work)
{
    int64_t removed;

    do {
        TRY(db_unit(work, purge, &removed));
    } while (removed > 0);
    return OK;
}
