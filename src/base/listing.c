/* SPDX-License-Identifier: MIT */
#include "base/listing.h"

#include "base/arena.h"
#include "base/text.h"

#include <inttypes.h>
#include <string.h>

static const char *order_of(const char *sort)
{
    return sort != NULL ? sort : "seq";
}

/* "a63935555200000.117.-expires_at" */
char *place_write(struct arena *arena, struct place place)
{
    return arena_printf(arena, "%c%" PRId64 ".%" PRId64 ".%s", place.before ? 'b' : 'a',
                        place.value, place.seq, order_of(place.sort));
}

/* The number that ends with a dot; moves past both. */
static bool take_number(const char **at, int64_t *out)
{
    char digits[PLACE_MAX + 1];
    const size_t length = strcspn(*at, ".");

    if ((*at)[length] != '.' || length > PLACE_MAX) {
        return false;
    }
    memcpy(digits, *at, length);
    digits[length] = '\0';
    *at += length + 1;
    return text_to_int(digits, out);
}

bool place_read(struct place *out, const char *cursor, const char *sort)
{
    const char *at = cursor + 1;

    if (cursor[0] != 'a' && cursor[0] != 'b') {
        return false;
    }
    *out = (struct place){.before = cursor[0] == 'b', .sort = sort};
    return take_number(&at, &out->value) && take_number(&at, &out->seq) &&
           strcmp(at, order_of(sort)) == 0;
}
