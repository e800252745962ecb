/* SPDX-License-Identifier: MIT */
#include "base/id.h"

#include "base/arena.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { MOST_LETTERS = 32 };

/* Up to 256 bytes come whole; it fails only where the kernel has no such call. */
static void fill_random(unsigned char *bytes, size_t count)
{
    if (getrandom(bytes, count, 0) != (ssize_t)count) {
        abort();
    }
}

/* `count` letters of an alphabet whose length divides 256, so that each is equally likely. */
static char *random_letters(struct arena *arena, const char *prefix, const char *alphabet,
                            size_t count)
{
    unsigned char bytes[MOST_LETTERS];
    char letters[MOST_LETTERS + 1];
    const size_t choices = strlen(alphabet);

    fill_random(bytes, count);
    for (size_t i = 0; i < count; i++) {
        letters[i] = alphabet[bytes[i] % choices];
    }
    letters[count] = '\0';
    return arena_printf(arena, "%s%s", prefix, letters);
}

char *id_new(struct arena *arena, const char *prefix)
{
    return random_letters(arena, prefix, "0123456789ABCDEFGHJKMNPQRSTVWXYZ", 12);
}

char *id_new_hex(struct arena *arena, const char *prefix)
{
    return random_letters(arena, prefix, "0123456789abcdef", 16);
}

char *id_new_long(struct arena *arena, const char *prefix)
{
    return random_letters(arena, prefix, "0123456789abcdef", MOST_LETTERS);
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
