/* SPDX-License-Identifier: MIT */
/* Text that grows in an arena, and strict reading of small texts. */
#ifndef MENTORWATCH_BASE_TEXT_H
#define MENTORWATCH_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Text under construction. text_done() gives the NUL-terminated result, which the arena owns. */
struct text {
    struct arena *arena;
    char *bytes;
    size_t length;
    size_t room;
};

struct text text_in(struct arena *arena);
void text_add(struct text *text, const char *more);
void text_add_bytes(struct text *text, const void *bytes, size_t length);
void text_add_format(struct text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *text_done(struct text *text);

bool text_to_int(const char *text, int64_t *out); /* the whole text, decimal, no spaces, no '+' */
bool text_starts(const char *text, const char *prefix);
bool text_same_nocase(const char *a, const char *b); /* ASCII letters only */
bool text_has_controls(const char *text, bool line_breaks_allowed);
bool utf8_length(const char *text, size_t *characters); /* false: not valid UTF-8 */

#endif
