/* SPDX-License-Identifier: MIT */
/* A route: one row an endpoint. The rows stand in api/routes.c. */
#ifndef MENTORWATCH_HTTP_ROUTE_H
#define MENTORWATCH_HTTP_ROUTE_H

#include "base/outcome.h"
#include "base/record.h"

#include <stddef.h>

struct request;
struct work;

enum method { GET, POST, PUT, DELETE, METHODS };

/* How the dispatcher runs the handler. */
enum unit {
    NO_UNIT, /* as it is: the handler needs no database, or begins its own transactions */
    READING, /* without a transaction */
    WRITING, /* inside one */
};

typedef enum outcome handler(struct request *request);

struct route {
    enum method method;
    const char *path; /* "/api/v1/loans/:id" */
    enum unit unit;
    const struct record *accepts; /* the query of a GET, the body of a POST or PUT; NULL: nothing */
    const struct record *shows;   /* what is answered: tells read-only fields from unknown ones */
    handler *check;               /* notes contradictions in the input, with whatever faults are
                                   * noted already; NULL: there can be none */
    handler *handle;
    const char *summary;
};

enum { MOST_PARAMETERS = 2 };

/* The path's parameters, decoded, in the order of the path. */
struct path_values {
    const char *at[MOST_PARAMETERS];
};

const char *method_name(enum method method);

/* The route for this method and raw path (before '?'). A path that repeats its first three segments
 * ("/api/v1/loans/api/v1/loans/:id", as the contracts print it) is the same as without them. Fixed
 * segments win over parameters. HEAD is matched as GET by the caller.
 * MALFORMED: a bad percent code. NOT_FOUND: no such path. NOT_ALLOWED: not for this method (NULL:
 * an unknown one); *allowed then lists those that are, as the Allow header does. */
enum outcome route_find(const struct route **out, struct path_values *values, const char **allowed,
                        struct work *work, const struct route *routes, size_t count,
                        const char *method, const char *path);

#endif
