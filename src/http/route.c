/* SPDX-License-Identifier: MIT */
#include "http/route.h"

#include "base/actor.h"
#include "base/arena.h"
#include "base/text.h"
#include "base/work.h"
#include "wire/query.h"

#include <stdbool.h>
#include <string.h>

enum { BASE_SEGMENTS = 3 }; /* "/api/v1/loans" */

const char *method_name(enum method method)
{
    static const char *const names[METHODS] = {"GET", "POST", "PUT", "DELETE"};
    return names[method];
}

/* Length of the segment at `path`, which begins with '/': "/loans/42" → 6. */
static size_t segment_length(const char *path)
{
    return path[0] == '/' ? 1 + strcspn(path + 1, "/") : 0;
}

/* Length of the first segments, those that the contracts repeat; 0: there are too few. */
static size_t base_length(const char *path)
{
    size_t base = 0;

    for (int i = 0; i < BASE_SEGMENTS; i++) {
        const size_t length = segment_length(path + base);
        if (length == 0) {
            return 0;
        }
        base += length;
    }
    return base;
}

static const char *without_doubled_base(const char *path)
{
    const size_t base = base_length(path);
    const bool doubled = base > 0 && strncmp(path, path + base, base) == 0 &&
                         (path[2 * base] == '/' || path[2 * base] == '\0');

    return doubled ? path + base : path;
}

const char *route_doubled_path(struct arena *arena, const struct route *route)
{
    const size_t base = base_length(route->path);

    return base == 0 ? NULL : arena_printf(arena, "%.*s%s", (int)base, route->path, route->path);
}

bool route_takes_body(const struct route *route)
{
    return (route->method == POST || route->method == PUT) && route->accepts != NULL;
}

bool route_is_by_id(const struct route *route)
{
    return strchr(route->path, ':') != NULL;
}

bool route_has_etag(const struct route *route)
{
    return route->method == GET && route->answers == ONE && route_is_by_id(route);
}

static void add_caller(struct list *callers, struct arena *arena, const char *name)
{
    *(const char **)list_append(callers, arena, sizeof(name)) = name;
}

struct list route_callers(struct arena *arena, const struct route *route)
{
    struct list callers = {0};

    if (route->who == ANYBODY) {
        add_caller(&callers, arena, "anybody");
    }
    if (route->who == PUBLIC) {
        add_caller(&callers, arena, "public");
    }
    for (size_t bit = 0; role_words[bit] != NULL; bit++) {
        if ((route->who >> bit & 1) != 0) {
            add_caller(&callers, arena, role_words[bit]);
        }
    }
    return callers;
}

/* One segment of the path against one of the pattern. */
static bool segment_matches(const char *pattern, size_t pattern_length, const char *path,
                            size_t path_length)
{
    if (pattern[1] == ':') {
        return path_length > 1;
    }
    return pattern_length == path_length && strncmp(pattern, path, path_length) == 0;
}

/* How well the path matches: the number of fixed segments plus one, 0 if not at all. */
static int match(const char *pattern, const char *path)
{
    int fixed = 1;

    while (*pattern != '\0' && *path != '\0') {
        const size_t pattern_length = segment_length(pattern);
        const size_t path_length = segment_length(path);
        if (path_length == 0 || !segment_matches(pattern, pattern_length, path, path_length)) {
            return 0;
        }
        fixed += pattern[1] != ':';
        pattern += pattern_length;
        path += path_length;
    }
    const bool at_end = *path == '\0' || strcmp(path, "/") == 0; /* one '/' at the end is fine */
    return *pattern == '\0' && at_end ? fixed : 0;
}

/* No id begins or ends with a space, but the database would look past one at the end. */
static bool could_be_id(const char *text)
{
    const size_t length = strlen(text);

    return length > 0 && text[0] != ' ' && text[length - 1] != ' ';
}

static enum outcome take_values(struct path_values *values, struct work *work, const char *pattern,
                                const char *path)
{
    size_t count = 0;

    while (*pattern != '\0') {
        const size_t length = segment_length(path);
        if (pattern[1] == ':' && count < MOST_PARAMETERS) {
            values->at[count] = percent_decode(work->arena, path + 1, length - 1, false);
            if (values->at[count] == NULL) {
                return fail(work, MALFORMED, "the path holds a bad percent code");
            }
            if (!could_be_id(values->at[count])) {
                return fail(work, NOT_FOUND, "there is nothing of this name");
            }
            count++;
        }
        pattern += segment_length(pattern);
        path += length;
    }
    return OK;
}

static int best_match(const struct route *routes, size_t count, const char *path)
{
    int best = 0;

    for (size_t i = 0; i < count; i++) {
        const int fixed = match(routes[i].path, path);
        best = fixed > best ? fixed : best;
    }
    return best;
}

static void allow(struct text *allowed, enum method method)
{
    text_add(allowed, allowed->length > 0 ? ", " : "");
    text_add(allowed, method_name(method));
    if (method == GET) {
        text_add(allowed, ", HEAD");
    }
}

enum outcome route_find(const struct route **out, struct path_values *values, const char **allowed,
                        struct work *work, const struct route *routes, size_t count,
                        const char *method, const char *path)
{
    const char *canonical = without_doubled_base(path);
    const int best = best_match(routes, count, canonical);
    struct text methods = text_in(work->arena);

    if (best == 0) {
        return fail(work, NOT_FOUND, "there is nothing at this path");
    }
    for (size_t i = 0; i < count; i++) {
        if (match(routes[i].path, canonical) != best) {
            continue;
        }
        if (strcmp(method_name(routes[i].method), method) == 0) {
            *out = &routes[i];
            return take_values(values, work, routes[i].path, canonical);
        }
        allow(&methods, routes[i].method);
    }
    text_add(&methods, ", OPTIONS");
    *allowed = text_done(&methods);
    return fail(work, NOT_ALLOWED, "%s is not possible here, but %s", method, *allowed);
}
