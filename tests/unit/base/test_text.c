/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "base/record.h"
#include "base/text.h"

#include <stdbool.h>

static void test_text_grows_without_losing_a_byte(void **state)
{
    const struct work *work = *state;
    struct text text = text_in(work->arena);

    for (int i = 0; i < 3000; i++) {
        text_add(&text, "a");
        text_add_bytes(&text, "bc\0", 3);
        text_add_format(&text, "%04d", i);
    }
    const char *done = text_done(&text);
    assert_int_equal(text.length, 3000 * 8);
    for (int i = 0; i < 3000; i++) {
        assert_memory_equal(done + (ptrdiff_t)i * 8, "abc\0", 4);
        assert_memory_equal(done + (ptrdiff_t)i * 8 + 4, arena_printf(work->arena, "%04d", i), 4);
    }
    assert_int_equal(done[text.length], '\0');
}

static void test_numbers_and_times_are_added_to_what_stands(void **state)
{
    const struct work *work = *state;
    struct text text = text_in(work->arena);
    struct instant instant = {0};

    assert_true(instant_parse(&instant, "2026-03-01T08:00:00.007Z"));
    text_add_int(&text, INT64_MIN);
    text_add(&text, "/");
    text_add_int(&text, 0);
    text_add(&text, "/");
    text_add_instant(&text, instant, MILLISECONDS);
    text_add(&text, "/");
    text_add_instant(&text, instant, SECONDS);
    assert_string_equal(text_done(&text),
                        "-9223372036854775808/0/2026-03-01T08:00:00.007Z/2026-03-01T08:00:00Z");
}

static void test_no_text_is_an_empty_text(void **state)
{
    const struct work *work = *state;
    struct text text = text_in(work->arena);

    assert_string_equal(text_done(&text), "");
}

static void test_a_number_is_decimal_and_the_whole_text(void **state)
{
    static const struct {
        const char *text;
        bool readable;
        int64_t value;
    } cases[] = {
        {"0",                    true,  0        },
        {"-0",                   true,  0        },
        {"42",                   true,  42       },
        {"-42",                  true,  -42      },
        {"9223372036854775807",  true,  INT64_MAX},
        {"-9223372036854775808", true,  INT64_MIN},
        {"9223372036854775808",  false, 0        },
        {"-9223372036854775809", false, 0        },
        {"99999999999999999999", false, 0        },
        {"",                     false, 0        },
        {"-",                    false, 0        },
        {"--1",                  false, 0        },
        {"+1",                   false, 0        },
        {" 1",                   false, 0        },
        {"1 ",                   false, 0        },
        {"\t1",                  false, 0        },
        {"- 1",                  false, 0        },
        {"1.0",                  false, 0        },
        {"1e3",                  false, 0        },
        {"0x10",                 false, 0        },
        {"1,000",                false, 0        },
        {"\xD9\xA1",             false, 0        },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t value = 0;
        if (text_to_int(cases[i].text, &value) != cases[i].readable || value != cases[i].value) {
            fail_msg("\"%s\" gave %ld", cases[i].text, (long)value);
        }
    }
}

