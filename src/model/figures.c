/* SPDX-License-Identifier: MIT */
#include "model/figures.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/text.h"

#include <string.h>

enum {
    MINUTE = 60,
    HOUR = 60 * MINUTE,
    DAY = 24 * HOUR,
    SWEEP_PATIENCE = 26 * HOUR, /* daily, and two hours for whatever came between */
    QUEUE_PATIENCE = HOUR,
};

static const struct field sweep_fields[] = {
    FIELD(struct sweep_figure, started_at),
    FIELD(struct sweep_figure, completed_at, .is = FIELD_NULLABLE),
    FIELD(struct sweep_figure, result),
    FIELD(struct sweep_figure, says, .is = FIELD_NULLABLE),
};
const struct record sweep_figure = RECORD(struct sweep_figure, sweep_fields);

static const struct field lease_fields[] = {
    FIELD(struct lease_figure, name),
    FIELD(struct lease_figure, holder),
    FIELD(struct lease_figure, taken_at, .is = FIELD_NULLABLE),
    FIELD(struct lease_figure, heartbeat_at, .is = FIELD_NULLABLE),
};
const struct record lease_figure = RECORD(struct lease_figure, lease_fields);

static const struct field queue_fields[] = {
    FIELD(struct queue_figure, channel),         FIELD(struct queue_figure, state),
    FIELD(struct queue_figure, messages),        FIELD(struct queue_figure, oldest_seconds),
    FIELD(struct queue_figure, overdue_seconds), FIELD(struct queue_figure, next_attempt_at),
};
const struct record queue_figure = RECORD(struct queue_figure, queue_fields);

static const struct field relay_fields[] = {
    FIELD(struct relay_figure, channel),
    FIELD(struct relay_figure, paused),
    FIELD(struct relay_figure, paused_until, .is = FIELD_NULLABLE),
    FIELD(struct relay_figure, reason, .is = FIELD_NULLABLE),
    FIELD(struct relay_figure, used_this_hour),
};
const struct record relay_figure = RECORD(struct relay_figure, relay_fields);

static const struct field attempt_fields[] = {
    FIELD(struct attempt_figure, channel),
    FIELD(struct attempt_figure, result),
    FIELD(struct attempt_figure, attempts),
};
const struct record attempt_figure = RECORD(struct attempt_figure, attempt_fields);

const char *span_in_words(struct arena *arena, int64_t seconds)
{
    static const struct {
        int64_t seconds;
        const char *name;
    } units[] = {
        {DAY,    "day"   },
        {HOUR,   "hour"  },
        {MINUTE, "minute"},
        {1,      "second"},
    };
    size_t unit = 0;

    while (units[unit].seconds > 1 && seconds < units[unit].seconds) {
        unit++;
    }
    const int64_t count = seconds / units[unit].seconds;
    return text_counted(arena, count, units[unit].name);
}

static void add(struct list *troubles, struct arena *arena, const char *sentence)
{
    *(const char **)list_append(troubles, arena, sizeof(sentence)) = sentence;
}

/* One that somebody has to do something about; the words of the table sweeps. */
static bool wants_somebody(const struct sweep_figure *sweep)
{
    static const char *const results[] = {"failures", "braked", "refused", "failed"};

    for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
        if (sweep->result != NULL && strcmp(sweep->result, results[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void look_at_sweeps(struct list *troubles, struct arena *arena,
                           const struct figures *figures, struct instant now)
{
    const struct instant good = figures->last_good_sweep.completed_at;
    const int64_t age = (now.ms - good.ms) / MS_PER_SECOND;

    if (figures->last_good_sweep.result == NULL) {
        add(troubles, arena,
            "no sweep has ended well yet: let cron run \"mentorwatch sweep\" daily");
    } else if (age > SWEEP_PATIENCE) {
        add(troubles, arena,
            arena_printf(arena,
                         "the last sweep that ended well was %s ago: does cron run \"mentorwatch "
                         "sweep\" daily, and what does it say?",
                         span_in_words(arena, age)));
    }
    if (wants_somebody(&figures->last_sweep)) {
        add(troubles, arena,
            arena_printf(arena, "the last sweep ended as \"%s\": %s", figures->last_sweep.result,
                         log_or_dash(figures->last_sweep.says)));
    }
}

static void look_at_queue(struct list *troubles, struct arena *arena, const struct figures *figures)
{
    const struct queue_figure *queue = figures->queue.items;

    for (size_t i = 0; i < figures->queue.count; i++) {
        if (strcmp(queue[i].state, "queued") == 0 && queue[i].overdue_seconds > QUEUE_PATIENCE) {
            add(troubles, arena,
                arena_printf(arena,
                             "%s messages could have been sent %s ago: let cron run \"mentorwatch "
                             "dispatch\" every few minutes",
                             queue[i].channel, span_in_words(arena, queue[i].overdue_seconds)));
        }
    }
}

static void look_at_relays(struct list *troubles, struct arena *arena,
                           const struct figures *figures)
{
    const struct relay_figure *relays = figures->relays.items;

    for (size_t i = 0; i < figures->relays.count; i++) {
        if (relays[i].paused && strcmp(relays[i].channel, "outbox") == 0) {
            add(troubles, arena,
                arena_printf(arena, "the outbox is on hold: %s", log_or_dash(relays[i].reason)));
        } else if (relays[i].paused) {
            add(troubles, arena,
                arena_printf(arena, "the way of %s is paused until %s: %s", relays[i].channel,
                             instant_format(arena, relays[i].paused_until, SECONDS),
                             relays[i].reason != NULL ? relays[i].reason : "no reason is known"));
        }
    }
}

static void look_at_delivery(struct list *troubles, struct arena *arena,
                             const struct figures *figures)
{
    look_at_queue(troubles, arena, figures);
    look_at_relays(troubles, arena, figures);
}

struct list figures_sweep_troubles(struct arena *arena, const struct figures *figures,
                                   struct instant now)
{
    struct list troubles = {0};

    look_at_sweeps(&troubles, arena, figures, now);
    return troubles;
}

struct list figures_delivery_troubles(struct arena *arena, const struct figures *figures)
{
    struct list troubles = {0};

    look_at_delivery(&troubles, arena, figures);
    return troubles;
}

struct list figures_troubles(struct arena *arena, const struct figures *figures, struct instant now)
{
    struct list troubles = figures_sweep_troubles(arena, figures, now);

    look_at_delivery(&troubles, arena, figures);
    return troubles;
}
