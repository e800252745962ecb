/* SPDX-License-Identifier: MIT */
/* base64url without padding (RFC 4648, section 5; RFC 7515, section 2), and base64 with it (section
 * 4). */
#ifndef MENTORWATCH_WIRE_BASE64URL_H
#define MENTORWATCH_WIRE_BASE64URL_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct bytes {
    const unsigned char *at;
    size_t length;
};

/* Strict: false for anything that the encoder would not have written, such as padding, white space
 * and left-over bits that are not zero. So no two texts stand for the same bytes. */
bool base64url_decode(struct bytes *out, struct arena *arena, const char *text, size_t length);
char *base64url_encode(struct arena *arena, struct bytes bytes);

/* As strict; the text must have its padding. */
bool base64_decode(struct bytes *out, struct arena *arena, const char *text, size_t length);
char *base64_encode(struct arena *arena, struct bytes bytes);

#endif
