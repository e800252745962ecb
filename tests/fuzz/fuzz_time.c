/* SPDX-License-Identifier: MIT */
/* Whatever comes as a date or a moment, base/clock.h takes only what the calendar has, and what it
 * took it writes so that it is taken as the same again. The input is the text. */
#include "base/clock.h"
#include "base/text.h"
#include "fuzz.h"

static void check_civil(struct civil civil)
{
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const int year = civil.date.year;
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    MUST(civil.date.month >= 1 && civil.date.month <= 12);
    MUST(civil.date.day >= 1 && civil.date.day <= days[civil.date.month - 1]);
    MUST(leap || civil.date.month != 2 || civil.date.day <= 28);
    MUST(civil.hour >= 0 && civil.hour < 24 && civil.minute >= 0 && civil.minute < 60);
    MUST(civil.second >= 0 && civil.second < 60);
    MUST(civil.millisecond >= 0 && civil.millisecond < MS_PER_SECOND);
}

static void check_instant(struct arena *arena, const char *text)
{
    struct instant instant;
    struct instant again;

    if (!instant_parse(&instant, text)) {
        return;
    }
    MUST(instant_is_acceptable(instant));
    check_civil(instant_civil(instant));
    MUST(instant_from_civil(&again, instant_civil(instant)) && again.ms == instant.ms);
    MUST(instant_parse(&again, instant_format(arena, instant, MILLISECONDS)));
    MUST(again.ms == instant.ms);
    MUST(instant_parse(&again, instant_format(arena, instant, SECONDS)));
    MUST(again.ms == instant.ms - instant.ms % MS_PER_SECOND);
}

static void check_date(struct arena *arena, const char *text)
{
    struct date date;
    struct instant first;

    if (!date_parse(&date, text)) {
        return;
    }
    MUST(strlen(text) == strlen("2026-03-01"));
    check_civil((struct civil){.date = date});
    MUST(strcmp(arena_printf(arena, "%04d-%02d-%02d", date.year, date.month, date.day), text) == 0);
    if (instant_from_civil(&first, (struct civil){.date = date})) {
        MUST(days_between(first, instant_plus(first, MS_PER_DAY)) == 1);
        MUST(days_between(first, instant_plus(first, MS_PER_DAY - 1)) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct input input = {bytes, length};
    struct arena *arena = arena_new();
    const char *text = input_text(&input, arena, length);

    check_instant(arena, text);
    check_date(arena, text);
    arena_free(arena);
    return 0;
}
