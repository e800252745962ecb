/* SPDX-License-Identifier: MIT */
#include "base/record.h"

#include "base/arena.h"
#include "base/text.h"

#include <inttypes.h>
#include <string.h>

/* The room is always the next power of two, so it need not be kept. */
void *list_append(struct list *list, struct arena *arena, size_t size)
{
    if ((list->count & (list->count - 1)) == 0) {
        char *grown = arena_array(arena, list->count == 0 ? 1 : list->count * 2, size);
        if (list->count > 0) {
            memcpy(grown, list->items, list->count * size);
        }
        list->items = grown;
    }
    return (char *)list->items + list->count++ * size;
}

const void *field_at(const struct field *field, const void *object)
{
    return (const char *)object + field->offset;
}

void *field_in(const struct field *field, void *object)
{
    return (char *)object + field->offset;
}

bool record_requires_something(const struct record *record)
{
    for (size_t i = 0; i < record->count; i++) {
        if ((record->fields[i].is & FIELD_REQUIRED) != 0) {
            return true;
        }
    }
    return false;
}

const struct field *record_field(const struct record *record, const char *name)
{
    for (size_t i = 0; i < record->count; i++) {
        if (strcmp(record->fields[i].name, name) == 0) {
            return &record->fields[i];
        }
    }
    return NULL;
}

static struct list copy_of_texts(struct list texts, struct arena *arena)
{
    struct list copy = {.items = arena_array(arena, texts.count, sizeof(const char *)),
                        .count = texts.count};

    for (size_t i = 0; i < texts.count; i++) {
        ((const char **)copy.items)[i] = arena_text(arena, ((const char **)texts.items)[i]);
    }
    return copy;
}

void *record_copy(const struct record *record, const void *object, struct arena *arena)
{
    void *copy = arena_bytes(arena, object, record->size);

    for (size_t i = 0; i < record->count; i++) {
        void *at = field_in(&record->fields[i], copy);
        if (record->fields[i].type == FIELD_TEXT) {
            *(const char **)at = arena_text(arena, *(const char **)at);
        } else if (record->fields[i].type == FIELD_LIST) {
            *(struct list *)at = copy_of_texts(*(struct list *)at, arena);
        }
    }
    return copy;
}

static const char *words_listed(const char *const *words, struct arena *arena)
{
    struct text list = text_in(arena);

    for (size_t i = 0; words[i] != NULL; i++) {
        text_add(&list, i == 0 ? "" : words[i + 1] == NULL ? " or " : ", ");
        text_add(&list, words[i]);
    }
    return text_done(&list);
}

static const char *check_text(const struct field *field, const char *text, struct arena *arena)
{
    const int64_t max = field->max > 0 ? field->max : FIELD_TEXT_MAX;
    size_t length;

    if (field->words != NULL) {
        for (const char *const *word = field->words; *word != NULL; word++) {
            if (strcmp(*word, text) == 0) {
                return NULL;
            }
        }
        return arena_printf(arena, "must be %s", words_listed(field->words, arena));
    }
    if ((field->is & FIELD_FREE) != 0) {
        return NULL;
    }
    if (!utf8_length(text, &length)) {
        return "must be valid UTF-8";
    }
    if ((int64_t)length < field->min) {
        return length == 0
                   ? "must not be empty"
                   : arena_printf(arena, "must have at least %" PRId64 " characters", field->min);
    }
    if ((int64_t)length > max) {
        return arena_printf(arena, "must have at most %" PRId64 " characters", max);
    }
    if (text_has_controls(text, (field->is & FIELD_LINES) != 0)) {
        return "must not hold control characters";
    }
    if (length > 0 && (text[0] == ' ' || text[strlen(text) - 1] == ' ')) {
        return "must not begin or end with a space";
    }
    return field->check != NULL ? field->check(text, arena) : NULL;
}

static const char *int_wanted(const struct field *field, struct arena *arena)
{
    if (field->max == 0) {
        return "must be a whole number";
    }
    return arena_printf(arena, "must be a whole number from %" PRId64 " to %" PRId64, field->min,
                        field->max);
}

static const char *check_int(const struct field *field, int64_t value, struct arena *arena)
{
    const bool fits = field->max == 0 || (value >= field->min && value <= field->max);
    return fits ? NULL : int_wanted(field, arena);
}

const char *field_check(const struct field *field, const void *object, struct arena *arena)
{
    const void *at = field_at(field, object);

    switch (field->type) {
    case FIELD_TEXT:
        return check_text(field, *(const char *const *)at, arena);
    case FIELD_INT:
        return check_int(field, *(const int64_t *)at, arena);
    case FIELD_BOOL:
    case FIELD_INSTANT:
    case FIELD_LIST:
        break;
    }
    return NULL;
}

static bool instant_from_date(struct instant *out, const char *text)
{
    struct civil civil = {0};
    return date_parse(&civil.date, text) && instant_from_civil(out, civil);
}

const char *field_parse(const struct field *field, void *object, const char *text,
                        struct arena *arena)
{
    void *at = field_in(field, object);

    switch (field->type) {
    case FIELD_TEXT:
        *(const char **)at = arena_text(arena, text);
        break;
    case FIELD_INT:
        if (!text_to_int(text, at)) {
            return int_wanted(field, arena);
        }
        break;
    case FIELD_BOOL:
        if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0) {
            return "must be true or false";
        }
        *(bool *)at = text[0] == 't';
        break;
    case FIELD_INSTANT:
        if (!instant_parse(at, text) &&
            !((field->is & FIELD_DATE_TOO) != 0 && instant_from_date(at, text))) {
            return (field->is & FIELD_DATE_TOO) != 0
                       ? "must be a date or an RFC 3339 time, such as 2026-03-01T00:00:00Z"
                       : "must be an RFC 3339 time, such as 2026-03-01T00:00:00Z";
        }
        break;
    case FIELD_LIST:
        return "cannot be given as text";
    }
    return field_check(field, object, arena);
}

void record_defaults(const struct record *record, void *object, struct arena *arena)
{
    for (size_t i = 0; i < record->count; i++) {
        const struct field *field = &record->fields[i];
        if (field->fallback != NULL) {
            (void)field_parse(field, object, field->fallback, arena);
        }
    }
}
