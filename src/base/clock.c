/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include "base/arena.h"
#include "base/digits.h"

#include <time.h>

enum {
    FIRST_YEAR = 1000,
    LAST_YEAR = 9999,
    DAYS_PER_ERA = 146097, /* 400 Gregorian years */
    EPOCH_DAY = 719528,    /* 1970-01-01 counted from 0000-01-01 */
};

/* Days from 0000-01-01, by counting years from March so that the leap day comes last. */
static int64_t day_number(struct date date)
{
    const int64_t year = date.year - (date.month <= 2);
    const int64_t month = (date.month + 9) % 12; /* March is 0 */
    const int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;

    return year * 365 + year / 4 - year / 100 + year / 400 + day_of_year + 60;
}

static struct date date_of_day(int64_t number)
{
    const int64_t since_march = number - 60; /* 0000-03-01 is day 60 */
    const int64_t era = since_march / DAYS_PER_ERA;
    const int64_t day_of_era = since_march % DAYS_PER_ERA;
    const int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / (DAYS_PER_ERA - 1)) /
        365;
    const int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int64_t month = (5 * day_of_year + 2) / 153;
    const int64_t year = era * 400 + year_of_era + (month >= 10);

    return (struct date){
        .year = (int)year,
        .month = (int)(month < 10 ? month + 3 : month - 9),
        .day = (int)(day_of_year - (153 * month + 2) / 5 + 1),
    };
}

static bool date_exists(struct date date)
{
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (date.year % 4 == 0 && date.year % 100 != 0) || date.year % 400 == 0;

    return date.year >= FIRST_YEAR && date.year <= LAST_YEAR && date.month >= 1 &&
           date.month <= 12 && date.day >= 1 && date.day <= days[date.month - 1] &&
           (date.month != 2 || date.day <= 28 || leap);
}

static struct instant instant_of_timespec(struct timespec time)
{
    return (struct instant){((int64_t)time.tv_sec + EPOCH_DAY * (int64_t)86400) * MS_PER_SECOND +
                            time.tv_nsec / 1000000};
}

struct instant clock_now(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return instant_of_timespec(now);
}

int64_t clock_monotonic_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * MS_PER_SECOND + now.tv_nsec / 1000000;
}

bool instant_given(struct instant instant)
{
    return instant.ms != 0;
}

bool instant_is_acceptable(struct instant instant)
{
    return instant.ms > 0 && instant.ms / MS_PER_DAY < (int64_t)(LAST_YEAR + 1) * 366 &&
           date_exists(instant_civil(instant).date);
}

struct instant instant_from_unix(int64_t seconds)
{
    return (struct instant){(seconds + EPOCH_DAY * (int64_t)86400) * MS_PER_SECOND};
}

int64_t instant_unix_seconds(struct instant instant)
{
    return instant.ms / MS_PER_SECOND - EPOCH_DAY * (int64_t)86400;
}

struct instant instant_plus(struct instant instant, int64_t ms)
{
    return (struct instant){instant.ms + ms};
}

struct civil instant_civil(struct instant instant)
{
    const int64_t in_day = instant.ms % MS_PER_DAY;

    return (struct civil){
        .date = date_of_day(instant.ms / MS_PER_DAY),
        .hour = (int)(in_day / 3600000),
        .minute = (int)(in_day / 60000 % 60),
        .second = (int)(in_day / 1000 % 60),
        .millisecond = (int)(in_day % 1000),
    };
}

bool instant_from_civil(struct instant *out, struct civil civil)
{
    if (!date_exists(civil.date) || civil.hour < 0 || civil.hour > 23 || civil.minute < 0 ||
        civil.minute > 59 || civil.second < 0 || civil.second > 59 || civil.millisecond < 0 ||
        civil.millisecond > 999) {
        return false;
    }
    const int64_t seconds = (civil.hour * INT64_C(60) + civil.minute) * 60 + civil.second;
    out->ms = day_number(civil.date) * MS_PER_DAY + seconds * MS_PER_SECOND + civil.millisecond;
    return true;
}

