/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "base/memory.h"

#include <stdint.h>
#include <string.h>

static void test_pieces_are_aligned_and_apart(void **state)
{
    unsigned char *first = reserve_take(3);
    unsigned char *second = reserve_take(5);

    (void)state;
    assert_non_null(first);
    assert_non_null(second);
    assert_int_equal((uintptr_t)second % _Alignof(max_align_t), 0);
    memset(first, 1, 3);
    memset(second, 2, 5);
    assert_int_equal(first[2], 1);
    assert_true(reserve_give_back(first));
    assert_true(reserve_give_back(second));
}

static void test_it_ends_and_is_whole_again_when_all_is_given_back(void **state)
{
    (void)state;
    for (int round = 0; round < 2; round++) {
        void *small = reserve_take(1);
        assert_null(reserve_take(RESERVE_SIZE));
        assert_null(reserve_take(SIZE_MAX));
        assert_true(reserve_give_back(small));
        void *whole = reserve_take(RESERVE_SIZE);
        assert_non_null(whole);
        assert_null(reserve_take(1));
        assert_true(reserve_give_back(whole));
    }
}

static void test_memory_of_others_is_not_its_own(void **state)
{
    int other = 0;

    (void)state;
    assert_false(reserve_give_back(&other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROMISE(test_pieces_are_aligned_and_apart),
        PROMISE(test_it_ends_and_is_whole_again_when_all_is_given_back),
        PROMISE(test_memory_of_others_is_not_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
