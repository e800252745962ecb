/* SPDX-License-Identifier: MIT */
#include "api/schema.h"

#include "base/arena.h"
#include "base/text.h"
#include "wire/json_writer.h"

#include <string.h>

static const char WORD_ENDS[] = " _";

static bool is_word(const char *at, size_t length, const char *word)
{
    return strlen(word) == length && strncmp(at, word, length) == 0;
}

/* Whether that word of the name stands before it, too. */
static bool is_repeated(const char *name, const char *word, size_t word_length)
{
    while (name < word) {
        const size_t length = strcspn(name, WORD_ENDS);
        if (length == word_length && strncmp(name, word, length) == 0) {
            return true;
        }
        name += length + 1;
    }
    return false;
}

const char *schema_name(struct arena *arena, const struct record *record)
{
    struct text name = text_in(arena);

    for (const char *word = record->name; *word != '\0';) {
        const size_t length = strcspn(word, WORD_ENDS);
        if (!is_word(word, length, "struct") && !is_word(word, length, "fields") &&
            !is_repeated(record->name, word, length)) {
            text_add_format(&name, "%c%.*s", word[0] - 'a' + 'A', (int)length - 1, word + 1);
        }
        word += length + (word[length] != '\0');
    }
    return text_done(&name);
}

static bool is_collected(const struct list *schemas, const struct record *record)
{
    const struct schema *items = schemas->items;

    for (size_t i = 0; i < schemas->count; i++) {
        if (items[i].record == record) {
            return true;
        }
    }
    return false;
}

/* Records nest as deep as they are declared, and no deeper. NOLINTNEXTLINE(misc-no-recursion) */
void schema_collect(struct list *schemas, struct arena *arena, const struct record *record,
                    enum direction direction)
{
    if (record == NULL || is_collected(schemas, record)) {
        return;
    }
    struct schema *schema = list_append(schemas, arena, sizeof(*schema));
    *schema = (struct schema){.record = record, .direction = direction};
    for (size_t i = 0; i < record->count; i++) {
        schema_collect(schemas, arena, record->fields[i].of, direction);
    }
}

static const char *reference(struct arena *arena, const char *kind, const char *name)
{
    return arena_printf(arena, "\"$ref\": \"#/components/%s/%s\"", kind, name);
}

void put_component(struct json_writer *to, const char *key, const char *kind, const char *name)
{
    struct arena *arena = to->text.arena;

    put_json(to, key, arena_printf(arena, "{%s}", reference(arena, kind, name)));
}

void schema_put_reference(struct json_writer *to, const char *key, const struct record *record)
{
    put_component(to, key, "schemas", schema_name(to->text.arena, record));
}

void schema_put_change(struct json_writer *to, const char *key, const struct record *record)
{
    struct arena *arena = to->text.arena;
    const char *name = schema_name(arena, record);

    put_json(to, key,
             arena_printf(arena, "{%s, \"minProperties\": 1}", reference(arena, "schemas", name)));
}

static void put_type(struct json_writer *to, const struct field *field, const char *type)
{
    if ((field->is & FIELD_NULLABLE) == 0) {
        put_text(to, "type", type);
        return;
    }
    put_list(to, "type");
    put_text(to, NULL, type);
    put_text(to, NULL, "null");
    put_end(to);
}

static void put_words(struct json_writer *to, const struct field *field)
{
    put_list(to, "enum");
    for (const char *const *word = field->words; *word != NULL; word++) {
        put_text(to, NULL, *word);
    }
    if ((field->is & FIELD_NULLABLE) != 0) {
        put_json(to, NULL, "null");
    }
    put_end(to);
}

/* Answers hold what we have, however long it has become; input is held to the field's bounds. */
static void put_text_type(struct json_writer *to, const struct field *field,
                          enum direction direction)
{
    put_type(to, field, "string");
    if (field->words != NULL) {
        put_words(to, field);
    } else if (direction == ACCEPTED && (field->is & FIELD_FREE) == 0) {
        if (field->min > 0) {
            put_int(to, "minLength", field->min);
        }
        put_int(to, "maxLength", field->max > 0 ? field->max : FIELD_TEXT_MAX);
    }
}

