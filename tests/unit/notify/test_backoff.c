/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "notify/backoff.h"

static const int64_t MINUTE = 60;
static const int64_t HOUR = INT64_C(60) * 60;
static const int64_t DAY = INT64_C(24) * 60 * 60;
static const int64_t MIDDLE = BACKOFF_CHANCES / 2;

static int64_t wait_after(int64_t attempts, int64_t chance)
{
    return backoff_after(attempts, 0, chance).seconds;
}

static void test_the_waits_grow_to_a_day(void **state)
{
    const int64_t waits[] = {5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, 12 * HOUR,
                             DAY,        DAY,         DAY,  DAY};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(waits); i++) {
        const int64_t attempts = (int64_t)i + 1;
        assert_int_equal(wait_after(attempts, MIDDLE), waits[i]);
        assert_int_equal(wait_after(attempts, 0), waits[i] * 9 / 10);
        assert_int_equal(wait_after(attempts, BACKOFF_CHANCES), waits[i] * 11 / 10);
    }
    assert_int_equal(wait_after(0, MIDDLE), 5 * MINUTE);
    assert_int_equal(wait_after(INT64_MAX, MIDDLE), DAY);
}

static void test_chance_keeps_to_its_range_and_is_no_constant(void **state)
{
    int64_t least = BACKOFF_CHANCES;
    int64_t most = 0;

    (void)state;
    for (int i = 0; i < 1000; i++) {
        const int64_t chance = backoff_chance();
        assert_in_range(chance, 0, BACKOFF_CHANCES);
        least = chance < least ? chance : least;
        most = chance > most ? chance : most;
    }
    assert_true(least < BACKOFF_CHANCES / 10 && most > BACKOFF_CHANCES - BACKOFF_CHANCES / 10);
}

static void test_what_the_other_side_asks_for_counts_when_it_is_longer_up_to_a_day(void **state)
{
    (void)state;
    assert_int_equal(backoff_after(1, 10, MIDDLE).seconds, 5 * MINUTE);
    assert_int_equal(backoff_after(1, 2 * HOUR, MIDDLE).seconds, 2 * HOUR);
    assert_int_equal(backoff_after(1, 2 * HOUR, 0).seconds, 2 * HOUR);
    assert_int_equal(backoff_after(1, 30 * DAY, MIDDLE).seconds, DAY);
    assert_int_equal(backoff_after(1, INT64_MAX, MIDDLE).seconds, DAY);
}

static void test_only_attempts_use_up_the_patience_and_they_take_five_days(void **state)
{
    int64_t age = 0;
    int64_t attempts = 1;

    (void)state;
    for (; !backoff_after(attempts, 0, MIDDLE).gives_up; attempts++) {
        age += backoff_after(attempts, 0, MIDDLE).seconds;
    }
    assert_int_equal(attempts, BACKOFF_ATTEMPTS);
    assert_in_range(age, 4 * DAY + HOUR, 5 * DAY);
    assert_false(backoff_after(1, DAY, BACKOFF_CHANCES).gives_up);
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_the_waits_grow_to_a_day),
        PROMISE(test_chance_keeps_to_its_range_and_is_no_constant),
        PROMISE(test_what_the_other_side_asks_for_counts_when_it_is_longer_up_to_a_day),
        PROMISE(test_only_attempts_use_up_the_patience_and_they_take_five_days),
    };
    return RUN_ALL(promises);
}
