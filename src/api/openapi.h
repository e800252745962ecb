/* SPDX-License-Identifier: MIT */
/* The description of the API for programs and for people (OpenAPI 3.1): all of it follows from the
 * route table, the records and the contracts' examples. docs/openapi.json is a copy of it. */
#ifndef MENTORWATCH_API_OPENAPI_H
#define MENTORWATCH_API_OPENAPI_H

#include "http/route.h"

struct arena;

/* JSON text. */
char *openapi_write(struct arena *arena);

handler openapi_read;

#endif
