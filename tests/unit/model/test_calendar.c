/* SPDX-License-Identifier: MIT */
/* Every day on which a certification may end, every set of thresholds, every gap between two runs:
 * what the rules of reminders and of the expiry say, against days that are simply counted. */
#include "../support.h"
#include "base/config.h"
#include "model/certification.h"
#include "model/reminder.h"

#include <stdbool.h>

enum { MOST_GAP = 40, BEFORE = 80, MOST_SETS = 16 };

static const char *const sets[] = {"30,14,7", "30", "7", "1", "60,30,14,7,1", "365", "3,2,1"};

static struct instant midnight(int year, int month, int day)
{
    struct instant instant = {0};

    assert_true(instant_from_civil(&instant, (struct civil){
                                                 .date = {year, month, day}
    }));
    return instant;
}

/* A run, then so many missed days, then the next. The oracle knows of no calendar: it counts down
 * the days until the end. On which day the first run falls differs from one end to the next. */
static void walk(const struct list thresholds, struct instant end, int64_t gap)
{
    const int64_t *days = thresholds.items;
    const int64_t first = end.ms / MS_PER_DAY - BEFORE;
    bool sent[MOST_SETS] = {false};

    for (int64_t left = BEFORE - first % (gap + 1); left >= 0; left -= gap + 1) {
        const struct instant now = {(first + BEFORE - left) * MS_PER_DAY +
                                    (int64_t)6 * 60 * 60 * MS_PER_SECOND};
        const int64_t due = threshold_due(thresholds, days_between(now, end));
        size_t expected = thresholds.count; /* none */
        for (size_t i = 0; i < thresholds.count; i++) {
            if (left <= days[i]) {
                expected = i;
            }
        }
        if (expected == thresholds.count) {
            assert_int_equal(due, 0); /* none early */
            continue;
        }
        assert_int_equal(due, days[expected]); /* none late, and one at most */
        sent[expected] = true;
        assert_true(end.ms < threshold_end(now, due).ms);
    }
    if (gap == 0 && days[0] <= BEFORE) {
        for (size_t i = 0; i < thresholds.count; i++) {
            assert_true(sent[i]);
        }
    }
}

static void test_no_day_of_eleven_years_is_early_late_or_twice(void **state)
{
    const struct work *work = *state;
    const struct instant last = midnight(2034, 12, 31);

    for (size_t i = 0; i < COUNT_OF(sets); i++) {
        const struct settings settings = {
            .reminders = {.thresholds = sets[i], .thresholds_by_type = ""}
        };
        const struct list thresholds = thresholds_of(work->arena, &settings, NULL);
        for (struct instant end = midnight(2024, 1, 1); end.ms <= last.ms; end.ms += MS_PER_DAY) {
            for (int64_t gap = 0; gap <= MOST_GAP; gap++) {
                walk(thresholds, end, gap);
            }
        }
    }
}

static void test_a_pause_is_never_early_and_never_late(void **state)
{
    const struct instant last = midnight(2034, 12, 31);

    (void)state;
    for (struct instant end = midnight(2024, 1, 1); end.ms <= last.ms; end.ms += MS_PER_DAY) {
        const struct certification certification = {.expires_at = end};
        for (int64_t grace = 0; grace <= 3; grace++) {
            const int64_t due = end.ms + grace * MS_PER_DAY;
            assert_false(certification_is_due(&certification, (struct instant){due - 1}, grace));
            assert_true(certification_is_due(&certification, (struct instant){due}, grace));
        }
    }
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_no_day_of_eleven_years_is_early_late_or_twice),
        PROMISE(test_a_pause_is_never_early_and_never_late),
    };
    return RUN_ALL(promises);
}
