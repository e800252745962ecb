/* SPDX-License-Identifier: MIT */
#include "base/crash_point.h"

#include "base/text.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { KILLED = 137 };

static atomic_llong visits;
static int64_t last; /* the visit that ends the process; 0: none does */
static pthread_once_t begun = PTHREAD_ONCE_INIT;

static void write_count(void)
{
    FILE *file = fopen(getenv("CRASH_COUNT"), "we");

    if (file != NULL) {
        (void)fprintf(file, "%lld\n", atomic_load(&visits));
        (void)fclose(file);
    }
}

static void begin(void)
{
    const char *at = getenv("CRASH_AT");

    if (at != NULL && !text_to_int(at, &last)) {
        abort();
    }
    if (getenv("CRASH_COUNT") != NULL) {
        (void)atexit(write_count);
    }
}

void crash_point(const char *where)
{
    (void)pthread_once(&begun, begin);
    if (atomic_fetch_add(&visits, 1) + 1 == last) {
        (void)fprintf(stderr, "crash point %lld: %s\n", (long long)last, where);
        _exit(KILLED);
    }
}
