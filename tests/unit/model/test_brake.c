/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "model/brake.h"

#include <stdbool.h>

static struct instant at(const char *text)
{
    struct instant instant = {0};

    assert_true(instant_parse(&instant, text));
    return instant;
}

static void test_more_than_ten_and_more_than_a_fifth_is_too_many(void **state)
{
    static const struct {
        int64_t to_pause;
        int64_t mentors;
        bool held;
    } cases[] = {
        {0,   0,    false},
        {10,  10,   false},
        {10,  1,    false},
        {11,  11,   true },
        {11,  50,   true },
        {11,  54,   true },
        {11,  55,   false}, /* exactly a fifth */
        {12,  55,   true },
        {200, 1000, false},
        {201, 1000, true },
        {11,  0,    true },
    };
    const struct work *work = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *why = brake_pauses(work->arena, cases[i].to_pause, cases[i].mentors);
        assert_int_equal(why != NULL, cases[i].held);
    }
    assert_string_equal(brake_pauses(work->arena, 30, 100),
                        "30 of 100 mentors would be paused at once, more than 10 and more than "
                        "20 %");
}

static void test_a_clock_that_jumped_is_not_believed(void **state)
{
    static const struct {
        const char *now;
        const char *begun; /* NULL: there was none */
        const char *done;
        bool held;
    } cases[] = {
        {"2026-03-01T06:00:00Z",     NULL,                       NULL,                   false},
        {"2026-03-01T06:00:00Z",     "2026-02-28T06:00:00Z",     "2026-02-28T06:00:00Z", false},
        {"2026-03-01T06:00:00Z",     "2026-03-01T06:05:00Z",     NULL,                   false},
        {"2026-03-01T06:00:00Z",     "2026-03-01T06:05:00.001Z", NULL,                   true },
        {"1970-01-01T00:00:00Z",     "2026-03-01T06:00:00Z",     "2026-03-01T06:00:00Z", true },
        {"2026-04-10T06:00:00Z",     "2026-03-01T06:00:00Z",     "2026-03-01T06:00:00Z", false},
        {"2026-04-10T06:00:00.001Z", "2026-03-01T06:00:00Z",     "2026-03-01T06:00:00Z", true },
        {"2026-04-11T06:00:00Z",     "2026-04-10T06:00:00Z",     "2026-03-01T06:00:00Z", true },
        {"2026-04-11T06:00:00Z",     "2026-03-01T06:00:00Z",     NULL,                   false},
    };
    const struct work *work = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct sweep_times last = {{0}, {0}};
        if (cases[i].begun != NULL) {
            last.last_begun = at(cases[i].begun);
        }
        if (cases[i].done != NULL) {
            last.last_done = at(cases[i].done);
        }
        assert_int_equal(brake_clock(work->arena, at(cases[i].now), &last) != NULL, cases[i].held);
    }
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_more_than_ten_and_more_than_a_fifth_is_too_many),
        PROMISE(test_a_clock_that_jumped_is_not_believed),
    };
    return RUN_ALL(promises);
}
