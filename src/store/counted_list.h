/* SPDX-License-Identifier: MIT */
/* The lists whose totals are kept in the table counts, and their filters. */
#ifndef MENTORWATCH_STORE_COUNTED_LIST_H
#define MENTORWATCH_STORE_COUNTED_LIST_H

#include <stddef.h>

struct arena;

/* What is kept for a filter. */
enum kept_as {
    NOT_KEPT,      /* few rows have one value: an index counts them */
    BY_VALUE,      /* how many rows have each value */
    BY_TIME,       /* how many there are in each hour and month, and in all */
    BY_SEQ,        /* how many in each thousand numbers, and hundred thousand: where pages begin */
    BY_VALUE_SEQ,  /* how many have each value in each ten thousand numbers, and hundred thousand */
    BY_DIFFERENCE, /* nothing: by time, the counts of the first filter less those of the second */
};

struct counted_filter {
    const char *name;
    const char *column; /* NULL in a row: it is counted nowhere */
    const char *only;   /* SQL: of which rows; NULL: all */
    enum kept_as kept;
    const char *index; /* of the column and seq, where both are kept together */
};

/* The counts of a list hold good once it has a row of this filter. Until then a sweep has yet to
 * count what was there when counting began, and totals are counted as if nothing were kept. */
#define COUNTS_OPENED "opened"

/* The first filter is a time that every row has. */
struct counted_list {
    const char *table; /* with the columns seq and counted, and the index TABLE_uncounted */
    const char *only;  /* SQL: the rows that are listed; NULL: all */
    const struct counted_filter *filters;
    size_t filter_count;
};

enum counted {
    COUNTED_CERTIFICATIONS,
    COUNTED_PAUSE_EVENTS,
    COUNTED_REMINDERS,
    COUNTED_EXPIRY_NOTIFICATIONS,
    COUNTED_EXPIRY_LOGS,
    COUNTED_LISTS
};
extern const struct counted_list counted_lists[COUNTED_LISTS];

/* The filter must be there. */
const struct counted_filter *counted_filter(enum counted list, const char *name);

/* How many characters of a value are told apart, coarse to fine; ends with LEVELS_END. None where
 * nothing is kept. */
enum {
    LEVELS_END = -1,
    VALUE_LEVEL = 64, /* a value has no more characters */
    HOUR_LEVEL = 13,
    SEQ_DIGITS = 20,
    THOUSAND_LEVEL = SEQ_DIGITS - 3,
    TEN_THOUSAND_OF_VALUE_LEVEL = VALUE_LEVEL + SEQ_DIGITS - 4,
};
const int *counted_levels(enum kept_as kept);
int counted_finest(enum kept_as kept);

/* SQL: the finest cell of a row. */
const char *counted_cell(struct arena *arena, const struct counted_filter *filter);
/* SQL: what rows of one such cell have in common, quicker to tell apart; and the cell of it, where
 * it is called `same`. */
const char *counted_same(struct arena *arena, const struct counted_filter *filter);
const char *counted_cell_of_same(const struct counted_filter *filter);

/* How the cells of a value begin where it is kept together with seq. */
const char *counted_padded(struct arena *arena, const char *value);

#endif
