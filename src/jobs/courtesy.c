/* SPDX-License-Identifier: MIT */
#include "jobs/courtesy.h"

#include "base/clock.h"
#include "base/work.h"
#include "db/db.h"
#include "store/server.h"

enum {
    ALONE_MS = 10,    /* how long who is alone does not look again */
    BESIDE_MS = 1000, /* … who is not: others are likely to come again */
    A_SECOND = 20,    /* statements of others that count as none */
    AT_ONCE = 3,      /* … in a short time: a monitor looks, say */
};

static enum outcome count(struct work *work, void *context)
{
    int64_t *by_others = context;
    int64_t asked;

    TRY(server_asked(&asked, work));
    *by_others = asked - db_asked();
    return OK;
}

/* Statements of others since the last look. */
static int64_t look(struct courtesy *courtesy, struct work *work)
{
    const int64_t before = courtesy->by_others;

    courtesy->looked_ms = clock_monotonic_ms();
    if (db_reading(work, count, &courtesy->by_others) != OK) {
        work_clear(work);
    }
    return courtesy->by_others - before;
}

void courtesy_begin(struct courtesy *courtesy, struct work *work)
{
    *courtesy = (struct courtesy){.has_others = false};
    (void)look(courtesy, work);
}

bool courtesy_has_others(struct courtesy *courtesy, struct work *work)
{
    const int64_t passed_ms = clock_monotonic_ms() - courtesy->looked_ms;

    if (passed_ms >= courtesy->holds_ms) {
        courtesy->has_others =
            look(courtesy, work) > AT_ONCE + A_SECOND * passed_ms / MS_PER_SECOND;
        courtesy->holds_ms = courtesy->has_others ? BESIDE_MS : ALONE_MS;
    }
    return courtesy->has_others;
}
