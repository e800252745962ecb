/* SPDX-License-Identifier: MIT */
#include "../support.h"

#include <stdbool.h>
#include <stdio.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

enum { MANY = 400, HUGE_SIZE = 3 * 1024 * 1024 };

static bool all_bytes_are(const unsigned char *bytes, size_t length, unsigned char wanted)
{
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] != wanted) {
            return false;
        }
    }
    return true;
}

static void test_memory_is_zeroed_aligned_and_apart(void **state)
{
    const struct work *work = *state;
    unsigned char *given[MANY];

    for (size_t i = 0; i < MANY; i++) {
        given[i] = arena_alloc(work->arena, i * 7);
        assert_int_equal((uintptr_t)given[i] % _Alignof(max_align_t), 0);
        assert_true(all_bytes_are(given[i], i * 7, 0));
        memset(given[i], (int)(i % 255 + 1), i * 7);
    }
    for (size_t i = 0; i < MANY; i++) {
        assert_true(all_bytes_are(given[i], i * 7, (unsigned char)(i % 255 + 1)));
    }
}

static void test_memory_is_zeroed_again_after_a_reset(void **state)
{
    struct arena *arena = arena_new();

    (void)state;
    for (size_t round = 0; round < 3; round++) {
        for (size_t size = 1; size < 100000; size *= 3) {
            unsigned char *bytes = arena_alloc(arena, size);
            assert_true(all_bytes_are(bytes, size, 0));
            memset(bytes, 0xEE, size);
        }
        arena_reset(arena);
    }
    arena_free(arena);
}

static void test_a_huge_piece_does_not_disturb_small_ones(void **state)
{
    const struct work *work = *state;
    const char *before = arena_text(work->arena, "before");
    unsigned char *huge = arena_alloc(work->arena, HUGE_SIZE);
    const char *after = arena_text(work->arena, "after");

    memset(huge, 0xEE, HUGE_SIZE);
    assert_string_equal(before, "before");
    assert_string_equal(after, "after");
}

/* The exit of a child that asks for more than there is. */
static int status_of_asking(size_t count, size_t size)
{
    int status = 0;
    const pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        (void)close(STDERR_FILENO);
        void *volatile never = arena_array(arena_new(), count, size);
        _exit(never == NULL);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void test_an_array_too_large_to_count_ends_the_process(void **state)
{
    static const size_t sizes[][2] = {
        {SIZE_MAX,         2           },
        {SIZE_MAX / 2 + 1, 2           },
        {SIZE_MAX,         1           },
        {1,                SIZE_MAX - 1},
        {SIZE_MAX / 16,    16          },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        const int status = status_of_asking(sizes[i][0], sizes[i][1]);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), EX_OSERR);
    }
}

static void test_texts_are_copies(void **state)
{
    const struct work *work = *state;
    char original[] = "mentor";
    char *copy = arena_text(work->arena, original);

    original[0] = 'M';
    assert_string_equal(copy, "mentor");
    assert_null(arena_text(work->arena, NULL));
    assert_string_equal(arena_text(work->arena, ""), "");
}

static void test_bytes_get_a_nul_at_their_end(void **state)
{
    const struct work *work = *state;
    const char *copy = arena_bytes(work->arena, "a\0bc", 3);

    assert_memory_equal(copy, "a\0b\0", 4);
    assert_string_equal(arena_bytes(work->arena, NULL, 0), "");
}

static void test_a_formatted_text_has_room_for_all(void **state)
{
    const struct work *work = *state;
    const char *text = arena_printf(work->arena, "%070000d|%s", 7, "end");

    assert_int_equal(strlen(text), 70004);
    assert_string_equal(text + 69999, "7|end");
    for (int width = 1; width < 600; width++) {
        text = arena_printf(work->arena, "%*d", width, 7);
        assert_int_equal(strlen(text), width);
        assert_int_equal(text[width - 1], '7');
    }
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_memory_is_zeroed_aligned_and_apart),
        PROMISE(test_memory_is_zeroed_again_after_a_reset),
        PROMISE(test_a_huge_piece_does_not_disturb_small_ones),
        PROMISE(test_an_array_too_large_to_count_ends_the_process),
        PROMISE(test_texts_are_copies),
        PROMISE(test_bytes_get_a_nul_at_their_end),
        PROMISE(test_a_formatted_text_has_room_for_all),
    };
    return RUN_ALL(promises);
}
