/* SPDX-License-Identifier: MIT */
#include "base/clock.h"
#include "base/endpoint.h"
#include "db/internal.h"

#include <stdatomic.h>

enum { AVOIDED_MS = 5000 };

/* Until when each is avoided, by the monotonic clock; 0: it is not. */
static _Atomic int64_t avoided_until[ENDPOINTS_MAX];

/* Whoever finds that the time is over tries it for all, and has it avoided meanwhile: a host that
 * swallows what it is sent costs one thread its patience, and not every thread. */
static bool is_worth_a_try(size_t host)
{
    const int64_t now = clock_monotonic_ms();
    int64_t until = atomic_load(&avoided_until[host]);

    return until == 0 || (until <= now && atomic_compare_exchange_strong(&avoided_until[host],
                                                                         &until, now + AVOIDED_MS));
}

void hosts_order(size_t order[], size_t count)
{
    size_t avoided[ENDPOINTS_MAX];
    size_t good = 0;
    size_t bad = 0;

    for (size_t host = 0; host < count; host++) {
        if (is_worth_a_try(host)) {
            order[good++] = host;
        } else {
            avoided[bad++] = host;
        }
    }
    for (size_t i = 0; i < bad; i++) {
        order[good + i] = avoided[i];
    }
}

void hosts_failed(size_t host)
{
    atomic_store(&avoided_until[host], clock_monotonic_ms() + AVOIDED_MS);
}

void hosts_worked(size_t host)
{
    atomic_store(&avoided_until[host], 0);
}

bool hosts_has_better(size_t host)
{
    for (size_t i = 0; i < host; i++) {
        if (atomic_load(&avoided_until[i]) <= clock_monotonic_ms()) {
            return true;
        }
    }
    return false;
}
