/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "base/id.h"

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

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_a_uuid_is_one_of_version_4),
        PROMISE(test_no_id_comes_twice),
        PROMISE(test_an_id_begins_as_told),
    };
    return RUN_ALL(promises);
}
