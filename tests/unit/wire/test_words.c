/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "wire/words.h"

#include <stdbool.h>
#include <stdio.h>

static void test_a_date_is_written_in_the_readers_language(void **state)
{
    static const char *const cases[][3] = {
        {"2026-03-01T00:00:00Z", "1. mars 2026",      "1 March 2026"    },
        {"2026-12-31T23:59:59Z", "31. desember 2026", "31 December 2026"},
        {"2024-02-29T12:00:00Z", "29. februar 2024",  "29 February 2024"},
        {"2026-05-17T00:00:00Z", "17. mai 2026",      "17 May 2026"     },
    };
    const struct work *work = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct instant instant;
        assert_true(instant_parse(&instant, cases[i][0]));
        assert_string_equal(date_in_words(work->arena, instant, "nb"), cases[i][1]);
        assert_string_equal(date_in_words(work->arena, instant, "nn"), cases[i][1]);
        assert_string_equal(date_in_words(work->arena, instant, "en"), cases[i][2]);
    }
}

static void test_days_are_told_as_people_count_them(void **state)
{
    static const struct {
        int64_t days;
        const char *nb, *nn, *en;
    } cases[] = {
        {30, "om 30 dager",       "om 30 dagar",       "in 30 days"},
        {2,  "om 2 dager",        "om 2 dagar",        "in 2 days" },
        {1,  "i morgen",          "i morgon",          "tomorrow"  },
        {0,  "i dag",             "i dag",             "today"     },
        {-1, "i g\u00E5r",        "i g\u00E5r",        "yesterday" },
        {-2, "for 2 dager siden", "for 2 dagar sidan", "2 days ago"},
    };
    const struct work *work = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(days_in_words(work->arena, cases[i].days, "nb"), cases[i].nb);
        assert_string_equal(days_in_words(work->arena, cases[i].days, "nn"), cases[i].nn);
        assert_string_equal(days_in_words(work->arena, cases[i].days, "en"), cases[i].en);
    }
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_a_date_is_written_in_the_readers_language),
        PROMISE(test_days_are_told_as_people_count_them),
    };
    return RUN_ALL(promises);
}
