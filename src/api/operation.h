/* SPDX-License-Identifier: MIT */
/* One route as an operation of OpenAPI: what may be asked, and each way in which it can end. */
#ifndef MENTORWATCH_API_OPERATION_H
#define MENTORWATCH_API_OPERATION_H

#include "base/outcome.h"
#include "http/route.h"

struct arena;
struct json_writer;

/* What belongs together for a reader: the routes of one contract. */
struct tag {
    const char *name;
    const char *base; /* what its paths begin with */
    unsigned who;     /* as routes have it: two contracts share a base, but not their callers */
    const char *description;
};

extern const struct tag tags[]; /* the last one is for whatever remains */
extern const size_t tag_count;

/* The failures that are told of, by their status. */
extern const enum outcome told_failures[];
extern const size_t told_failure_count;

/* "/api/v1/loans/:id" → "/api/v1/loans/{id}" */
const char *operation_path(struct arena *arena, const char *path);
/* "parameters": […], those in the path. */
void operation_put_path_parameters(struct json_writer *to, const char *path);
/* "get": {…} */
void operation_put(struct json_writer *to, const struct route *route);

#endif
