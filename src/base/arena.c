/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include "base/memory.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCK_SIZE = 64 * 1024,
    ALIGNMENT = _Alignof(max_align_t),
    SMALL_TEXT = 256, /* what printf need not write twice to know how long it is */
};

struct block {
    struct block *next;
    size_t size;
    size_t used;
    _Alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct block *blocks; /* newest first; the oldest is the one that a reset keeps */
};

#if defined(__SANITIZE_ADDRESS__)
#define ONE_BLOCK_EACH 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ONE_BLOCK_EACH 1
#endif
#endif
#ifndef ONE_BLOCK_EACH
#define ONE_BLOCK_EACH 0
#endif

static struct block *block_new(size_t size, struct block *next)
{
    if (size > SIZE_MAX - sizeof(struct block)) {
        out_of_memory();
    }
    struct block *block = memory_take(sizeof(struct block) + size);
    *block = (struct block){.next = next, .size = size};
    return block;
}

struct arena *arena_new(void)
{
    struct arena *arena = memory_take(sizeof(struct arena));

    *arena = (struct arena){0};
    return arena;
}

void arena_free(struct arena *arena)
{
    if (arena == NULL) {
        return;
    }
    for (struct block *block = arena->blocks, *next; block != NULL; block = next) {
        next = block->next;
        memory_give_back(block);
    }
    memory_give_back(arena);
}

void arena_reset(struct arena *arena)
{
    struct block *block = arena->blocks;

    while (block != NULL && (block->next != NULL || ONE_BLOCK_EACH)) {
        struct block *next = block->next;
        memory_give_back(block);
        block = next;
    }
    /* The reserve is not kept: others may need it. */
    if (block != NULL && reserve_give_back(block)) {
        block = NULL;
    }
    if (block != NULL) {
        block->used = 0;
    }
    arena->blocks = block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX - ALIGNMENT) {
        out_of_memory();
    }
    const size_t rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    const bool fits = !ONE_BLOCK_EACH && arena->blocks != NULL &&
                      rounded <= arena->blocks->size - arena->blocks->used;

    if (!fits) {
        const size_t shared = rounded > BLOCK_SIZE ? rounded : BLOCK_SIZE;
        arena->blocks = block_new(ONE_BLOCK_EACH ? size : shared, arena->blocks);
    }
    void *result = arena->blocks->bytes + arena->blocks->used;
    arena->blocks->used += rounded;
    return memset(result, 0, size);
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        out_of_memory();
    }
    return arena_alloc(arena, bytes);
}

char *arena_bytes(struct arena *arena, const void *bytes, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);
    if (length > 0) {
        memcpy(copy, bytes, length);
    }
    return copy;
}

char *arena_text(struct arena *arena, const char *text)
{
    return text == NULL ? NULL : arena_bytes(arena, text, strlen(text));
}

char *arena_vprintf(struct arena *arena, const char *format, va_list arguments)
{
    char small[SMALL_TEXT];
    va_list again;
    va_copy(again, arguments);
    const int length = vsnprintf(small, sizeof(small), format, again);
    va_end(again);
    if (length < 0) {
        out_of_memory();
    }
    if (length < SMALL_TEXT) {
        return arena_bytes(arena, small, (size_t)length);
    }
    char *text = arena_alloc(arena, (size_t)length + 1);
    (void)vsnprintf(text, (size_t)length + 1, format, arguments);
    return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = arena_vprintf(arena, format, arguments);
    va_end(arguments);
    return text;
}
