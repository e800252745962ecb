/* SPDX-License-Identifier: MIT */
/* Whole numbers as decimal digits, as printf("%lld") and printf("%04d") write them. Every answer
 * and every line of the log holds some, and printf takes a thousand instructions for each. */
#ifndef MENTORWATCH_BASE_DIGITS_H
#define MENTORWATCH_BASE_DIGITS_H

#include <stddef.h>
#include <stdint.h>

enum { DIGITS_ROOM = 20 }; /* bytes that any number takes: 19 digits and a sign */

/* Both write no NUL and return how many bytes they wrote. */
size_t digits_of(char *to, int64_t number);
/* With zeros before it where it has fewer digits than `least`; least is at most DIGITS_ROOM. */
size_t digits_padded(char *to, uint64_t number, size_t least);

#endif
