/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "base/clock.h"

#include <stdbool.h>
#include <stdio.h>
#include <time.h>

/* The time as it was understood, or "refused". */
static const char *understood(const struct work *work, const char *text)
{
    struct instant instant;

    return instant_parse(&instant, text) ? instant_format(work->arena, instant, MILLISECONDS)
                                         : "refused";
}

static struct instant at(const char *text)
{
    struct instant instant = {0};

    assert_true(instant_parse(&instant, text));
    return instant;
}

static void test_a_time_is_understood_in_utc(void **state)
{
    static const char *const cases[][2] = {
        {"2026-03-01T00:00:00Z",           "2026-03-01T00:00:00.000Z"},
        {"2026-03-01t00:00:00z",           "2026-03-01T00:00:00.000Z"},
        {"2026-03-01T01:30:00+01:30",      "2026-03-01T00:00:00.000Z"},
        {"2026-02-28T12:00:00-12:00",      "2026-03-01T00:00:00.000Z"},
        {"2026-03-01T00:00:00-00:00",      "2026-03-01T00:00:00.000Z"},
        {"2026-03-01T00:00:00.5Z",         "2026-03-01T00:00:00.500Z"},
        {"2026-03-01T00:00:00.007+00:00",  "2026-03-01T00:00:00.007Z"},
        {"2026-03-01T23:59:59.999999999Z", "2026-03-01T23:59:59.999Z"},
        {"2025-12-31T00:00:00-23:59",      "2025-12-31T23:59:00.000Z"},
        {"2025-12-31T00:01:00-23:59",      "2026-01-01T00:00:00.000Z"},
        {"2026-01-01T23:58:00+23:59",      "2025-12-31T23:59:00.000Z"},
        {"2024-02-29T23:59:59Z",           "2024-02-29T23:59:59.000Z"},
        {"2024-03-01T00:30:00+01:00",      "2024-02-29T23:30:00.000Z"},
        {"2023-03-01T00:30:00+01:00",      "2023-02-28T23:30:00.000Z"},
        {"2000-02-29T00:00:00Z",           "2000-02-29T00:00:00.000Z"},
        {"1000-01-01T00:00:00Z",           "1000-01-01T00:00:00.000Z"},
        {"9999-12-31T23:59:59.999Z",       "9999-12-31T23:59:59.999Z"},
    };
    const struct work *work = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(understood(work, cases[i][0]), cases[i][1]);
    }
}

static void test_anything_else_is_no_time(void **state)
{
    static const char *const cases[] = {
        "",
        "now",
        "2026-03-01",
        "2026-03-01T00:00Z",
        "2026-03-01T00:00:00",
        "2026-03-01 00:00:00Z",
        " 2026-03-01T00:00:00Z",
        "2026-03-01T00:00:00Z ",
        "2026-03-01T00:00:00ZZ",
        "2026-3-01T00:00:00Z",
        "02026-03-01T00:00:00Z",
        "+2026-03-01T00:00:00Z",
        "-026-03-01T00:00:00Z",
        "2026-03-01T00:00:00.Z",
        "2026-03-01T00:00:00,5Z",
        "2026-03-01T00:00:00.5",
        "2026-03-01T00:00:00+0100",
        "2026-03-01T00:00:00+01",
        "2026-03-01T00:00:00+24:00",
        "2026-03-01T00:00:00+01:60",
        "2026-03-01T00:00:00+-1:00",
        "2026-03-01T00:00:00 01:00",
        "2026-03-01T24:00:00Z",
        "2026-03-01T23:60:00Z",
        "2026-03-01T23:59:60Z",
        "2016-12-31T23:59:60Z",
        "2026-00-01T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-03-00T00:00:00Z",
        "2026-03-32T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2100-02-29T00:00:00Z",
        "2024-02-30T00:00:00Z",
        "0999-12-31T23:59:59Z",
        "1000-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "0000-01-01T00:00:00Z",
        "2026-03-01T00:00:00\xC2\xA0Z",
        "\xD9\xA2\xD9\xA0\xD9\xA2\xD9\xA6-03-01T00:00:00Z",
    };
    const struct work *work = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *found = understood(work, cases[i]);
        if (strcmp(found, "refused") != 0) {
            fail_msg("\"%s\" was understood as %s", cases[i], found);
        }
    }
}

