/* SPDX-License-Identifier: MIT */
/* What the fuzz targets share. A target takes any bytes, makes a call of them, and aborts when what
 * comes out is not as promised. The same target runs with libFuzzer (./dev fuzz) and, over
 * tests/fuzz/corpus/NAME, in every make check (replay.c).
 */
#ifndef MENTORWATCH_TESTS_FUZZ_H
#define MENTORWATCH_TESTS_FUZZ_H

#include "base/arena.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* libFuzzer wants it by this name; returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

_Noreturn static inline void not_so(const char *condition, const char *file, int line)
{
    (void)fprintf(stderr, "%s:%d: not so: %s\n", file, line, condition);
    abort();
}

#define MUST(condition) ((condition) ? (void)0 : not_so(#condition, __FILE__, __LINE__))

/* What is left of the input. */
struct input {
    const uint8_t *at;
    size_t length;
};

/* 0 when nothing is left. */
static inline unsigned input_byte(struct input *input)
{
    if (input->length == 0) {
        return 0;
    }
    input->length--;
    return *input->at++;
}

/* Up to the next NUL, or all that is left; no more than `most` bytes of it. */
static inline char *input_text(struct input *input, struct arena *arena, size_t most)
{
    const uint8_t *begin = input->at;
    const uint8_t *end = input->length == 0 ? NULL : memchr(begin, '\0', input->length);
    const size_t length = end == NULL ? input->length : (size_t)(end - begin);
    const size_t taken = end == NULL ? length : length + 1;

    input->at += taken;
    input->length -= taken;
    return arena_bytes(arena, begin, length < most ? length : most);
}

#endif
