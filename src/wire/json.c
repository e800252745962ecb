/* SPDX-License-Identifier: MIT */
#include "wire/json.h"

#include "base/arena.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/work.h"

#include <assert.h>
#include <jansson.h>
#include <pthread.h>
#include <string.h>

enum { DEPTH_MAX = 16, GIVEN_BITS = 64 };

/* One object of the input and where it stands, so that a fault can name its place. */
struct reader {
    struct work *work;
    const struct record *accepts;
    const struct record *shows;
    const char *prefix; /* "" for the outermost object, "items[2]." for one inside */
};

static void note(const struct reader *reader, const char *name, const char *message)
{
    fault(reader->work, arena_printf(reader->work->arena, "%s%s", reader->prefix, name), "%s",
          message);
}

/* The parser's own limit is too generous: it recurses 2048 levels deep. */
static bool too_deep(const char *bytes, size_t length)
{
    int depth = 0;
    bool in_string = false;

    for (size_t i = 0; i < length; i++) {
        const char byte = bytes[i];
        if (in_string) {
            i += byte == '\\';
            in_string = byte != '"';
        } else if (byte == '"') {
            in_string = true;
        } else if (byte == '{' || byte == '[') {
            if (++depth > DEPTH_MAX) {
                return true;
            }
        } else if (byte == '}' || byte == ']') {
            depth--;
        }
    }
    return false;
}

static const char *item_name(const struct reader *reader, const char *list, size_t index)
{
    return arena_printf(reader->work->arena, "%s[%zu]", list, index);
}

/* Records nest as deep as they are declared, and no deeper. NOLINTBEGIN(misc-no-recursion) */

static uint64_t read_object(const struct reader *reader, void *out, json_t *object);

static void read_text_list(const struct reader *reader, const struct field *field,
                           struct list *list, const json_t *array)
{
    struct arena *arena = reader->work->arena;
    struct field item = *field;

    item.type = FIELD_TEXT;
    item.offset = 0;
    for (size_t i = 0; i < list->count; i++) {
        const char *text =
            json_string_value(json_is_array(array) ? json_array_get(array, i) : array);
        const char *wrong = text == NULL
                                ? "must be a string"
                                : field_parse(&item, (const char **)list->items + i, text, arena);
        if (wrong != NULL) {
            note(reader, item_name(reader, field->name, i), wrong);
        }
    }
}

static void read_object_list(const struct reader *reader, const struct field *field,
                             struct list *list, const json_t *array)
{
    for (size_t i = 0; i < list->count; i++) {
        json_t *item = json_array_get(array, i);
        const char *name = item_name(reader, field->name, i);
        if (!json_is_object(item)) {
            note(reader, name, "must be an object");
            continue;
        }
        const struct reader inner = {
            .work = reader->work,
            .accepts = field->of,
            .prefix = arena_printf(reader->work->arena, "%s%s.", reader->prefix, name),
        };
        (void)read_object(&inner, (char *)list->items + i * field->of->size, item);
    }
}

static const char *read_list(const struct reader *reader, const struct field *field,
                             struct list *list, const json_t *array)
{
    const bool lone = (field->is & FIELD_LONE) != 0 && json_is_string(array);

    if (!lone && !json_is_array(array)) {
        return "must be a list";
    }
    list->count = lone ? 1 : json_array_size(array);
    list->items = arena_array(reader->work->arena, list->count,
                              field->of != NULL ? field->of->size : sizeof(const char *));
    if (field->of != NULL) {
        read_object_list(reader, field, list, array);
    } else {
        read_text_list(reader, field, list, array);
    }
    return NULL;
}

static void clear(const struct field *field, void *out)
{
    static const size_t sizes[] = {
        [FIELD_TEXT] = sizeof(const char *), [FIELD_INT] = sizeof(int64_t),
        [FIELD_BOOL] = sizeof(bool),         [FIELD_INSTANT] = sizeof(struct instant),
        [FIELD_LIST] = sizeof(struct list),
    };
    memset(field_in(field, out), 0, sizes[field->type]);
}