static void test_a_bare_date_must_exist(void **state)
{
    static const struct {
        const char *text;
        bool exists;
    } cases[] = {
        {"2026-03-01",  true },
        {"2024-02-29",  true },
        {"2023-02-29",  false},
        {"2026-3-1",    false},
        {"2026-03-01T", false},
        {"26-03-01",    false},
        {"2026/03/01",  false},
        {"0999-12-31",  false},
        {"10000-01-01", false},
        {"",            false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct date date;
        assert_int_equal(date_parse(&date, cases[i].text), cases[i].exists);
    }
}

static void test_no_month_has_a_day_too_many(void **state)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    struct instant instant;

    (void)state;
    for (int month = 1; month <= 12; month++) {
        const int length = lengths[month - 1];
        const struct civil last = {
            .date = {2026, month, length}
        };
        const struct civil beyond = {
            .date = {2026, month, length + 1}
        };
        assert_true(instant_from_civil(&instant, last));
        assert_false(instant_from_civil(&instant, beyond));
    }
}

static struct date day_after(struct date date)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = date.year % 400 == 0 || (date.year % 100 != 0 && date.year % 4 == 0);
    const int length = lengths[date.month - 1] + (date.month == 2 && leap);

    if (date.day < length) {
        return (struct date){date.year, date.month, date.day + 1};
    }
    if (date.month < 12) {
        return (struct date){date.year, date.month + 1, 1};
    }
    return (struct date){date.year + 1, 1, 1};
}

static void test_every_day_from_1000_to_9999_follows_the_one_before(void **state)
{
    struct date date = {1000, 1, 1};
    struct instant expected = at("1000-01-01T00:00:00Z");
    struct instant found;

    (void)state;
    for (; date.year < 10000; date = day_after(date)) {
        const struct date back = instant_civil(expected).date;
        if (!instant_from_civil(&found, (struct civil){.date = date}) || found.ms != expected.ms ||
            back.year != date.year || back.month != date.month || back.day != date.day) {
            fail_msg("%04d-%02d-%02d", date.year, date.month, date.day);
        }
        expected = instant_plus(expected, MS_PER_DAY);
    }
    assert_false(instant_from_civil(&found, (struct civil){.date = date}));
}

static void test_an_instant_is_the_count_that_the_header_says(void **state)
{
    (void)state;
    /* 1970 years of which 478 were leap years. */
    assert_int_equal(at("1970-01-01T00:00:00Z").ms, (1970 * INT64_C(365) + 478) * MS_PER_DAY);
    assert_false(instant_given((struct instant){0}));
    assert_true(instant_given(at("1000-01-01T00:00:00Z")));
}

static void test_a_civil_time_that_does_not_exist_is_refused(void **state)
{
    static const struct civil cases[] = {
        {.date = {2026, 2, 29}},
        {.date = {2026, 3, 1},  .hour = 24},
        {.date = {2026, 3, 1},                     .hour = -1},
        {.date = {2026, 3, 1},.minute = 60},
        {.date = {2026, 3, 1},  .second = -1},
        {.date = {2026, 3, 1},                     .second = 60},
        {.date = {2026, 3, 1},        .millisecond = 1000},
        {.date = {2026, 0, 1} },
        {.date = {2026, 13, 1}                    },
        {.date = {-2026, 1, 1}},
        {.date = {0, 0, 0} },
    };
    struct instant instant;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_false(instant_from_civil(&instant, cases[i]));
    }
}

static void test_seconds_are_written_without_a_fraction(void **state)
{
    const struct work *work = *state;
    const struct instant instant = at("2026-03-26T11:30:05.042Z");

    assert_string_equal(instant_format(work->arena, instant, SECONDS), "2026-03-26T11:30:05Z");
    assert_string_equal(instant_format(work->arena, instant, MILLISECONDS),
                        "2026-03-26T11:30:05.042Z");
}

