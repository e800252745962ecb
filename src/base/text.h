/* SPDX-License-Identifier: MIT */
/* Text that grows in an arena, and strict reading of small texts. */
#ifndef MENTORWATCH_BASE_TEXT_H
#define MENTORWATCH_BASE_TEXT_H

#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct list;

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
void text_add_int(struct text *text, int64_t number);
/* An instant as instant_format() says it. */
void text_add_instant(struct text *text, struct instant instant, enum instant_precision precision);
/* For what has no function of its own: it takes a thousand instructions and more. */
void text_add_format(struct text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *text_done(struct text *text);

/* "email,push" → a list of two texts. */
struct list text_words(struct arena *arena, const char *text);
/* "30,14,7" → a list of three int64_t. False: something in it is not a whole number. */
bool text_numbers(struct list *out, struct arena *arena, const char *text);
/* Of texts (const char *) each once, in the order of strcmp. */
struct list text_distinct(struct arena *arena, struct list texts);

/* Which of the words, of which NULL is the last, the text is; the place of NULL if none. */
size_t text_index(const char *const *words, const char *text);

/* "1 mentor", "2 mentors" */
const char *text_counted(struct arena *arena, int64_t number, const char *noun);

bool text_to_int(const char *text, int64_t *out); /* the whole text, decimal, no spaces, no '+' */
uint64_t text_hash(const char *text); /* FNV-1a: for look-ups and tags, not against enemies */
bool text_starts(const char *text, const char *prefix);
bool text_same_nocase(const char *a, const char *b); /* ASCII letters only */
bool text_has_controls(const char *text, bool line_breaks_allowed);
/* At most that many characters, and nothing after bytes that are not UTF-8. NULL stays NULL. */
const char *text_cut(struct arena *arena, const char *text, size_t characters);
bool utf8_length(const char *text, size_t *characters); /* false: not valid UTF-8 */
/* How many bytes the character has that begins here; 0: it is not UTF-8. */
size_t utf8_step(const unsigned char *at);

#endif
