/* SPDX-License-Identifier: MIT */
/* How the settings of reminders are written: days before the expiry, for all certifications
 * ("30,14,7") and for single types ("first_aid: 60,30 | driving: 14"). */
#ifndef MENTORWATCH_BASE_THRESHOLDS_H
#define MENTORWATCH_BASE_THRESHOLDS_H

#include "base/record.h"

#include <stdbool.h>

struct arena;

/* Thresholds of one type of certification. */
struct type_thresholds {
    const char *type;
    struct list days; /* int64_t, largest first */
};

/* False: not up to 10 numbers from 365 to 1, the largest first. *out holds int64_t. */
bool thresholds_read(struct list *out, struct arena *arena, const char *text);
/* False: not up to 20 types, each once, with a colon and such numbers behind it; bars between.
 * *out holds struct type_thresholds. */
bool thresholds_by_type_read(struct list *out, struct arena *arena, const char *text);

/* The same as checks of a setting (field_checker). */
const char *thresholds_check(const char *text, struct arena *arena);
const char *thresholds_by_type_check(const char *text, struct arena *arena);

#endif
