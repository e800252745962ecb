/* SPDX-License-Identifier: MIT */
/* JSON ↔ records. The only place that knows the JSON library. */
#ifndef MENTORWATCH_WIRE_JSON_H
#define MENTORWATCH_WIRE_JSON_H

#include "base/outcome.h"
#include "base/record.h"

#include <stddef.h>
#include <stdint.h>

struct arena;
struct text;
struct work;

/* Read a JSON object (RFC 8259) into the struct that `accepts` describes, fallbacks included.
 * MALFORMED: not JSON, a repeated key, NUL or bad UTF-8 inside, a number beyond 64 bits, nested
 * deeper than 16, or not an object. INVALID: all faults of all
 * fields are noted at once. A key that `accepts` does not have is a fault (unless that record is
 * open), told apart by whether `shows` (may be NULL) has it: then it is read-only. *given (may be
 * NULL) gets bit i for each field i of `accepts` that was there, null included. */
enum outcome json_read(void *out, struct work *work, const struct record *accepts,
                       const struct record *shows, const char *bytes, size_t length,
                       uint64_t *given);

/* The object as one line of JSON text: keys in the record's order. */
char *json_write(struct arena *arena, const struct record *record, const void *object);

/* {"data": [items], "pagination": {"page": …, "limit": …, "total": …}} */
char *json_write_page(struct arena *arena, const struct record *record, struct list items,
                      int64_t page, int64_t limit, int64_t total);

/* A text as JSON, in quotes. */
void json_add_text(struct text *json, const char *value);

#endif
