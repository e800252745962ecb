/* SPDX-License-Identifier: MIT */
#include "jobs/cron.h"

#include "base/config.h"
#include "base/log.h"
#include "base/work.h"
#include "db/db.h"
#include "store/job.h"
#include "store/sweep.h"

enum { SLACK_SECONDS = 30 }; /* of a slice's lease, for what is in hand when its time is up */

struct question {
    bool due;
};

/* From that hour on, yesterday's sweep is too old; before it, only the day before yesterday's. */
static bool is_due(struct instant last, struct instant now, int64_t hour)
{
    const struct instant shifted = instant_plus(now, -hour * MS_PER_HOUR);

    return !instant_given(last) ||
           days_between(instant_plus(last, -hour * MS_PER_HOUR), shifted) != 0;
}

static enum outcome ask(struct work *work, void *context)
{
    struct question *question = context;
    struct instant last;

    TRY(sweep_last_settled(&last, work));
    question->due = is_due(last, work->now, work->settings->jobs.hour);
    return OK;
}

enum outcome cron_sweep_is_due(bool *out, struct work *work)
{
    struct question question = {.due = false};

    TRY(db_reading(work, ask, &question));
    *out = question.due;
    return OK;
}

/* A slice is run by the server, whose account may not, where the jobs have their own. */
static bool may_not_remove(const struct work *work, int64_t until_ms)
{
    return until_ms > 0 && work->settings->database.sweep_account[0] != '\0';
}

static enum outcome run(struct cron_report *out, struct work *work, int64_t until_ms)
{
    const struct sweep_order order = {.until_ms = until_ms,
                                      .keeps_old = may_not_remove(work, until_ms)};
    const struct sweep_watch nobody = {.context = NULL};

    *out = (struct cron_report){.swept = false};
    TRY(cron_sweep_is_due(&out->swept, work));
    if (out->swept) {
        TRY(sweep_run(&out->sweep, work, &order, &nobody));
        out->delivery = out->sweep.delivery;
    } else {
        TRY(deliver_until(&out->delivery, work, until_ms, NULL, NULL));
    }
    out->more = until_ms > 0 && clock_monotonic_ms() >= until_ms;
    return OK;
}

enum outcome cron_run(struct cron_report *out, struct work *work)
{
    return run(out, work, 0);
}

struct turn {
    struct lease lease;
    int64_t seconds;
};

static enum outcome take_turn(struct work *work, void *context)
{
    struct turn *turn = context;

    return lease_take(&turn->lease, work, turn->seconds);
}

static enum outcome end_turn(struct work *work, void *context)
{
    const struct turn *turn = context;

    return lease_release(work, &turn->lease);
}

enum outcome cron_run_slice(struct cron_report *out, struct work *work, int64_t seconds)
{
    const int64_t until_ms = clock_monotonic_ms() + seconds * MS_PER_SECOND;
    struct turn turn = {
        .lease = lease_for(work->arena, LEASE_CRON),
        .seconds = seconds + work->settings->mail.timeout + SLACK_SECONDS,
    };

    TRY(db_unit(work, take_turn, &turn));
    const enum outcome outcome = run(out, work, until_ms);
    const struct failure failure = work->failure;
    if (db_unit(work, end_turn, &turn) != OK) {
        log_event(LOG_LEVEL_WARNING, "lease", LOG_TEXT("says", "it will run out by itself"));
    }
    work->failure = failure;
    return outcome;
}
