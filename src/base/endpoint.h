/* SPDX-License-Identifier: MIT */
/* Hosts and their ports, as a setting has them: "db1", "db1:3307", "[2001:db8::1]:3307". */
#ifndef MENTORWATCH_BASE_ENDPOINT_H
#define MENTORWATCH_BASE_ENDPOINT_H

#include "base/record.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

enum { ENDPOINTS_MAX = 16 };

struct endpoint {
    const char *host; /* without brackets */
    int64_t port;     /* 0: none was named */
};

/* "db1, db2:3307" → a list of struct endpoint, in this order; "" → none. False: not of this form,
 * or more than ENDPOINTS_MAX. */
bool endpoints_parse(struct list *out, struct arena *arena, const char *text);
/* As endpoints_parse() reads it. */
const char *endpoint_format(struct arena *arena, const struct endpoint *endpoint);
/* NULL or why not, as the field checkers have it. */
const char *endpoints_check(const char *text, struct arena *arena);

#endif
