/* SPDX-License-Identifier: MIT */
/* A request as handlers see it, and how they answer. An answer is only kept in memory: the
 * dispatcher sends it after the commit. */
#ifndef MENTORWATCH_HTTP_REQUEST_H
#define MENTORWATCH_HTTP_REQUEST_H

#include "base/outcome.h"
#include "base/record.h"
#include "http/route.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fault;
struct gateway;
struct work;

struct response {
    int status;
    const char *type;     /* of the body */
    const char *body;     /* NULL: none */
    const char *location; /* NULL: none, as for the following */
    const char *allow;
    int64_t retry_after; /* seconds; 0: none */
};

struct request {
    struct work *work;
    struct gateway *gateway;
    const char *method;
    const char *path;  /* raw, without the query */
    const char *query; /* raw; "" when there is none */
    const struct route *route;
    struct path_values values;
    void *input;    /* the struct that route->accepts describes; NULL when it accepts nothing */
    uint64_t given; /* which of its fields were there, see json_read() */
    const struct fault *input_faults; /* what was wrong with single fields of it */
    struct response response;
};

/* Take method, path and query from the gateway. MALFORMED: there are none. */
enum outcome request_open(struct request *request);

/* Read the query or the body into request->input, by the route's record. MALFORMED, INVALID,
 * TOO_LARGE or UNSUPPORTED as the header files of wire/ say. */
enum outcome request_read_input(struct request *request);

/* The n-th parameter of the path. */
const char *request_value(const struct request *request, size_t n);

enum outcome reply(struct request *request, const struct record *record, const void *object);
/* 201, with the path of the new thing: the route's own path and its id. */
enum outcome reply_created(struct request *request, const char *id, const struct record *record,
                           const void *object);
enum outcome reply_page(struct request *request, const struct record *record, struct list items,
                        int64_t page, int64_t limit, int64_t total);

#endif
