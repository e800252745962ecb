/* SPDX-License-Identifier: MIT */
/* A request as handlers see it, and how they answer. An answer is only kept in memory: the
 * dispatcher sends it after the commit. */
#ifndef MENTORWATCH_HTTP_REQUEST_H
#define MENTORWATCH_HTTP_REQUEST_H

#include "base/listing.h"
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
    const char *link;
    const char *etag;
    const char *allow;
    const char *authenticate;
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
    void *checked;    /* what the route's check has found, for its handler; in the arena */
    const char *body; /* as it came; "" when there is none */
    size_t body_length;
    const char *idempotency_key; /* NULL: none */
    const char *about;           /* the id of what it makes or changes; NULL: that in the path */
    bool apart;                  /* it cannot share a transaction, see http/together.h */
    bool replayed;               /* the answer is the first one to this key */
    handler *finish;             /* makes the answer after the delivery; NULL: it stands */
    void *unfinished;            /* what finish needs, in the arena */
    struct response response;
};

/* Take method, path and query from the gateway. MALFORMED: there are none. */
enum outcome request_open(struct request *request);

/* Read the query or the body into request->input, by the route's record. MALFORMED, INVALID,
 * TOO_LARGE or UNSUPPORTED as the header files of wire/ say. */
enum outcome request_read_input(struct request *request);

/* A header, or NULL. `variable` is its CGI name: "HTTP_IF_MATCH". */
const char *request_header(const struct request *request, const char *variable);

/* STALE when the caller sent an If-Match that is not the ETag under which this object is shown. To
 * be asked by PUT and DELETE after they have locked it. */
enum outcome request_match(struct request *request, const struct record *record,
                           const void *object);

/* Whether that field of the input was there, null included. */
bool request_given(const struct request *request, const char *field);
/* INVALID: the body of a change has none of its fields. */
enum outcome request_names_something(struct request *request);

/* The n-th parameter of the path. */
const char *request_value(const struct request *request, size_t n);

/* 200. Something that was asked for by id also gets its ETag; when the caller has it already, 304.
 */
enum outcome reply(struct request *request, const struct record *record, const void *object);
/* 200, with JSON that stands already. */
enum outcome reply_json(struct request *request, const char *json);
/* 200, with text of that type: for a route that answers TEXT. */
enum outcome reply_text(struct request *request, const char *type, const char *text);
/* Name what it makes or changes, for the audit, where the path does not; a new thing is named by
 * reply_created(). */
void request_is_about(struct request *request, const char *id);

/* 201, with the path of the new thing: the route's own path and its id. */
enum outcome reply_created(struct request *request, const char *id, const struct record *record,
                           const void *object);
/* A page of a list, with Link headers (RFC 8288) to the first one and its neighbours. */
enum outcome reply_page(struct request *request, const struct record *record,
                        const struct page *page, const struct listing *listing);

/* The answer depends on what becomes of the messages: `finish` makes it after the delivery. What
 * is replied before stands when that fails. */
enum outcome reply_later(struct request *request, handler *finish, void *unfinished);

#endif
