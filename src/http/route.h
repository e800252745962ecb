/* SPDX-License-Identifier: MIT */
/* A route: one row an endpoint. The rows stand in api/routes.c. */
#ifndef MENTORWATCH_HTTP_ROUTE_H
#define MENTORWATCH_HTTP_ROUTE_H

#include "base/outcome.h"
#include "base/record.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct request;
struct together;
struct work;

enum method { GET, POST, PUT, DELETE, METHODS };

/* How the dispatcher runs the handler. */
enum unit {
    NO_UNIT, /* as it is: the handler needs no database, or begins its own transactions */
    READING, /* without a transaction; by id perhaps twice, see db/lookup.h */
    WRITING, /* inside one */
};

/* Who may call a route, beside a set of roles (base/actor.h). */
enum who {
    ANYBODY = 1 << 8,  /* always */
    PUBLIC = 1 << 9,   /* anybody, or whoever has the service token: api.public_access says which */
    SERVICE = 1 << 10, /* whoever has the service token, where api.cron switches the route on */
};

/* What a good answer looks like. */
enum answers {
    ONE,     /* 200 and the record */
    TEXT,    /* 200 and text that programs read: reply_text() */
    LIST,    /* 200 and a page of records */
    CREATED, /* 201, the record, and where it is */
};

typedef enum outcome handler(struct request *request);

struct route {
    enum method method;
    const char *path; /* "/api/v1/loans/:id" */
    unsigned who;     /* ANYBODY, PUBLIC, SERVICE, or roles or'ed */
    enum unit unit;
    enum answers answers;
    const struct record *accepts; /* the query of a GET, the body of a POST or PUT; NULL: nothing */
    const struct record *shows;   /* what is answered: tells read-only fields from unknown ones */
    handler *check;               /* notes contradictions in the input, with whatever faults are
                                   * noted already; NULL: there can be none */
    handler *handle;
    struct together *together; /* how several requests share a transaction (http/together.h), where
                                * the unit is WRITING; NULL: each has its own */
    const char *summary;
};

enum { MOST_PARAMETERS = 2 };

/* The path's parameters, decoded, in the order of the path. */
struct path_values {
    const char *at[MOST_PARAMETERS];
};

const char *method_name(enum method method);

/* Whom the route lets in: "anybody", "public", "service", or the names of roles. */
struct list route_callers(struct arena *arena, const struct route *route);
/* "/api/v1/loans/:id" → "/api/v1/loans/api/v1/loans/:id", as the contracts print it; NULL: a path
 * without a base to repeat. */
const char *route_doubled_path(struct arena *arena, const struct route *route);
/* Whether its input is a body, not the query. */
bool route_takes_body(const struct route *route);
/* Whether the path names one thing by a parameter. */
bool route_is_by_id(const struct route *route);
/* Whether its answers have an ETag: what is read by id. */
bool route_has_etag(const struct route *route);

/* The route for this method and raw path (before '?'). A path that repeats its first three segments
 * ("/api/v1/loans/api/v1/loans/:id", as the contracts print it) is the same as without them. Fixed
 * segments win over parameters. HEAD is matched as GET by the caller.
 * MALFORMED: a bad percent code. NOT_FOUND: no such path. NOT_ALLOWED: not for this method (NULL:
 * an unknown one); *allowed then lists those that are, as the Allow header does. */
enum outcome route_find(const struct route **out, struct path_values *values, const char **allowed,
                        struct work *work, const struct route *routes, size_t count,
                        const char *method, const char *path);

#endif
