/* SPDX-License-Identifier: MIT */
/* Query strings and path segments: percent-coded bytes → records and texts. */
#ifndef MENTORWATCH_WIRE_QUERY_H
#define MENTORWATCH_WIRE_QUERY_H

#include "base/outcome.h"
#include "base/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct work;

/* Read "page=2&status=valid" into the struct that `accepts` describes, fallbacks included. NULL
 * stands for a route that takes no parameters. Any fault (unknown, repeated, missing or bad
 * parameter, bad percent code) is noted with all the others, and the outcome is MALFORMED.
 * *given (may be NULL) as in json_read(). */
enum outcome query_read(void *out, struct work *work, const struct record *accepts,
                        const char *query, uint64_t *given);

/* One path segment or value, decoded into the arena; '+' stays '+' unless plus_is_space. NULL: a
 * bad percent code, a NUL or bad UTF-8. */
char *percent_decode(struct arena *arena, const char *bytes, size_t length, bool plus_is_space);

#endif
