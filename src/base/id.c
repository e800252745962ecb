/* SPDX-License-Identifier: MIT */
#include "base/id.h"

#include "base/arena.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { MOST_LETTERS = 32 };

/* `count` letters of an alphabet whose length divides 256, so that each is equally likely. */
static char *random_letters(struct arena *arena, const char *prefix, const char *alphabet,
                            size_t count)
{
    unsigned char bytes[MOST_LETTERS];
    char letters[MOST_LETTERS + 1];
    const size_t choices = strlen(alphabet);

    /* Up to 256 bytes come whole; it fails only where the kernel has no such call. */
    if (getrandom(bytes, count, 0) != (ssize_t)count) {
        abort();
    }
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
