/* SPDX-License-Identifier: MIT */
#include "jobs/retention.h"

#include "db/db.h"
#include "store/idempotency.h"
#include "store/unit_mark.h"

/* What is kept for a while: purge() removes some of what is older, *removed says how many. */
struct kept {
    enum outcome (*purge)(int64_t *removed, struct work *work);
    int64_t removed;
};

static enum outcome purge(struct work *work, void *context)
{
    struct kept *kept = context;

    return kept->purge(&kept->removed, work);
}

enum outcome retention_run(struct work *work)
{
    struct kept all[] = {{.purge = idempotency_purge}, {.purge = unit_mark_purge}};

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        do {
            TRY(db_unit(work, purge, &all[i]));
        } while (all[i].removed > 0);
    }
    return OK;
}