/* Every millisecond of a second, and a moment of each year that we accept. */
static void test_any_instant_is_written_as_it_was_read(void **state)
{
    const struct work *work = *state;

    for (int ms = 0; ms < 1000; ms++) {
        const char *text = arena_printf(work->arena, "2026-12-31T23:59:59.%03dZ", ms);
        assert_string_equal(instant_format(work->arena, at(text), MILLISECONDS), text);
    }
    for (int year = 1000; year <= 9999; year++) {
        const char *text = arena_printf(work->arena, "%d-01-09T07:05:03Z", year);
        assert_string_equal(instant_format(work->arena, at(text), SECONDS), text);
    }
}

static void test_no_instant_takes_more_room_than_the_header_says(void **state)
{
    static const int64_t cases[] = {0, -1, -MS_PER_DAY, INT64_MAX, INT64_MIN, INT64_MAX / 2};
    char written[INSTANT_ROOM];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct instant instant = {cases[i]};
        assert_in_range(instant_write(written, instant, MILLISECONDS), 1, INSTANT_ROOM);
    }
}

static void test_days_are_counted_by_the_calendar_not_by_the_hour(void **state)
{
    static const struct {
        const char *from, *to;
        int64_t days;
    } cases[] = {
        {"2026-03-01T23:59:59Z", "2026-03-02T00:00:00Z", 1  },
        {"2026-03-01T00:00:00Z", "2026-03-01T23:59:59Z", 0  },
        {"2026-03-02T00:00:00Z", "2026-03-01T23:59:59Z", -1 },
        {"2026-02-01T12:00:00Z", "2026-03-03T00:00:00Z", 30 },
        {"2024-02-28T12:00:00Z", "2024-03-01T00:00:00Z", 2  },
        {"2023-02-28T12:00:00Z", "2023-03-01T00:00:00Z", 1  },
        {"2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", 365},
        {"2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z", 366},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(days_between(at(cases[i].from), at(cases[i].to)), cases[i].days);
    }
}

static void test_seconds_since_1970_and_back(void **state)
{
    const struct work *work = *state;

    assert_string_equal(instant_format(work->arena, instant_from_unix(1772352000), SECONDS),
                        "2026-03-01T08:00:00Z");
    assert_int_equal(instant_unix_seconds(instant_from_unix(1772352000)), 1772352000);
    assert_int_equal(instant_unix_seconds(instant_from_unix(0)), 0);
}

static void test_now_is_the_wall_clock_whatever_the_time_zone(void **state)
{
    const struct instant epoch = at("1970-01-01T00:00:00Z");
    const time_t before = time(NULL);

    (void)state;
    assert_int_equal(setenv("TZ", "Asia/Kathmandu", 1), 0);
    tzset();
    const int64_t now = (clock_now().ms - epoch.ms) / MS_PER_SECOND;
    assert_in_range(now, before - 1, time(NULL) + 1);
}

static void test_the_monotonic_clock_never_goes_back(void **state)
{
    int64_t last = clock_monotonic_ms();

    (void)state;
    for (int i = 0; i < 1000; i++) {
        const int64_t next = clock_monotonic_ms();
        assert_true(next >= last);
        last = next;
    }
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_a_time_is_understood_in_utc),
        PROMISE(test_anything_else_is_no_time),
        PROMISE(test_a_bare_date_must_exist),
        PROMISE(test_no_month_has_a_day_too_many),
        PROMISE(test_every_day_from_1000_to_9999_follows_the_one_before),
        PROMISE(test_an_instant_is_the_count_that_the_header_says),
        PROMISE(test_a_civil_time_that_does_not_exist_is_refused),
        PROMISE(test_seconds_are_written_without_a_fraction),
        PROMISE(test_any_instant_is_written_as_it_was_read),
        PROMISE(test_no_instant_takes_more_room_than_the_header_says),
        PROMISE(test_days_are_counted_by_the_calendar_not_by_the_hour),
        PROMISE(test_seconds_since_1970_and_back),
        PROMISE(test_now_is_the_wall_clock_whatever_the_time_zone),
        PROMISE(test_the_monotonic_clock_never_goes_back),
    };
    return RUN_ALL(promises);
}
