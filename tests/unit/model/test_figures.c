/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "model/figures.h"

#define HOUR INT64_C(3600)

static const struct instant now = {INT64_C(63900000000000)};

static struct figures swept(int64_t seconds_ago)
{
    const struct instant then = instant_plus(now, -seconds_ago * MS_PER_SECOND);

    return (struct figures){
        .last_good_sweep = {.started_at = then, .completed_at = then, .result = "good"}
    };
}

static size_t troubles_of(const struct work *work, const struct figures *figures)
{
    return figures_troubles(work->arena, figures, now).count;
}

static void test_a_good_sweep_lasts_for_26_hours(void **state)
{
    const struct figures just = swept(26 * HOUR);
    const struct figures late = swept(26 * HOUR + 1);
    const struct figures never = {0};

    assert_int_equal(troubles_of(*state, &just), 0);
    assert_int_equal(troubles_of(*state, &late), 1);
    assert_int_equal(troubles_of(*state, &never), 1);
}

static void test_only_what_could_be_sent_is_overdue(void **state)
{
    static const struct {
        const char *state;
        int64_t seconds;
        size_t troubles;
    } cases[] = {
        {"queued",  HOUR,      0},
        {"queued",  HOUR + 1,  1},
        {"held",    99 * HOUR, 0},
        {"failed",  99 * HOUR, 0},
        {"sending", 99 * HOUR, 0},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct queue_figure queue = {.channel = "email",
                                     .state = cases[i].state,
                                     .messages = 1,
                                     .overdue_seconds = cases[i].seconds};
        struct figures figures = swept(0);
        figures.queue = (struct list){&queue, 1};
        assert_int_equal(troubles_of(*state, &figures), cases[i].troubles);
    }
}

static void test_each_trouble_is_told(void **state)
{
    struct relay_figure relays[] = {
        {.channel = "email", .paused = true,      .paused_until = now     },
        { .channel = "push",   .paused = false, .paused_until = now, .reason = "was long ago"},
    };
    struct queue_figure queue[] = {
        {.channel = "email", .state = "queued", .overdue_seconds = 2 * HOUR},
        {.channel = "push",  .state = "queued", .overdue_seconds = 2 * HOUR},
    };
    const struct figures figures = {
        .relays = {relays, 2},
          .queue = {queue,  2}
    };

    assert_int_equal(troubles_of(*state, &figures), 4);
}

static void test_a_span_is_said_in_its_largest_unit(void **state)
{
    static const struct {
        int64_t seconds;
        const char *words;
    } cases[] = {
        {0,                  "0 seconds" },
        {1,                  "1 second"  },
        {59,                 "59 seconds"},
        {60,                 "1 minute"  },
        {3599,               "59 minutes"},
        {3600,               "1 hour"    },
        {86399,              "23 hours"  },
        {86400,              "1 day"     },
        {86400 * INT64_C(9), "9 days"    },
    };
    const struct work *work = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(span_in_words(work->arena, cases[i].seconds), cases[i].words);
    }
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_a_good_sweep_lasts_for_26_hours),
        PROMISE(test_only_what_could_be_sent_is_overdue),
        PROMISE(test_each_trouble_is_told),
        PROMISE(test_a_span_is_said_in_its_largest_unit),
    };
    return RUN_ALL(promises);
}
