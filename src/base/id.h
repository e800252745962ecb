/* SPDX-License-Identifier: MIT */
/* Names for new things, random enough that two hosts never make the same one. */
#ifndef MENTORWATCH_BASE_ID_H
#define MENTORWATCH_BASE_ID_H

#include <stddef.h>

struct arena;

/* prefix + 12 letters and digits (60 random bits; no I, L, O, U): "cert_09WX5AK7Q2ZD". */
char *id_new(struct arena *arena, const char *prefix);
/* prefix + 16 hexadecimal digits (64 random bits): "pn_8a1b2c3d4e5f6071". */
char *id_new_hex(struct arena *arena, const char *prefix);
/* prefix + 32 hexadecimal digits (128 random bits): for names that the outside world keeps. */
char *id_new_long(struct arena *arena, const char *prefix);

/* Names for a batch of rows: the first is a random one, as above, and each further one the number
 * after it. So they stand side by side in an index, and a batch goes into one place of it. That two
 * batches meet is as unlikely as that two random names are the same. Nobody may take what is hard
 * to guess for a secret.
 *
 *     struct id_series names = id_series_hex("pn_");
 *     const char *first = id_next(arena, &names);
 */
enum { ID_MOST_DIGITS = 32 };

struct id_series {
    const char *prefix;
    const char *alphabet; /* rising, as bytes are compared */
    size_t length;        /* digits */
    unsigned char digits[ID_MOST_DIGITS];
};
struct id_series id_series(const char *prefix);      /* of the form of id_new() */
struct id_series id_series_hex(const char *prefix);  /* … id_new_hex() */
struct id_series id_series_long(const char *prefix); /* … id_new_long() */
char *id_next(struct arena *arena, struct id_series *series);

/* A random UUID (RFC 9562, version 4): "a1b2c3d4-e5f6-4890-abcd-ef1234567890". */
char *id_new_uuid(struct arena *arena);

#endif
