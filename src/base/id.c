/* SPDX-License-Identifier: MIT */
#include "base/id.h"

#include "base/arena.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* Up to 256 bytes come whole; it fails only where the kernel has no such call. */
static void fill_random(unsigned char *bytes, size_t count)
{
    if (getrandom(bytes, count, 0) != (ssize_t)count) {
        abort();
    }
}

/* `length` digits of an alphabet whose length divides 256, so that each is equally likely. */
static struct id_series begin(const char *prefix, const char *alphabet, size_t length)
{
    struct id_series series = {.prefix = prefix, .alphabet = alphabet, .length = length};
    const size_t choices = strlen(alphabet);

    fill_random(series.digits, length);
    for (size_t i = 0; i < length; i++) {
        series.digits[i] = (unsigned char)(series.digits[i] % choices);
    }
    return series;
}

struct id_series id_series(const char *prefix)
{
    return begin(prefix, "0123456789ABCDEFGHJKMNPQRSTVWXYZ", 12);
}

struct id_series id_series_hex(const char *prefix)
{
    return begin(prefix, "0123456789abcdef", 16);
}

struct id_series id_series_long(const char *prefix)
{
    return begin(prefix, "0123456789abcdef", ID_MOST_DIGITS);
}

/* After the highest comes the lowest. */
static void count_up(struct id_series *series)
{
    const size_t choices = strlen(series->alphabet);
    size_t i = series->length;

    do {
        i--;
        series->digits[i] = (unsigned char)((series->digits[i] + 1U) % choices);
    } while (series->digits[i] == 0 && i > 0);
}

char *id_next(struct arena *arena, struct id_series *series)
{
    const size_t before = strlen(series->prefix);
    char *name = arena_alloc(arena, before + series->length + 1);

    memcpy(name, series->prefix, before);
    for (size_t i = 0; i < series->length; i++) {
        name[before + i] = series->alphabet[series->digits[i]];
    }
    count_up(series);
    return name;
}

char *id_new(struct arena *arena, const char *prefix)
{
    struct id_series series = id_series(prefix);

    return id_next(arena, &series);
}

char *id_new_hex(struct arena *arena, const char *prefix)
{
    struct id_series series = id_series_hex(prefix);

    return id_next(arena, &series);
}

char *id_new_long(struct arena *arena, const char *prefix)
{
    struct id_series series = id_series_long(prefix);

    return id_next(arena, &series);
}

char *id_new_uuid(struct arena *arena)
{
    unsigned char b[16];

    fill_random(b, sizeof(b));
    b[6] = (unsigned char)(0x40 | (b[6] & 0x0F)); /* the version: 4 */
    b[8] = (unsigned char)(0x80 | (b[8] & 0x3F)); /* the variant: the one of the RFC */
    return arena_printf(
        arena, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
        b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}
