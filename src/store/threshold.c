/* SPDX-License-Identifier: MIT */
#include "store/threshold.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/thresholds.h"
#include "base/work.h"
#include "model/reminder.h"

/* A part while it is written. */
struct writing {
    struct work *work;
    struct text sql;
    struct list args; /* struct db_arg */
};

static void add(struct writing *part, const char *sql, struct db_arg arg)
{
    text_add(&part->sql, sql);
    *(struct db_arg *)list_append(&part->args, part->work->arena, sizeof(arg)) = arg;
}

static struct sql_part done(struct writing *part)
{
    return (struct sql_part){
        .sql = text_done(&part->sql), .args = {.at = part->args.items, .count = part->args.count}
    };
}

/* What the part says where these thresholds hold. */
typedef void say_days(struct writing *part, struct list thresholds);

static void by_type(struct writing *part, say_days *say)
{
    struct work *work = part->work;
    const struct list types = thresholds_by_type(work->arena, work->settings);
    const struct list others = thresholds_of(work->arena, work->settings, NULL);
    const struct type_thresholds *known = types.items;

    if (types.count == 0) {
        say(part, others);
        return;
    }
    text_add(&part->sql, "CASE c.certification_type");
    for (size_t i = 0; i < types.count; i++) {
        add(part, " WHEN ? THEN ", db_text(known[i].type));
        say(part, known[i].days);
    }
    text_add(&part->sql, " ELSE ");
    say(part, others);
    text_add(&part->sql, " END");
}

/* The smallest within whose days c expires. */
static void say_due(struct writing *part, struct list thresholds)
{
    const int64_t *days = thresholds.items;

    text_add(&part->sql, "CASE");
    for (size_t i = thresholds.count; i-- > 0;) {
        add(part, " WHEN c.expires_at < ?", db_time(threshold_end(part->work->now, days[i])));
        add(part, " THEN ?", db_int(days[i]));
    }
    text_add(&part->sql, " END");
}

static int64_t largest(struct list thresholds)
{
    return *(const int64_t *)thresholds.items;
}

static void say_reach(struct writing *part, struct list thresholds)
{
    add(part, "?", db_int(largest(thresholds)));
}

static int64_t largest_of_all(struct work *work, const struct list *types)
{
    const struct type_thresholds *known = types->items;
    int64_t most = largest(thresholds_of(work->arena, work->settings, NULL));

    for (size_t i = 0; i < types->count; i++) {
        const int64_t days = largest(known[i].days);
        most = days > most ? days : most;
    }
    return most;
}

struct sql_part threshold_due_sql(struct work *work)
{
    struct writing part = {.work = work, .sql = text_in(work->arena)};

    by_type(&part, say_due);
    return done(&part);
}

struct sql_part threshold_reached_sql(struct work *work)
{
    struct writing part = {.work = work, .sql = text_in(work->arena)};
    const struct list types = thresholds_by_type(work->arena, work->settings);

    add(&part, "c.expires_at < ?", db_time(threshold_end(work->now, largest_of_all(work, &types))));
    if (types.count > 0) {
        add(&part, " AND DATEDIFF(c.expires_at, ?) <= ", db_time(work->now));
        by_type(&part, say_reach);
    }
    return done(&part);
}
