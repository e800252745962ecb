/* SPDX-License-Identifier: MIT */
#include "wire/json_writer.h"

#include "wire/json.h"

#include <assert.h>
#include <string.h>

struct json_writer json_writer_in(struct arena *arena)
{
    return (struct json_writer){.text = text_in(arena)};
}

char *json_writer_done(struct json_writer *to)
{
    assert(to->depth == 0);
    text_add(&to->text, "\n");
    return text_done(&to->text);
}

static void begin_line(struct json_writer *to)
{
    text_add(&to->text, "\n");
    for (size_t i = 0; i < to->depth; i++) {
        text_add(&to->text, "  ");
    }
}

/* What stands before each value. */
static void begin_value(struct json_writer *to, const char *key)
{
    if (to->depth > 0) {
        text_add(&to->text, to->empty ? "" : ",");
        begin_line(to);
    }
    if (key != NULL) {
        json_add_text(&to->text, key);
        text_add(&to->text, ": ");
    }
    to->empty = false;
}

static void begin(struct json_writer *to, const char *key, char first, char last)
{
    assert(to->depth < JSON_WRITER_DEPTH);
    begin_value(to, key);
    text_add_bytes(&to->text, &first, 1);
    to->ends[to->depth++] = last;
    to->empty = true;
}

void put_object(struct json_writer *to, const char *key)
{
    begin(to, key, '{', '}');
}

void put_list(struct json_writer *to, const char *key)
{
    begin(to, key, '[', ']');
}

void put_end(struct json_writer *to)
{
    assert(to->depth > 0);
    to->depth--;
    if (!to->empty) {
        begin_line(to);
    }
    text_add_bytes(&to->text, &to->ends[to->depth], 1);
    to->empty = false;
}

void put_text(struct json_writer *to, const char *key, const char *value)
{
    begin_value(to, key);
    json_add_text(&to->text, value);
}

void put_int(struct json_writer *to, const char *key, int64_t value)
{
    begin_value(to, key);
    text_add_int(&to->text, value);
}

void put_bool(struct json_writer *to, const char *key, bool value)
{
    begin_value(to, key);
    text_add(&to->text, value ? "true" : "false");
}

void put_json(struct json_writer *to, const char *key, const char *json)
{
    begin_value(to, key);
    for (;;) {
        const size_t length = strcspn(json, "\n");
        text_add_bytes(&to->text, json, length);
        if (json[length] == '\0') {
            return;
        }
        begin_line(to);
        json += length + 1;
    }
}
