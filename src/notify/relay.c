/* SPDX-License-Identifier: MIT */
#include "notify/relay.h"

#include "base/clock.h"

#include <stdatomic.h>

enum { PAUSE_MS = 60 * MS_PER_SECOND };

static _Atomic int64_t seats = 1;
static _Atomic int64_t away_until;
static _Atomic int64_t slow_until;

void relay_limit(int64_t threads)
{
    atomic_store(&seats, threads / 2);
}

bool relay_enter(void)
{
    if (atomic_fetch_sub(&seats, 1) > 0) {
        return true;
    }
    relay_leave();
    return false;
}

void relay_leave(void)
{
    atomic_fetch_add(&seats, 1);
}

void relay_is_away(void)
{
    atomic_store(&away_until, clock_monotonic_ms() + PAUSE_MS);
}

bool relay_is_known_away(void)
{
    return clock_monotonic_ms() < atomic_load(&away_until);
}

void relay_is_slow(void)
{
    atomic_store(&slow_until, clock_monotonic_ms() + PAUSE_MS);
}

void relay_is_quick(void)
{
    atomic_store(&slow_until, 0);
}

bool relay_is_known_slow(void)
{
    return clock_monotonic_ms() < atomic_load(&slow_until);
}
