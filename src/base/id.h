/* SPDX-License-Identifier: MIT */
/* Names for new things, random enough that two hosts never make the same one. */
#ifndef MENTORWATCH_BASE_ID_H
#define MENTORWATCH_BASE_ID_H

struct arena;

/* prefix + 12 letters and digits (60 random bits; no I, L, O, U): "cert_09WX5AK7Q2ZD". */
char *id_new(struct arena *arena, const char *prefix);
/* prefix + 16 hexadecimal digits (64 random bits): "pn_8a1b2c3d4e5f6071". */
char *id_new_hex(struct arena *arena, const char *prefix);
/* prefix + 32 hexadecimal digits (128 random bits): for names that the outside world keeps. */
char *id_new_long(struct arena *arena, const char *prefix);
/* A random UUID (RFC 9562, version 4): "a1b2c3d4-e5f6-4890-abcd-ef1234567890". */
char *id_new_uuid(struct arena *arena);

#endif
