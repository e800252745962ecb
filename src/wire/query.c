/* SPDX-License-Identifier: MIT */
#include "wire/query.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/work.h"

#include <assert.h>
#include <string.h>

enum { GIVEN_BITS = 64 };

struct reader {
    struct work *work;
    const struct record *accepts; /* NULL: there are no parameters */
    void *out;
    uint64_t given;
};

/* -1: not a hexadecimal digit. */
static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    if (digit >= 'a' && digit <= 'f') {
        return digit - 'a' + 10;
    }
    if (digit >= 'A' && digit <= 'F') {
        return digit - 'A' + 10;
    }
    return -1;
}

char *percent_decode(struct arena *arena, const char *bytes, size_t length, bool plus_is_space)
{
    char *decoded = arena_alloc(arena, length + 1);
    size_t used = 0;
    size_t characters;

    for (size_t i = 0; i < length; i++) {
        char byte = bytes[i];
        if (byte == '+' && plus_is_space) {
            byte = ' ';
        } else if (byte == '%') {
            const int high = i + 2 < length ? hex_value(bytes[i + 1]) : -1;
            const int low = high >= 0 ? hex_value(bytes[i + 2]) : -1;
            if (low < 0) {
                return NULL;
            }
            byte = (char)(high << 4 | low);
            i += 2;
        }
        if (byte == '\0') {
            return NULL;
        }
        decoded[used++] = byte;
    }
    return utf8_length(decoded, &characters) ? decoded : NULL;
}

static const char *read_known(struct reader *reader, const struct field *field, const char *value)
{
    const uint64_t bit = UINT64_C(1) << (field - reader->accepts->fields);

    if ((reader->given & bit) != 0) {
        return "must be given only once";
    }
    reader->given |= bit;
    if (value == NULL) {
        return "must be percent-coded UTF-8 text";
    }
    if (value[0] == '\0') {
        return "must not be empty";
    }
    return field_parse(field, reader->out, value, reader->work->arena);
}

/* "name=value" or "name". */
static void read_parameter(struct reader *reader, const char *bytes, size_t length)
{
    struct arena *arena = reader->work->arena;
    const char *equals = memchr(bytes, '=', length);
    const size_t name_length = equals != NULL ? (size_t)(equals - bytes) : length;
    const size_t value_at = equals != NULL ? name_length + 1 : length;
    const char *name = percent_decode(arena, bytes, name_length, true);

    if (name == NULL) {
        fault(reader->work, "query", "has a name that is not percent-coded UTF-8 text");
        return;
    }
    const struct field *field =
        reader->accepts != NULL ? record_field(reader->accepts, name) : NULL;
    const char *wrong = "is not known here";
    if (field != NULL) {
        wrong = read_known(reader, field,
                           percent_decode(arena, bytes + value_at, length - value_at, true));
    }
    if (wrong != NULL) {
        fault(reader->work, name, "%s", wrong);
    }
}

static void require(const struct reader *reader)
{
    for (size_t i = 0; i < reader->accepts->count; i++) {
        const struct field *field = &reader->accepts->fields[i];
        if ((field->is & FIELD_REQUIRED) != 0 && (reader->given >> i & 1) == 0) {
            fault(reader->work, field->name, "is required");
        }
    }
}

enum outcome query_read(void *out, struct work *work, const struct record *accepts,
                        const char *query, uint64_t *given)
{
    struct reader reader = {.work = work, .accepts = accepts, .out = out};

    if (accepts != NULL) {
        assert(accepts->count <= GIVEN_BITS);
        record_defaults(accepts, out, work->arena);
    }
    for (const char *at = query; *at != '\0';) {
        const size_t length = strcspn(at, "&");
        if (length > 0) { /* "a=1&&b=2" and a last '&' do no harm */
            read_parameter(&reader, at, length);
        }
        at += length + (at[length] == '&');
    }
    if (accepts != NULL) {
        require(&reader);
    }
    if (given != NULL) {
        *given = reader.given;
    }
    return work_verdict(work) == OK ? OK : MALFORMED;
}
