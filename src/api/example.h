/* SPDX-License-Identifier: MIT */
/* The bodies that the contracts print, for the description of the API: examples.json has them.
 * Those of our other endpoints stand in more_examples.json. examples.awk makes the table of both.
 */
#ifndef MENTORWATCH_API_EXAMPLE_H
#define MENTORWATCH_API_EXAMPLE_H

#include "http/route.h"

#include <stdbool.h>
#include <stddef.h>

struct example {
    bool is_of_contract;
    const char *method;
    const char *path;     /* canonical; its parameters may have other names than the route's */
    const char *request;  /* JSON text; NULL: no body */
    const char *response; /* JSON text */
};

extern const struct example examples[];
extern const size_t example_count;

/* The route's, or NULL. */
const struct example *example_find(const struct route *route);

#endif
