/* SPDX-License-Identifier: MIT */
#include "api/example.h"

#include <stdbool.h>
#include <string.h>

/* Segment by segment; a parameter is the same as any other. */
static bool is_same_path(const char *a, const char *b)
{
    while (*a != '\0' && *b != '\0') {
        const size_t a_length = 1 + strcspn(a + 1, "/");
        const size_t b_length = 1 + strcspn(b + 1, "/");
        const bool parameters = a[1] == ':' && b[1] == ':';
        if (!parameters && (a_length != b_length || strncmp(a, b, a_length) != 0)) {
            return false;
        }
        a += a_length;
        b += b_length;
    }
    return *a == *b;
}

const struct example *example_find(const struct route *route)
{
    for (size_t i = 0; i < example_count; i++) {
        if (strcmp(examples[i].method, method_name(route->method)) == 0 &&
            is_same_path(examples[i].path, route->path)) {
            return &examples[i];
        }
    }
    return NULL;
}
