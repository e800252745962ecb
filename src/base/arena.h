/* SPDX-License-Identifier: MIT */
/* Memory that dies with a unit of work.
 *
 * A request, a delivery and a sweep step each allocate from one arena, and nobody frees by hand.
 * Results are never NULL and always zeroed: when the system has no memory, a reserve is used
 * (base/memory.h). When that has run out, too, the process says so and ends, which loses nothing
 * because nothing is committed (nginx answers 502, the supervisor restarts).
 * arena_reset() gives everything back at once and keeps the first block for the next unit of
 * work. Under AddressSanitizer each allocation is a heap block of its own, so overruns and use
 * after reset are seen. One thread at a time.
 */
#ifndef MENTORWATCH_BASE_ARENA_H
#define MENTORWATCH_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void); /* the caller's, to end with arena_free() */
void arena_free(struct arena *arena);
void arena_reset(struct arena *arena);

#define ARENA_RESULT __attribute__((returns_nonnull, warn_unused_result))

ARENA_RESULT void *arena_alloc(struct arena *arena, size_t size); /* aligned for any type */
/* Ends the process when count * size overflows. */
ARENA_RESULT void *arena_array(struct arena *arena, size_t count, size_t size);
/* A copy with a NUL added. */
ARENA_RESULT char *arena_bytes(struct arena *arena, const void *bytes, size_t length);
ARENA_RESULT char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
ARENA_RESULT char *arena_vprintf(struct arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/* A copy; NULL stays NULL. */
char *arena_text(struct arena *arena, const char *text);

#endif
