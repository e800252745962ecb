/* SPDX-License-Identifier: MIT */
#include "model/brake.h"

#include "base/arena.h"
#include "base/record.h"

#include <inttypes.h>

enum { BACK_MINUTES = 5, AHEAD_DAYS = 40, ALWAYS_ALLOWED = 10, PERCENT = 20 };

static const int64_t BACK_MS = (int64_t)BACK_MINUTES * 60 * MS_PER_SECOND;
static const int64_t AHEAD_MS = (int64_t)AHEAD_DAYS * MS_PER_DAY;

static const struct field times_fields[] = {
    FIELD(struct sweep_times, last_begun),
    FIELD(struct sweep_times, last_done),
};
const struct record sweep_times = RECORD(struct sweep_times, times_fields);

const char *brake_clock(struct arena *arena, struct instant now, const struct sweep_times *last)
{
    if (instant_given(last->last_begun) && now.ms < last->last_begun.ms - BACK_MS) {
        return arena_printf(arena,
                            "the clock of this host says %s, but the last sweep began at %s: it "
                            "has jumped back by more than %d minutes",
                            instant_format(arena, now, SECONDS),
                            instant_format(arena, last->last_begun, SECONDS), BACK_MINUTES);
    }
    if (instant_given(last->last_done) && now.ms > last->last_done.ms + AHEAD_MS) {
        return arena_printf(arena,
                            "the clock of this host says %s, more than %d days after the last "
                            "sweep that was done (%s)",
                            instant_format(arena, now, SECONDS), AHEAD_DAYS,
                            instant_format(arena, last->last_done, SECONDS));
    }
    return NULL;
}

const char *brake_pauses(struct arena *arena, int64_t to_pause, int64_t mentors)
{
    if (to_pause <= ALWAYS_ALLOWED || to_pause * 100 <= mentors * PERCENT) {
        return NULL;
    }
    return arena_printf(arena,
                        "%" PRId64 " of %" PRId64
                        " mentors would be paused at once, more than %d and more than %d %%",
                        to_pause, mentors, ALWAYS_ALLOWED, PERCENT);
}
