/* SPDX-License-Identifier: MIT */
/* Which part of a list is asked for, and in which order: what the struct of every filter
 * begins with.
 *
 * A list is walked by page number (page, limit), or, however long it is, from a place in it that
 * the list itself gave out (cursor): then a page costs the same at its beginning and at its end.
 */
#ifndef MENTORWATCH_BASE_LISTING_H
#define MENTORWATCH_BASE_LISTING_H

#include "base/record.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

struct listing {
    int64_t page;
    int64_t limit;
    const char *sort;   /* one of the route's words; NULL: newest first */
    const char *cursor; /* NULL: by page */
};

enum { PLACE_MAX = 64 }; /* characters of a cursor */

/* The fields of a listing at the head of a filter; `sort_words` ends with NULL. What follows them
 * is said of the field `sort`: a .fallback, where the newest are not to come first. */
#define LISTING_FIELDS(owner, sort_words, ...)                                                     \
    FIELD_AS(page, owner, listing.page, .min = 1, .max = 1000000000, .fallback = "1",              \
             .meaning = "Which page"),                                                             \
        FIELD_AS(limit, owner, listing.limit, .min = 1, .max = 100, .fallback = "20",              \
                 .meaning = "Items on a page"),                                                    \
        FIELD_AS(sort, owner, listing.sort, .words = (sort_words), ##__VA_ARGS__,                  \
                 .meaning =                                                                        \
                     "The order; - before a name means descending, newest first otherwise"),       \
        FIELD_AS(cursor, owner, listing.cursor, .min = 1, .max = PLACE_MAX,                        \
                 .meaning = "A place in the list, as a Link header gave it out")

/* A place between two items, by the value that the list is sorted by and the number that makes it
 * unique. */
struct place {
    bool before;      /* the page ends before it; otherwise it begins after it */
    const char *sort; /* in which order: a word of the list, or NULL */
    int64_t value;
    int64_t seq;
};

char *place_write(struct arena *arena, struct place place);
/* False: not a cursor, or one of another order than `sort`. */
bool place_read(struct place *out, const char *cursor, const char *sort);

/* One page, with the places at which the neighbouring ones begin. */
struct page {
    struct list items;
    int64_t total;
    const char *next; /* cursors; NULL: there is none */
    const char *previous;
};

#endif
