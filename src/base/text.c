/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include "base/arena.h"
#include "base/digits.h"
#include "base/record.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FIRST_ROOM = 1024 }; /* most answers and statements need no more */

struct text text_in(struct arena *arena)
{
    return (struct text){.arena = arena};
}

void text_add_bytes(struct text *text, const void *bytes, size_t length)
{
    if (text->length + length + 1 > text->room) {
        size_t room = text->room > 0 ? text->room * 2 : FIRST_ROOM;
        while (room < text->length + length + 1) {
            room *= 2;
        }
        char *grown = arena_alloc(text->arena, room);
        if (text->length > 0) {
            memcpy(grown, text->bytes, text->length);
        }
        text->bytes = grown;
        text->room = room;
    }
    if (length > 0) {
        memcpy(text->bytes + text->length, bytes, length);
        text->length += length;
    }
    text->bytes[text->length] = '\0';
}

void text_add(struct text *text, const char *more)
{
    text_add_bytes(text, more, strlen(more));
}

void text_add_int(struct text *text, int64_t number)
{
    char digits[DIGITS_ROOM];
    const size_t length = digits_of(digits, number);

    text_add_bytes(text, digits, length);
}

void text_add_instant(struct text *text, struct instant instant, enum instant_precision precision)
{
    char written[INSTANT_ROOM];
    const size_t length = instant_write(written, instant, precision);

    text_add_bytes(text, written, length);
}

void text_add_format(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    text_add(text, arena_vprintf(text->arena, format, arguments));
    va_end(arguments);
}

char *text_done(struct text *text)
{
    text_add_bytes(text, "", 0);
    return text->bytes;
}

struct list text_words(struct arena *arena, const char *text)
{
    struct list words = {0};

    for (const char *at = text; *at != '\0';) {
        const size_t length = strcspn(at, ",");
        *(const char **)list_append(&words, arena, sizeof(at)) = arena_bytes(arena, at, length);
        at += length + (at[length] == ',');
    }
    return words;
}

bool text_numbers(struct list *out, struct arena *arena, const char *text)
{
    const struct list words = text_words(arena, text);
    const char *const *word = words.items;

    *out = (struct list){0};
    for (size_t i = 0; i < words.count; i++) {
        if (!text_to_int(word[i], list_append(out, arena, sizeof(int64_t)))) {
            return false;
        }
    }
    return true;
}

const char *text_counted(struct arena *arena, int64_t number, const char *noun)
{
    return arena_printf(arena, "%" PRId64 " %s%s", number, noun, number == 1 ? "" : "s");
}

static int by_text(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

struct list text_distinct(struct arena *arena, struct list texts)
{
    const char **sorted = arena_array(arena, texts.count + 1, sizeof(*sorted));
    size_t count = 0;

    for (size_t i = 0; i < texts.count; i++) {
        sorted[i] = ((const char *const *)texts.items)[i];
    }
    qsort(sorted, texts.count, sizeof(*sorted), by_text);
    for (size_t i = 0; i < texts.count; i++) {
        if (count == 0 || strcmp(sorted[count - 1], sorted[i]) != 0) {
            sorted[count++] = sorted[i];
        }
    }
    return (struct list){.items = sorted, .count = count};
}

size_t text_index(const char *const *words, const char *text)
{
    size_t index = 0;

    while (words[index] != NULL && strcmp(words[index], text) != 0) {
        index++;
    }
    return index;
}

bool text_to_int(const char *text, int64_t *out)
{
    char *end;

    if (text[0] != '-' && (text[0] < '0' || text[0] > '9')) {
        return false;
    }
    errno = 0;
    const intmax_t value = strtoimax(text, &end, 10);
    if (errno != 0 || *end != '\0' || end == text) {
        return false;
    }
    *out = value;
    return true;
}

uint64_t text_hash(const char *text)
{
    uint64_t hash = UINT64_C(14695981039346656037);

    for (const unsigned char *byte = (const unsigned char *)text; *byte != '\0'; byte++) {
        hash = (hash ^ *byte) * UINT64_C(1099511628211);
    }
    return hash;
}

bool text_starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool text_same_nocase(const char *a, const char *b)
{
    return strcasecmp(a, b) == 0;
}

bool text_has_controls(const char *text, bool line_breaks_allowed)
{
    for (const unsigned char *byte = (const unsigned char *)text; *byte != '\0'; byte++) {
        const bool line_break = *byte == '\n' || *byte == '\r' || *byte == '\t';
        /* C1 controls are U+0080 to U+009F: C2 80 to C2 9F in UTF-8. */
        const bool c1 = byte[0] == 0xC2 && byte[1] >= 0x80 && byte[1] <= 0x9F;
        if (((*byte < 0x20 || *byte == 0x7F) && !(line_break && line_breaks_allowed)) || c1) {
            return true;
        }
    }
    return false;
}

/* How many bytes the character at `at` takes; 0: it is not one (overlong forms and surrogates
 * are not). */
size_t utf8_step(const unsigned char *at)
{
    static const unsigned char least[] = {0, 0, 0xC2, 0xE0, 0xF0};
    const size_t size = at[0] < 0x80 ? 1 : at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : 4;

    if (at[0] < least[size] || at[0] > 0xF4) {
        return at[0] < 0x80 ? 1 : 0;
    }
    for (size_t i = 1; i < size; i++) {
        if ((at[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    if ((at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xED && at[1] > 0x9F) ||
        (at[0] == 0xF0 && at[1] < 0x90) || (at[0] == 0xF4 && at[1] > 0x8F)) {
        return 0;
    }
    return size;
}

bool utf8_length(const char *text, size_t *characters)
{
    const unsigned char *at = (const unsigned char *)text;

    for (*characters = 0; *at != '\0'; (*characters)++) {
        const size_t size = utf8_step(at);
        if (size == 0) {
            return false;
        }
        at += size;
    }
    return true;
}

const char *text_cut(struct arena *arena, const char *text, size_t characters)
{
    const unsigned char *end = (const unsigned char *)text;

    for (size_t i = 0; end != NULL && i < characters && *end != '\0'; i++) {
        const size_t size = utf8_step(end);
        if (size == 0) {
            break;
        }
        end += size;
    }
    return text == NULL ? NULL : arena_bytes(arena, text, (size_t)((const char *)end - text));
}