static void put_int_type(struct json_writer *to, const struct field *field)
{
    put_type(to, field, "integer");
    put_text(to, "format", "int64");
    if (field->max != 0) {
        put_int(to, "minimum", field->min);
        put_int(to, "maximum", field->max);
    }
}

/* A moment may be given in any offset; it is shown in UTC and one precision. */
static void put_instant_type(struct json_writer *to, const struct field *field,
                             enum direction direction)
{
    if (direction == ACCEPTED && (field->is & FIELD_DATE_TOO) != 0) {
        put_json(to, "anyOf",
                 "[\n"
                 "  {\"type\": \"string\", \"format\": \"date-time\"},\n"
                 "  {\"type\": \"string\", \"format\": \"date\"}\n"
                 "]");
        return;
    }
    put_type(to, field, "string");
    put_text(to, "format", "date-time");
    if (direction == SHOWN) {
        put_text(to, "pattern",
                 (field->is & FIELD_MILLIS) != 0
                     ? "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$"
                     : "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$");
    }
}

static void put_list_type(struct json_writer *to, const struct field *field,
                          enum direction direction)
{
    struct field item = *field;

    item.is &= ~(unsigned)FIELD_NULLABLE;
    put_type(to, field, "array");
    if (field->of != NULL) {
        schema_put_reference(to, "items", field->of);
        return;
    }
    put_object(to, "items");
    put_text_type(to, &item, direction);
    put_end(to);
}

static void put_field_type(struct json_writer *to, const struct field *field,
                           enum direction direction)
{
    switch (field->type) {
    case FIELD_TEXT:
        put_text_type(to, field, direction);
        break;
    case FIELD_INT:
        put_int_type(to, field);
        break;
    case FIELD_BOOL:
        put_type(to, field, "boolean");
        break;
    case FIELD_INSTANT:
        put_instant_type(to, field, direction);
        break;
    case FIELD_LIST:
        put_list_type(to, field, direction);
        break;
    }
    if (direction == SHOWN || field->fallback == NULL) {
        return;
    }
    if (field->type == FIELD_INT || field->type == FIELD_BOOL) {
        put_json(to, "default", field->fallback);
    } else {
        put_text(to, "default", field->fallback);
    }
}

void schema_put_parameter(struct json_writer *to, const char *key, const struct field *field)
{
    put_object(to, key);
    put_field_type(to, field, ACCEPTED);
    put_end(to);
}

/* A key that every answer has, or that every input must have. */
static bool is_required(const struct field *field, enum direction direction)
{
    return direction == SHOWN ? (field->is & FIELD_OMITTED) == 0
                              : (field->is & FIELD_REQUIRED) != 0;
}

static void put_required(struct json_writer *to, const struct schema *schema)
{
    const struct record *record = schema->record;
    bool begun = false;

    for (size_t i = 0; i < record->count; i++) {
        const struct field *field = &record->fields[i];
        if (!is_required(field, schema->direction) || (field->is & FIELD_SECRET) != 0) {
            continue;
        }
        if (!begun) {
            put_list(to, "required");
            begun = true;
        }
        put_text(to, NULL, field->name);
    }
    if (begun) {
        put_end(to);
    }
}

static void put_properties(struct json_writer *to, const struct schema *schema)
{
    put_object(to, "properties");
    for (size_t i = 0; i < schema->record->count; i++) {
        const struct field *field = &schema->record->fields[i];
        if ((field->is & FIELD_SECRET) != 0) {
            continue;
        }
        put_object(to, field->name);
        put_field_type(to, field, schema->direction);
        if (field->meaning != NULL) {
            put_text(to, "description", field->meaning);
        }
        put_end(to);
    }
    put_end(to);
}

void schema_put(struct json_writer *to, const struct schema *schema)
{
    put_object(to, schema_name(to->text.arena, schema->record));
    put_text(to, "type", "object");
    put_required(to, schema);
    put_properties(to, schema);
    put_bool(to, "additionalProperties", schema->record->open);
    put_end(to);
}