/* Exactly `count` digits; moves the cursor past them. */
static bool digits(const char **cursor, int count, int *out)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        const char digit = (*cursor)[i];
        if (digit < '0' || digit > '9') {
            return false;
        }
        value = value * 10 + (digit - '0');
    }
    *cursor += count;
    *out = value;
    return true;
}

static bool mark(const char **cursor, char expected)
{
    if (**cursor != expected) {
        return false;
    }
    (*cursor)++;
    return true;
}

static bool date_read(const char **cursor, struct date *out)
{
    return digits(cursor, 4, &out->year) && mark(cursor, '-') && digits(cursor, 2, &out->month) &&
           mark(cursor, '-') && digits(cursor, 2, &out->day);
}

/* ".5" or ".123456": at least one digit, of which the first three count. */
static bool fraction_read(const char **cursor, int *millisecond)
{
    int value = 0;
    int taken = 0;

    *millisecond = 0;
    if (!mark(cursor, '.')) {
        return true;
    }
    for (; **cursor >= '0' && **cursor <= '9'; (*cursor)++, taken++) {
        if (taken < 3) {
            value = value * 10 + (**cursor - '0');
        }
    }
    for (int i = taken; i < 3; i++) {
        value *= 10;
    }
    *millisecond = value;
    return taken > 0;
}

static bool offset_read(const char **cursor, int *minutes)
{
    int hour;
    int minute;

    *minutes = 0;
    if (mark(cursor, 'Z') || mark(cursor, 'z')) {
        return true;
    }
    const int sign = **cursor == '-' ? -1 : 1;
    if (!mark(cursor, '+') && !mark(cursor, '-')) {
        return false;
    }
    if (!digits(cursor, 2, &hour) || !mark(cursor, ':') || !digits(cursor, 2, &minute) ||
        hour > 23 || minute > 59) {
        return false;
    }
    *minutes = sign * (hour * 60 + minute);
    return true;
}

bool instant_parse(struct instant *out, const char *text)
{
    struct civil civil;
    struct instant local;
    int offset;

    if (!date_read(&text, &civil.date) || (!mark(&text, 'T') && !mark(&text, 't')) ||
        !digits(&text, 2, &civil.hour) || !mark(&text, ':') || !digits(&text, 2, &civil.minute) ||
        !mark(&text, ':') || !digits(&text, 2, &civil.second) ||
        !fraction_read(&text, &civil.millisecond) || !offset_read(&text, &offset) ||
        *text != '\0' || !instant_from_civil(&local, civil)) {
        return false;
    }
    const struct instant utc = instant_plus(local, -(int64_t)offset * 60 * MS_PER_SECOND);
    if (!date_exists(instant_civil(utc).date)) {
        return false;
    }
    *out = utc;
    return true;
}

bool date_parse(struct date *out, const char *text)
{
    return date_read(&text, out) && *text == '\0' && date_exists(*out);
}

/* A part of a time and the mark after it. */
static size_t part_write(char *to, int part, size_t least, char end)
{
    const size_t length = digits_padded(to, (unsigned)part, least);

    to[length] = end;
    return length + 1;
}

size_t instant_write(char *to, struct instant instant, enum instant_precision precision)
{
    const struct civil at = instant_civil(instant);
    const bool fraction = precision == MILLISECONDS;
    size_t length = part_write(to, at.date.year, 4, '-');

    length += part_write(to + length, at.date.month, 2, '-');
    length += part_write(to + length, at.date.day, 2, 'T');
    length += part_write(to + length, at.hour, 2, ':');
    length += part_write(to + length, at.minute, 2, ':');
    length += part_write(to + length, at.second, 2, fraction ? '.' : 'Z');
    return fraction ? length + part_write(to + length, at.millisecond, 3, 'Z') : length;
}

char *instant_format(struct arena *arena, struct instant instant, enum instant_precision precision)
{
    char text[INSTANT_ROOM];
    const size_t length = instant_write(text, instant, precision);

    return arena_bytes(arena, text, length);
}

int64_t days_between(struct instant a, struct instant b)
{
    return b.ms / MS_PER_DAY - a.ms / MS_PER_DAY;
}
