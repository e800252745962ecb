/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "base/id.h"

#include <stdlib.h>
#include <string.h>

enum { MANY = 200 };

static void test_a_uuid_is_one_of_version_4(void **state)
{
    const struct work *work = *state;

    for (int n = 0; n < MANY; n++) {
        const char *uuid = id_new_uuid(work->arena);
        assert_int_equal(strlen(uuid), 36);
        for (size_t i = 0; i < 36; i++) {
            const char *allowed = i == 8 || i == 13 || i == 18 || i == 23 ? "-"
                                  : i == 14                               ? "4"
                                  : i == 19                               ? "89ab"
                                                                          : "0123456789abcdef";
            assert_non_null(strchr(allowed, uuid[i]));
        }
    }
}

static void test_no_id_comes_twice(void **state)
{
    const struct work *work = *state;
    const char *ids[MANY];

    for (int n = 0; n < MANY; n++) {
        ids[n] = n % 2 == 0 ? id_new(work->arena, "cert_") : id_new_uuid(work->arena);
        for (int earlier = 0; earlier < n; earlier++) {
            assert_string_not_equal(ids[n], ids[earlier]);
        }
    }
}

static void test_an_id_begins_as_told(void **state)
{
    const struct work *work = *state;

    assert_memory_equal(id_new(work->arena, "cert_"), "cert_", 5);
    assert_int_equal(strlen(id_new(work->arena, "cert_")), 5 + 12);
    assert_memory_equal(id_new_hex(work->arena, "pn_"), "pn_", 3);
    assert_int_equal(strlen(id_new_hex(work->arena, "pn_")), 3 + 16);
    assert_int_equal(strlen(id_new_long(work->arena, "")), 32);
}

static void test_a_series_rises_by_one_from_a_random_name(void **state)
{
    const struct work *work = *state;
    struct id_series one = id_series_hex("pn_");
    struct id_series other = id_series_hex("pn_");

    const char *before = id_next(work->arena, &one);
    assert_string_not_equal(before, id_next(work->arena, &other));
    for (int n = 1; n < MANY; n++) {
        const char *name = id_next(work->arena, &one);
        const uint64_t number = strtoull(name + 3, NULL, 16);
        assert_int_equal(strlen(name), 3 + 16);
        assert_int_equal(number, strtoull(before + 3, NULL, 16) + 1);
        before = name;
    }
}

static void test_after_the_highest_name_comes_the_lowest(void **state)
{
    const struct work *work = *state;
    struct id_series series = id_series("log_");

    memset(series.digits, 31, sizeof(series.digits));
    assert_string_equal(id_next(work->arena, &series), "log_ZZZZZZZZZZZZ");
    assert_string_equal(id_next(work->arena, &series), "log_000000000000");
    assert_string_equal(id_next(work->arena, &series), "log_000000000001");
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_a_uuid_is_one_of_version_4),
        PROMISE(test_no_id_comes_twice),
        PROMISE(test_an_id_begins_as_told),
        PROMISE(test_a_series_rises_by_one_from_a_random_name),
        PROMISE(test_after_the_highest_name_comes_the_lowest),
    };
    return RUN_ALL(promises);
}
