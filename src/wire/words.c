/* SPDX-License-Identifier: MIT */
#include "wire/words.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/text.h"

#include <inttypes.h>

static const char *const english_months[] = {"January",   "February", "March",    "April",
                                             "May",       "June",     "July",     "August",
                                             "September", "October",  "November", "December"};
static const char *const norwegian_months[] = {"januar",    "februar", "mars",     "april",
                                               "mai",       "juni",    "juli",     "august",
                                               "september", "oktober", "november", "desember"};

/* How a language speaks of days. */
struct speech {
    const char *const *months;
    const char *day_mark; /* behind the number of a day */
    const char *yesterday, *today, *tomorrow;
    const char *before_coming, *after_coming; /* around a number of days */
    const char *before_past, *after_past;
};

/* In the order of language_words. */
static const struct speech speeches[] = {
    {english_months,   "",  "yesterday",  "today", "tomorrow", "in ", " days",  "",     " days ago"},
    {norwegian_months, ".", "i g\u00E5r", "i dag", "i morgen", "om ", " dager", "for ",
     " dager siden"                                                                                },
    {norwegian_months, ".", "i g\u00E5r", "i dag", "i morgon", "om ", " dagar", "for ",
     " dagar sidan"                                                                                },
};

static const struct speech *speech_of(const char *language)
{
    const size_t known = text_index(language_words, language);

    return &speeches[language_words[known] == NULL ? 0 : known];
}

char *date_in_words(struct arena *arena, struct instant instant, const char *language)
{
    const struct speech *speech = speech_of(language);
    const struct date date = instant_civil(instant).date;

    return arena_printf(arena, "%d%s %s %d", date.day, speech->day_mark,
                        speech->months[date.month - 1], date.year);
}

const char *days_in_words(struct arena *arena, int64_t days, const char *language)
{
    const struct speech *speech = speech_of(language);

    if (days >= -1 && days <= 1) {
        return days < 0 ? speech->yesterday : days == 0 ? speech->today : speech->tomorrow;
    }
    return days > 0 ? arena_printf(arena, "%s%" PRId64 "%s", speech->before_coming, days,
                                   speech->after_coming)
                    : arena_printf(arena, "%s%" PRId64 "%s", speech->before_past, -days,
                                   speech->after_past);
}
