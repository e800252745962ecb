/* SPDX-License-Identifier: MIT */
#include "notify/transfers.h"

#include <curl/curl.h>
#include <stdatomic.h>

static atomic_bool cut;

void transfers_open(void)
{
    /* A failure shows again where each transfer asks for its handle. */
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

void transfers_close(void)
{
    curl_global_cleanup();
}

void transfers_cut(void)
{
    atomic_store(&cut, true);
}

bool transfers_are_cut(void)
{
    return atomic_load(&cut);
}
