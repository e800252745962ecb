/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "base/digits.h"

#include <inttypes.h>
#include <stdio.h>

static void test_any_number_is_written_as_printf_writes_it(void **state)
{
    static const int64_t cases[] = {
        0,  1,   9,     10,        11,        99,        100,       1234567890,    -1,
        -9, -10, -1000, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN, INT64_MIN + 1, INT64_MAX - 1};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char written[DIGITS_ROOM];
        char expected[64];
        const int length = snprintf(expected, sizeof(expected), "%" PRId64, cases[i]);
        assert_int_equal(digits_of(written, cases[i]), length);
        assert_memory_equal(written, expected, (size_t)length);
    }
}

static void test_zeros_fill_up_what_is_too_short(void **state)
{
    static const struct {
        uint64_t number;
        size_t least;
        const char *expected;
    } cases[] = {
        {0,          0,  "0"                   },
        {0,          1,  "0"                   },
        {0,          3,  "000"                 },
        {7,          2,  "07"                  },
        {99,         2,  "99"                  },
        {100,        2,  "100"                 },
        {2026,       4,  "2026"                },
        {10000,      4,  "10000"               },
        {1,          20, "00000000000000000001"},
        {UINT64_MAX, 1,  "18446744073709551615"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char written[DIGITS_ROOM];
        const size_t length = digits_padded(written, cases[i].number, cases[i].least);
        assert_int_equal(length, strlen(cases[i].expected));
        assert_memory_equal(written, cases[i].expected, length);
    }
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_any_number_is_written_as_printf_writes_it),
        PROMISE(test_zeros_fill_up_what_is_too_short),
    };
    return RUN_ALL(promises);
}
