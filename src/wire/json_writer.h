/* SPDX-License-Identifier: MIT */
/* JSON that no record describes, written piece by piece and laid out for people: a line a value,
 * two spaces a level.
 *
 *     struct json_writer to = json_writer_in(arena);
 *     put_object(&to, NULL);
 *     put_text(&to, "name", "a");
 *     put_list(&to, "numbers");
 *     put_int(&to, NULL, 1);
 *     put_end(&to);
 *     put_end(&to);
 *     char *json = json_writer_done(&to);
 *
 * The key is NULL for the outermost value and inside lists. Keys are not checked for repetition.
 */
#ifndef MENTORWATCH_WIRE_JSON_WRITER_H
#define MENTORWATCH_WIRE_JSON_WRITER_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JSON_WRITER_DEPTH = 24 };

struct json_writer {
    struct text text;
    char ends[JSON_WRITER_DEPTH]; /* what closes each open object and list */
    size_t depth;
    bool empty; /* the innermost one holds nothing yet */
};

struct json_writer json_writer_in(struct arena *arena);
/* The text, with a line break at its end. */
char *json_writer_done(struct json_writer *to);

void put_object(struct json_writer *to, const char *key);
void put_list(struct json_writer *to, const char *key);
void put_end(struct json_writer *to); /* of the innermost object or list */

void put_text(struct json_writer *to, const char *key, const char *value);
void put_int(struct json_writer *to, const char *key, int64_t value);
void put_bool(struct json_writer *to, const char *key, bool value);
/* JSON text that stands already; its lines are moved to this level. */
void put_json(struct json_writer *to, const char *key, const char *json);

#endif
