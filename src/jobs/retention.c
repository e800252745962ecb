/* SPDX-License-Identifier: MIT */
#include "jobs/retention.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/text.h"
#include "base/work.h"
#include "db/db.h"
#include "store/count.h"
#include "store/idempotency.h"
#include "store/unit_mark.h"

#include <inttypes.h>
#include <string.h>

/* A retention under way: each batch in an arena of its own. */
struct removal {
    struct work *work;
    struct work *step;
    const struct job_watch *watch;
};

static bool goes_on(const struct removal *removal)
{
    const struct job_watch *watch = removal->watch;

    if (watch->beat != NULL) {
        watch->beat(watch->heart);
    }
    return watch->until_ms == 0 || clock_monotonic_ms() < watch->until_ms;
}

/* ---- what counts for a day ---- */

/* purge() removes some of what is older, *removed says how many. */
struct passing {
    enum outcome (*purge)(int64_t *removed, struct work *work);
    int64_t removed;
};

static enum outcome purge(struct work *work, void *context)
{
    struct passing *passing = context;

    return passing->purge(&passing->removed, work);
}

static enum outcome remove_passing(const struct removal *removal)
{
    struct passing all[] = {{.purge = idempotency_purge}, {.purge = unit_mark_purge}};

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        do {
            TRY(db_unit(removal->step, purge, &all[i]));
        } while (all[i].removed > 0 && goes_on(removal));
    }
    return OK;
}

/* ---- what is kept as long as the settings say ---- */

static int64_t days_kept(const struct settings *settings, enum kept kind)
{
    switch (kind) {
    case KEPT_MESSAGES:
        return settings->retention.messages;
    case KEPT_IN_APP:
        return settings->retention.in_app;
    case KEPT_REMINDERS:
        return settings->retention.reminders;
    case KEPT_EXPIRY_NOTIFICATIONS:
        return settings->retention.expiry_notifications;
    case KEPT_PAUSES:
        return settings->retention.pauses;
    case KEPT_PAUSE_EVENTS:
        return settings->retention.pause_events;
    case KEPT_EXPIRY_LOG:
        return settings->retention.expiry_log;
    case KEPT_DECISIONS:
        return settings->retention.decisions;
    case KEPT_RUNS:
    case KEPT_SWEEPS:
        return settings->retention.runs;
    case KEPT_AUDIT:
        return settings->retention.audit;
    case KEPT_KINDS:
        break;
    }
    return 0;
}

static enum outcome remove_batch(struct work *work, void *context)
{
    return retention_batch(context, work);
}

static enum outcome remove_kind(int64_t *removed, const struct removal *removal, enum kept kind)
{
    const struct work *work = removal->work;
    const int64_t days = days_kept(work->settings, kind);
    struct retention retention = {
        .kind = kind, .before = instant_plus(work->now, -days * MS_PER_DAY), .done = days == 0};

    while (!retention.done && goes_on(removal)) {
        TRY(db_unit(removal->step, remove_batch, &retention));
        *removed += retention.removed;
        retention.after = retention.last;
        count_fold_due(removal->step);
        arena_reset(removal->step->arena);
    }
    return OK;
}

static enum outcome remove_old(struct retention_report *out, const struct removal *removal)
{
    for (enum kept kind = 0; kind < KEPT_KINDS; kind++) {
        TRY(remove_kind(&out->removed[kind], removal, kind));
    }
    return OK;
}

enum outcome retention_run(struct retention_report *out, struct work *work, bool passing_only,
                           const struct job_watch *watch)
{
    struct work step = *work;
    const struct removal removal = {.work = work, .step = &step, .watch = watch};

    *out = (struct retention_report){0};
    step.arena = arena_new();
    enum outcome outcome = remove_passing(&removal);
    if (outcome == OK && !passing_only) {
        outcome = remove_old(out, &removal);
    }
    if (outcome != OK) {
        work_note_failure(work, "%s", step.failure.sentence);
    }
    arena_free(step.arena);
    return outcome;
}

/* ---- what is told of it ---- */

void retention_add_json(struct text *to, const struct retention_report *report)
{
    for (enum kept kind = 0; kind < KEPT_KINDS; kind++) {
        text_add_format(to, "%s\"%s\":%" PRId64, kind == 0 ? "{" : ",", kept_words[kind],
                        report->removed[kind]);
    }
    text_add(to, "}");
}

const char *retention_sentence(struct arena *arena, const struct retention_report *report)
{
    struct text told = text_in(arena);

    for (enum kept kind = 0; kind < KEPT_KINDS; kind++) {
        if (report->removed[kind] > 0) {
            text_add_format(&told, "%s%s %" PRId64, told.length > 0 ? ", " : "", kept_words[kind],
                            report->removed[kind]);
        }
    }
    return told.length > 0 ? text_done(&told) : NULL;
}
