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

/* What the helper asks for meanwhile may be in the server's figure or not. */
struct figures {
    int64_t asked; /* of the server, by all */
    int64_t own_before;
    int64_t own_after;
};

static enum outcome count(struct work *work, void *context)
{
    struct figures *figures = context;

    figures->own_before = db_asked();
    TRY(server_asked(&figures->asked, work));
    figures->own_after = db_asked();
    return OK;
}

/* Statements of others since the last look: rather too few than too many. */
static int64_t look(struct courtesy *courtesy, struct work *work)
{
    const int64_t before = courtesy->by_others;
    const bool known = courtesy->is_known;
    struct figures now;

    courtesy->looked_ms = clock_monotonic_ms();
    courtesy->is_known = db_reading(work, count, &now) == OK;
    if (!courtesy->is_known) {
        work_clear(work);
        return 0;
    }
    courtesy->by_others = now.asked - now.own_before;
    return known ? now.asked - now.own_after - before : 0;
}

void courtesy_begin(struct courtesy *courtesy, struct work *work)
{
    *courtesy = (struct courtesy){.is_known = false};
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
