/* SPDX-License-Identifier: MIT */
/* Points in time, and the calendar behind them. All UTC, all proleptic Gregorian.
 *
 * An instant counts milliseconds from the first moment of the year 0, so that a zeroed struct
 * means "no time given": no time that we accept (years 1000 to 9999, as MySQL's DATETIME) is
 * ever zero. Nothing here reads the time zone of the process.
 */
#ifndef MENTORWATCH_BASE_CLOCK_H
#define MENTORWATCH_BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct instant {
    int64_t ms; /* 0: absent */
};

struct date {
    int year, month, day; /* month and day count from 1 */
};

struct civil {
    struct date date;
    int hour, minute, second, millisecond;
};

enum instant_precision { SECONDS, MILLISECONDS };

enum {
    MS_PER_SECOND = 1000,
    MS_PER_HOUR = 60 * 60 * MS_PER_SECOND,
    MS_PER_DAY = 24 * MS_PER_HOUR,
};

struct instant clock_now(void);   /* the wall clock */
int64_t clock_monotonic_ms(void); /* for measuring how long something took */

bool instant_given(struct instant instant);
bool instant_is_acceptable(struct instant instant); /* in the years that we accept */
struct instant instant_plus(struct instant instant, int64_t ms);
int64_t instant_unix_seconds(struct instant instant); /* since the beginning of 1970 */
struct instant instant_from_unix(int64_t seconds);

/* RFC 3339 date-time with any offset; fractions beyond milliseconds are cut. False for anything
 * else, impossible dates and leap seconds included. */
bool instant_parse(struct instant *out, const char *text);
/* Bytes that any instant fits in as text, absent ones too. */
enum { INSTANT_ROOM = 80 };

/* "2026-03-01T00:00:00Z", or with ".000" before the Z. */
char *instant_format(struct arena *arena, struct instant instant, enum instant_precision precision);
/* The same into INSTANT_ROOM bytes, without a NUL; how many bytes it took. */
size_t instant_write(char *to, struct instant instant, enum instant_precision precision);

struct civil instant_civil(struct instant instant);
bool instant_from_civil(struct instant *out, struct civil civil); /* false: no such moment */

bool date_parse(struct date *out, const char *text); /* "2026-03-01" */
/* Days from a to b by the calendar: negative when b lies before a. */
int64_t days_between(struct instant a, struct instant b);

#endif
