/* SPDX-License-Identifier: MIT */
/* Whatever path, query and cursor come, http/route.h finds one route or says why none, and
 * wire/query.h fills a struct whose every value is within its field's bounds, or names what is
 * wrong. The input: a byte that chooses the method, the path, and the query after a NUL. */
#include "base/listing.h"
#include "base/text.h"
#include "base/work.h"
#include "fuzz.h"
#include "http/route.h"
#include "wire/query.h"

#define BASE "/api/v1/loans"

struct filter {
    struct listing listing; /* the first, as in every filter */
    const char *reader;
    const char *state;
    int64_t days;
    bool late;
    struct instant since;
};

static const char *const sort_words[] = {"due_at", "-due_at", NULL};
static const char *const state_words[] = {"lent", "returned", NULL};

static const struct field filter_fields[] = {
    LISTING_FIELDS(struct filter, sort_words),
    FIELD(struct filter, reader, .is = FIELD_REQUIRED, .max = 16),
    FIELD(struct filter, state, .words = state_words),
    FIELD(struct filter, days, .min = -3, .max = 365),
    FIELD(struct filter, late),
    FIELD(struct filter, since, .is = FIELD_DATE_TOO),
};
static const struct record filter = RECORD(struct filter, filter_fields);

static const struct route routes[] = {
    {.method = GET,    .path = BASE                       },
    {.method = POST,   .path = BASE                       },
    {.method = GET,    .path = BASE "/late"               },
    {.method = POST,   .path = BASE "/late/remind"        },
    {.method = GET,    .path = BASE "/:id"                },
    {.method = PUT,    .path = BASE "/:id"                },
    {.method = DELETE, .path = BASE "/:id/copies/:copy_id"},
    {.method = GET,    .path = "/healthz"                 },
};
enum { ROUTES = sizeof(routes) / sizeof(routes[0]) };

static void check_values(const struct route *route, const struct path_values *values)
{
    size_t parameters = 0;

    for (const char *at = route->path; (at = strchr(at, ':')) != NULL; at++) {
        const char *value = values->at[parameters++];
        size_t characters;
        MUST(value != NULL && utf8_length(value, &characters) && characters > 0);
        MUST(value[0] != ' ' && value[strlen(value) - 1] != ' ');
    }
    MUST(parameters == MOST_PARAMETERS || values->at[parameters] == NULL);
}

/* What stands behind the base means the same when the base stands there twice. */
static void check_doubled(struct work *work, const struct route *route, const char *method,
                          const char *path)
{
    const struct route *found = NULL;
    struct path_values values = {0};
    const char *allowed = NULL;

    if (text_starts(path, BASE) && !text_starts(path, BASE BASE)) {
        const char *doubled = arena_printf(work->arena, "%s%s", BASE, path);
        MUST(route_find(&found, &values, &allowed, work, routes, ROUTES, method, doubled) == OK);
        MUST(found == route);
    }
}

static void check_path(struct work *work, const char *method, const char *path)
{
    const struct route *route = NULL;
    struct path_values values = {0};
    const char *allowed = NULL;

    const enum outcome outcome =
        route_find(&route, &values, &allowed, work, routes, ROUTES, method, path);
    if (outcome == OK) {
        MUST(route >= routes && route < routes + ROUTES);
        MUST(strcmp(method_name(route->method), method) == 0);
        check_values(route, &values);
        check_doubled(work, route, method, path);
        return;
    }
    MUST(outcome == NOT_FOUND || outcome == MALFORMED || outcome == NOT_ALLOWED);
    MUST((outcome == NOT_ALLOWED) == (allowed != NULL));
    MUST(allowed == NULL || strstr(allowed, method) == NULL);
    MUST(work->failure.sentence != NULL);
}

static void check_filter(const struct filter *found)
{
    size_t characters;

    MUST(found->listing.page >= 1 && found->listing.limit >= 1 && found->listing.limit <= 100);
    MUST(found->reader != NULL && utf8_length(found->reader, &characters) && characters <= 16);
    MUST(!text_has_controls(found->reader, false));
    MUST(found->state == NULL || state_words[text_index(state_words, found->state)] != NULL);
    MUST(found->days >= -3 && found->days <= 365);
    MUST(!instant_given(found->since) || instant_is_acceptable(found->since));
}

/* A place that is read is the one that was written, but for zeros in front of its numbers. */
static void check_cursor(struct arena *arena, const struct listing *listing)
{
    struct place place;
    struct place again;

    if (listing->cursor == NULL || !place_read(&place, listing->cursor, listing->sort)) {
        return;
    }
    MUST(place_read(&again, place_write(arena, place), listing->sort));
    MUST(again.before == place.before && again.value == place.value && again.seq == place.seq);
}

static void check_query(struct work *work, const char *query)
{
    struct filter found = {.listing = {0}};
    uint64_t given = 0;

    work_clear(work);
    const enum outcome outcome = query_read(&found, work, &filter, query, &given);
    MUST(outcome == OK || outcome == MALFORMED);
    MUST((outcome == OK) == (work->failure.faults == NULL));
    for (const struct fault *at = work->failure.faults; at != NULL; at = at->next) {
        MUST(at->field[0] != '\0' || at->message[0] != '\0');
    }
    if (outcome == OK) {
        check_filter(&found);
        check_cursor(work->arena, &found.listing);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const char *const methods[] = {"GET", "POST", "PUT", "DELETE", "PATCH", "get"};
    struct input input = {bytes, length};
    struct work work = {.arena = arena_new()};
    const char *method = methods[input_byte(&input) % (sizeof(methods) / sizeof(methods[0]))];

    check_path(&work, method, input_text(&input, work.arena, length));
    check_query(&work, input_text(&input, work.arena, length));
    arena_free(work.arena);
    return 0;
}
