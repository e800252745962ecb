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
    if (route->who == SERVICE) {
        add_caller(&callers, arena, "service");
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

/* How well the path matches: the number of fixed segments plus one, 0 if not at all. */
static int match(const char *pattern, const char *path)
{
    int fixed = 1;

    for (; *pattern != '\0' && *pattern == *path; pattern++, path++) {
        if (pattern[0] != '/') {
            continue;
        }
        if (pattern[1] != ':') {
            fixed++;
        } else if (path[1] != '/' && path[1] != '\0') {
            pattern += segment_length(pattern) - 1;
            path += segment_length(path) - 1;
        }
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

/* The same where the first segments of the path are `base` bytes long. Each request asks it of each
 * route, so what tells most of them apart comes first. No route has a parameter so early. */
static int match_route(const struct route *route, const char *path, size_t base)
{
    return strncmp(route->path, path, base) == 0 ? match(route->path + base, path + base) : 0;
}

static bool is_for(const struct route *route, const char *method)
{
    return strcmp(method_name(route->method), method) == 0;
}

/* How well the best of them matches, and which of those as good is for this method; NULL: none. */
static int best_match(const struct route **out, const struct route *routes, size_t count,
                      const char *method, const char *path)
{
    const size_t base = base_length(path);
    int best = 0;

    *out = NULL;
    for (size_t i = 0; i < count; i++) {
        const int fixed = match_route(&routes[i], path, base);
        if (fixed > best) {
            best = fixed;
            *out = NULL;
        }
        if (fixed > 0 && fixed == best && *out == NULL && is_for(&routes[i], method)) {
            *out = &routes[i];
        }
    }
    return best;
}

/* The methods of the routes that match this well, as the Allow header lists them. */
static const char *allowed_methods(struct arena *arena, const struct route *routes, size_t count,
                                   const char *path, int best)
{
    const size_t base = base_length(path);
    struct text methods = text_in(arena);

    for (size_t i = 0; i < count; i++) {
        if (match_route(&routes[i], path, base) == best) {
            text_add(&methods, method_name(routes[i].method));
            text_add(&methods, routes[i].method == GET ? ", HEAD, " : ", ");
        }
    }
    text_add(&methods, "OPTIONS");
    return text_done(&methods);
}

enum outcome route_find(const struct route **out, struct path_values *values, const char **allowed,
                        struct work *work, const struct route *routes, size_t count,
                        const char *method, const char *path)
{
    const char *canonical = without_doubled_base(path);
    const struct route *found;
    const int best = best_match(&found, routes, count, method, canonical);

    if (best == 0) {
        return fail(work, NOT_FOUND, "there is nothing at this path");
    }
    if (found == NULL) {
        *allowed = allowed_methods(work->arena, routes, count, canonical, best);
        return fail(work, NOT_ALLOWED, "%s is not possible here, but %s", method, *allowed);
    }
    *out = found;
    return take_values(values, work, found->path, canonical);
}