/* Returns what is wrong with the value, or NULL. */
static const char *read_value(const struct reader *reader, const struct field *field, void *out,
                              const json_t *value)
{
    struct arena *arena = reader->work->arena;
    const char *text = json_string_value(value);

    if (json_is_null(value)) {
        clear(field, out);
        return (field->is & FIELD_NULLABLE) != 0 ? NULL : "must not be null";
    }
    switch (field->type) {
    case FIELD_TEXT:
        return text == NULL ? "must be a string" : field_parse(field, out, text, arena);
    case FIELD_INSTANT:
        return field_parse(field, out, text == NULL ? "" : text, arena);
    case FIELD_INT:
        if (!json_is_integer(value)) {
            return field_parse(field, out, "", arena); /* for its sentence */
        }
        *(int64_t *)field_in(field, out) = json_integer_value(value);
        return field_check(field, out, arena);
    case FIELD_BOOL:
        if (!json_is_boolean(value)) {
            return field_parse(field, out, "", arena);
        }
        *(bool *)field_in(field, out) = json_is_true(value);
        return NULL;
    case FIELD_LIST:
        return read_list(reader, field, field_in(field, out), value);
    }
    return NULL;
}

static void refuse_unknown_keys(const struct reader *reader, json_t *object)
{
    const char *key;
    json_t *value;

    json_object_foreach(object, key, value)
    {
        if (record_field(reader->accepts, key) != NULL) {
            continue;
        }
        const bool shown = reader->shows != NULL && record_field(reader->shows, key) != NULL;
        note(reader, key, shown ? "is read-only" : "is not known here");
    }
}

/* Returns bit i for each field i that was there. */
static uint64_t read_object(const struct reader *reader, void *out, json_t *object)
{
    uint64_t given = 0;
    size_t found = 0;

    assert(reader->accepts->count <= GIVEN_BITS);
    record_defaults(reader->accepts, out, reader->work->arena);
    for (size_t i = 0; i < reader->accepts->count; i++) {
        const struct field *field = &reader->accepts->fields[i];
        const json_t *value = json_object_get(object, field->name);
        const char *wrong = NULL;
        if (value != NULL) {
            given |= UINT64_C(1) << i;
            found++;
            wrong = read_value(reader, field, out, value);
        } else if ((field->is & FIELD_REQUIRED) != 0) {
            wrong = "is required";
        }
        if (wrong != NULL) {
            note(reader, field->name, wrong);
            clear(field, out); /* so that later checks do not find fault with it again */
        }
    }
    if (found < json_object_size(object) && !reader->accepts->open) {
        refuse_unknown_keys(reader, object);
    }
    return given;
}

/* NOLINTEND(misc-no-recursion) */

/* In our own words: the library's may quote half a character. */
static const char *why_unreadable(const json_error_t *error)
{
    static const char *const reasons[] = {
        [json_error_invalid_utf8] = "it is not UTF-8",
        [json_error_premature_end_of_input] = "it ends too early",
        [json_error_end_of_input_expected] = "something follows its end",
        [json_error_null_character] = "a text holds a NUL",
        [json_error_null_byte_in_key] = "a key holds a NUL",
        [json_error_duplicate_key] = "a key is given twice",
        [json_error_numeric_overflow] = "a number is too large",
    };
    const size_t code = (size_t)json_error_code(error);
    const bool listed = code < sizeof(reasons) / sizeof(reasons[0]) && reasons[code] != NULL;

    return listed ? reasons[code] : "it is not written as JSON";
}

/* The library tells what it got no memory for as bad JSON. */
static void set_memory(void)
{
    json_set_alloc_funcs(memory_take, memory_give_back);
}

