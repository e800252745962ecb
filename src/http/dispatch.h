/* SPDX-License-Identifier: MIT */
/* One request from the gateway to the last byte of its answer: the phases in order. */
#ifndef MENTORWATCH_HTTP_DISPATCH_H
#define MENTORWATCH_HTTP_DISPATCH_H

#include "http/gateway.h"
#include "http/route.h"

struct pool;
struct settings;
struct token_keys;

struct application {
    const struct settings *settings;
    const struct token_keys *keys;
    struct pool *pool; /* delivers what requests enqueue; NULL: each does it itself */
    const struct route *routes;
    size_t route_count;
};

/* The service that answers by these routes. `application` must outlive it. */
struct service dispatch_service(const struct application *application);

#endif
