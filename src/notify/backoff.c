/* SPDX-License-Identifier: MIT */
#include "notify/backoff.h"

#include <stddef.h>
#include <sys/random.h>

static const int64_t MINUTE = 60;
static const int64_t DAY = INT64_C(24) * 60 * 60;

static const int64_t wait_minutes[] = {5, 15, 60, 240, 720, 1440};

struct backoff backoff_after(int64_t attempts, int64_t asked, int64_t chance)
{
    const size_t last = sizeof(wait_minutes) / sizeof(wait_minutes[0]) - 1;
    const size_t at = attempts < 1 ? 0 : (size_t)attempts - 1;
    const int64_t wait = wait_minutes[at < last ? at : last] * MINUTE;
    const int64_t tenth = wait / 10;
    const int64_t jittered = 9 * tenth + 2 * tenth * chance / BACKOFF_CHANCES;
    const int64_t longest_asked = asked < DAY ? asked : DAY;
    const int64_t seconds = jittered > longest_asked ? jittered : longest_asked;

    return (struct backoff){.gives_up = attempts >= BACKOFF_ATTEMPTS, .seconds = seconds};
}

int64_t backoff_chance(void)
{
    uint32_t bits = BACKOFF_CHANCES / 2; /* stands when there is no randomness to be had */

    (void)!getrandom(&bits, sizeof(bits), 0);
    return bits % (BACKOFF_CHANCES + 1);
}