static void test_only_well_formed_utf8_is_counted(void **state)
{
    static const struct {
        const char *text;
        bool valid;
        size_t characters;
    } cases[] = {
        {"",                     true,  0},
        {"abc",                  true,  3},
        {"K\xC3\xA5re",          true,  4},
        {"\xE2\x82\xAC",         true,  1},
        {"\xF0\x9F\x98\x80!",    true,  2},
        {"\xE0\xA0\x80",         true,  1}, /* the first of three bytes */
        {"\xF0\x90\x80\x80",     true,  1}, /* the first of four */
        {"\xED\x9F\xBF",         true,  1}, /* the last before the surrogates */
        {"\xEE\x80\x80",         true,  1}, /* the first after them */
        {"\xF4\x8F\xBF\xBF",     true,  1}, /* U+10FFFF */
        {"\xC3",                 false, 0},
        {"\xC3(",                false, 0},
        {"\xA5",                 false, 0},
        {"\xE2\x82",             false, 0},
        {"\xE2\x82(",            false, 0},
        {"\xF0\x9F\x98",         false, 0},
        {"\xC0\x80",             false, 0}, /* overlong NUL */
        {"\xC1\xBF",             false, 0},
        {"\xC0\xAF",             false, 0}, /* overlong slash */
        {"\xE0\x80\xAF",         false, 0},
        {"\xE0\x9F\xBF",         false, 0},
        {"\xF0\x80\x80\xAF",     false, 0},
        {"\xF0\x8F\xBF\xBF",     false, 0},
        {"\xED\xA0\x80",         false, 0}, /* a surrogate */
        {"\xED\xBF\xBF",         false, 0},
        {"\xF4\x90\x80\x80",     false, 0}, /* beyond U+10FFFF */
        {"\xF5\x80\x80\x80",     false, 0},
        {"\xF8\x88\x80\x80\x80", false, 0},
        {"\xFE",                 false, 0},
        {"\xFF",                 false, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t characters = 0;
        if (utf8_length(cases[i].text, &characters) != cases[i].valid ||
            (cases[i].valid && characters != cases[i].characters)) {
            fail_msg("case %zu", i);
        }
    }
}

static void test_controls_are_seen_c1_included(void **state)
{
    static const struct {
        const char *text;
        bool in_a_line, in_lines;
    } cases[] = {
        {"plain",            false, false},
        {"K\xC3\xA5re",      false, false},
        {"no\xC2\xA0"
         "break",   false, false},
        {"a\nb",             true,  false},
        {"a\r\nb\tc",        true,  false},
        {"\x01",             true,  true },
        {"bell\a",           true,  true },
        {"\x1B[31m",         true,  true },
        {"delete\x7F",       true,  true },
        {"next\xC2\x85line", true,  true },
        {"\xC2\x80",         true,  true },
        {"\xC2\x9F",         true,  true },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(text_has_controls(cases[i].text, false), cases[i].in_a_line);
        assert_int_equal(text_has_controls(cases[i].text, true), cases[i].in_lines);
    }
}

static void test_numbers_stand_with_commas_between(void **state)
{
    static const struct {
        const char *text;
        size_t count; /* 0: it will not do */
        int64_t numbers[3];
    } cases[] = {
        {"30,14,7", 3, {30, 14, 7}},
        {"5",       1, {5}        },
        {"-1,0",    2, {-1, 0}    },
        {"30, 14",  0, {0}        },
        {"30,,7",   0, {0}        },
        {"30,x",    0, {0}        },
        {"30;14",   0, {0}        },
        {",30",     0, {0}        },
    };
    const struct work *work = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct list numbers;
        assert_int_equal(text_numbers(&numbers, work->arena, cases[i].text), cases[i].count > 0);
        if (cases[i].count > 0) {
            assert_int_equal(numbers.count, cases[i].count);
            assert_memory_equal(numbers.items, cases[i].numbers, numbers.count * sizeof(int64_t));
        }
    }
}

static void test_beginnings_and_letter_case(void **state)
{
    (void)state;
    assert_true(text_starts("mentor-042", "mentor-"));
    assert_true(text_starts("mentor", ""));
    assert_false(text_starts("ment", "mentor"));
    assert_false(text_starts("Mentor", "mentor"));
    assert_true(text_same_nocase("Content-Type", "CONTENT-TYPE"));
    assert_false(text_same_nocase("Content-Type", "Content-Typ"));
    assert_false(text_same_nocase("\xC3\xA5", "\xC3\x85"));
}

static void test_each_text_stands_once_and_in_order(void **state)
{
    struct work *work = *state;
    const char *texts[] = {"rem-2", "rem-10", "", "rem-2", "Rem-2", "rem-2"};
    static const char *const distinct[] = {"", "Rem-2", "rem-10", "rem-2"};
    const struct list found =
        text_distinct(work->arena, (struct list){.items = texts, .count = COUNT_OF(texts)});

    assert_int_equal(found.count, COUNT_OF(distinct));
    for (size_t i = 0; i < found.count; i++) {
        assert_string_equal(((const char *const *)found.items)[i], distinct[i]);
    }
    assert_string_equal(texts[0], "rem-2"); /* what was given stays as it was */
    assert_int_equal(text_distinct(work->arena, (struct list){0}).count, 0);
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_text_grows_without_losing_a_byte),
        PROMISE(test_numbers_and_times_are_added_to_what_stands),
        PROMISE(test_no_text_is_an_empty_text),
        PROMISE(test_a_number_is_decimal_and_the_whole_text),
        PROMISE(test_numbers_stand_with_commas_between),
        PROMISE(test_only_well_formed_utf8_is_counted),
        PROMISE(test_controls_are_seen_c1_included),
        PROMISE(test_beginnings_and_letter_case),
        PROMISE(test_each_text_stands_once_and_in_order),
    };
    return RUN_ALL(promises);
}
