/* SPDX-License-Identifier: MIT */
/* Dates and spans of days as people write them, in the languages that messages are written in. */
#ifndef MENTORWATCH_WIRE_WORDS_H
#define MENTORWATCH_WIRE_WORDS_H

#include "base/clock.h"

#include <stdint.h>

struct arena;

/* "1. mars 2026" in nb and nn, "1 March 2026" in en. */
char *date_in_words(struct arena *arena, struct instant instant, const char *language);

/* So many days from today: "om 7 dager", "om 7 dagar", "in 7 days"; "i morgen", "i dag", "i går";
 * below zero, so many days ago. */
const char *days_in_words(struct arena *arena, int64_t days, const char *language);

#endif