enum outcome json_read(void *out, struct work *work, const struct record *accepts,
                       const struct record *shows, const char *bytes, size_t length,
                       uint64_t *given)
{
    const struct reader reader = {.work = work, .accepts = accepts, .shows = shows, .prefix = ""};
    static pthread_once_t begun = PTHREAD_ONCE_INIT;
    json_error_t error;

    (void)pthread_once(&begun, set_memory);
    if (too_deep(bytes, length)) {
        return fail(work, MALFORMED, "the JSON is nested more than %d levels deep", DEPTH_MAX);
    }
    json_t *value = json_loadb(bytes, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (value == NULL) {
        return fail(work, MALFORMED, "the JSON cannot be read: %s (line %d, column %d)",
                    why_unreadable(&error), error.line, error.column);
    }
    if (!json_is_object(value)) {
        json_decref(value);
        return fail(work, MALFORMED, "the JSON must be an object");
    }
    const uint64_t found = read_object(&reader, out, value);
    json_decref(value);
    if (given != NULL) {
        *given = found;
    }
    return work_verdict(work);
}

/* How many bytes stand in JSON as they are and need no look at what is around them. */
static size_t plain_length(const char *text)
{
    const char *at = text;

    while (*at >= ' ' && *at <= '~' && *at != '"' && *at != '\\') {
        at++;
    }
    return (size_t)(at - text);
}

/* Text that is not UTF-8 would make the whole answer unreadable: its odd bytes are replaced. */
static void add_escaped(struct text *json, const char *value)
{
    size_t characters;
    const bool readable = utf8_length(value, &characters);

    for (const char *at = value; *at != '\0';) {
        const char *plain = at;
        while ((unsigned char)*at >= ' ' && *at != '"' && *at != '\\' &&
               (readable || (unsigned char)*at < 0x80)) {
            at++;
        }
        text_add_bytes(json, plain, (size_t)(at - plain));
        if (*at == '"' || *at == '\\') {
            text_add_format(json, "\\%c", *at++);
        } else if (*at == '\n') {
            text_add(json, "\\n");
            at++;
        } else if ((unsigned char)*at >= 0x80) {
            text_add(json, "\\ufffd");
            at++;
        } else if (*at != '\0') {
            text_add_format(json, "\\u%04x", (unsigned)*at++);
        }
    }
}

void json_add_text(struct text *json, const char *value)
{
    const size_t plain = plain_length(value);

    text_add(json, "\"");
    if (value[plain] == '\0') {
        text_add_bytes(json, value, plain);
    } else {
        add_escaped(json, value);
    }
    text_add(json, "\"");
}

/* NOLINTBEGIN(misc-no-recursion): see above */

static void write_object(struct text *json, const struct record *record, const void *object);

static void write_items(struct text *json, const struct record *of, struct list list)
{
    text_add(json, "[");
    for (size_t i = 0; i < list.count; i++) {
        text_add(json, i > 0 ? "," : "");
        if (of != NULL) {
            write_object(json, of, (const char *)list.items + i * of->size);
        } else {
            json_add_text(json, ((const char *const *)list.items)[i]);
        }
    }
    text_add(json, "]");
}

static bool absent(const struct field *field, const void *object)
{
    const void *at = field_at(field, object);

    switch (field->type) {
    case FIELD_TEXT:
        return *(const char *const *)at == NULL;
    case FIELD_INSTANT:
        return !instant_given(*(const struct instant *)at);
    case FIELD_LIST:
        return ((const struct list *)at)->count == 0;
    case FIELD_INT:
    case FIELD_BOOL:
        break;
    }
    return false;
}

static void write_instant(struct text *json, const struct field *field, struct instant instant)
{
    const enum instant_precision precision =
        (field->is & FIELD_MILLIS) != 0 ? MILLISECONDS : SECONDS;

    text_add(json, "\"");
    text_add_instant(json, instant, precision);
    text_add(json, "\"");
}

static void write_value(struct text *json, const struct field *field, const void *object)
{
    const void *at = field_at(field, object);

    if (absent(field, object) && field->type != FIELD_LIST) {
        text_add(json, "null");
        return;
    }
    switch (field->type) {
    case FIELD_TEXT:
        json_add_text(json, *(const char *const *)at);
        break;
    case FIELD_INT:
        text_add_int(json, *(const int64_t *)at);
        break;
    case FIELD_BOOL:
        text_add(json, *(const bool *)at ? "true" : "false");
        break;
    case FIELD_INSTANT:
        write_instant(json, field, *(const struct instant *)at);
        break;
    case FIELD_LIST:
        write_items(json, field->of, *(const struct list *)at);
        break;
    }
}

static void write_object(struct text *json, const struct record *record, const void *object)
{
    const char *before_key = "\"";

    text_add(json, "{");
    for (size_t i = 0; i < record->count; i++) {
        const struct field *field = &record->fields[i];
        const bool omitted = (field->is & FIELD_OMITTED) != 0 && absent(field, object);
        if (omitted || (field->is & FIELD_SECRET) != 0) {
            continue;
        }
        text_add(json, before_key);
        text_add(json, field->name); /* the name of a struct's member: nothing to escape */
        text_add(json, "\":");
        write_value(json, field, object);
        before_key = ",\"";
    }
    text_add(json, "}");
}

/* NOLINTEND(misc-no-recursion) */

char *json_write(struct arena *arena, const struct record *record, const void *object)
{
    struct text json = text_in(arena);

    write_object(&json, record, object);
    return text_done(&json);
}

char *json_write_page(struct arena *arena, const struct record *record, struct list items,
                      int64_t page, int64_t limit, int64_t total)
{
    struct text json = text_in(arena);

    text_add(&json, "{\"data\":");
    write_items(&json, record, items);
    text_add(&json, ",\"pagination\":{\"page\":");
    text_add_int(&json, page);
    text_add(&json, ",\"limit\":");
    text_add_int(&json, limit);
    text_add(&json, ",\"total\":");
    text_add_int(&json, total);
    text_add(&json, "}}");
    return text_done(&json);
}
