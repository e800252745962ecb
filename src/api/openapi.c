/* SPDX-License-Identifier: MIT */
#include "api/openapi.h"

#include "api/operation.h"
#include "api/routes.h"
#include "api/schema.h"
#include "base/arena.h"
#include "base/work.h"
#include "http/problem.h"
#include "http/request.h"
#include "wire/json_writer.h"

#include <pthread.h>
#include <string.h>

static const char ABOUT[] =
    "Watches the certifications of volunteers (peer mentors), reminds before one expires, pauses "
    "its mentor when it has, and tells the coordinator.\n"
    "\n"
    "**Paths.** Each path below `/api/v1` may also be written with its first three segments twice, "
    "as in `/api/v1/certifications/api/v1/certifications/{id}`: that is the same endpoint. `HEAD` "
    "answers as `GET` does, `OPTIONS` says which methods a path has.\n"
    "\n"
    "**Bodies.** JSON. What is not known, read-only or impossible is refused, all of it in one "
    "answer; nothing is dropped in silence. Times are RFC 3339: given in any offset, shown in "
    "UTC.\n"
    "\n"
    "**Lists.** `page` and `limit` go through a short list, and `total` is exact. However long a "
    "list is, the `Link` header's `next` (a `cursor`) leads on at the same cost.\n"
    "\n"
    "**Errors.** Problem details (RFC 9457). `request_id` is the `X-Request-Id` of the answer and "
    "of the server's log.\n"
    "\n"
    "**Repeating safely.** A `POST` with an `Idempotency-Key` happens once; sent again within 24 "
    "hours, it gets the first answer. A `PUT` or `DELETE` with the `If-Match` of an earlier "
    "`ETag` only happens when nothing has changed since.";

struct header {
    const char *name;
    const char *type;
    const char *description;
};

/* clang-format off */
static const struct header request_headers[] = {
    {"If-None-Match",   "string", "An ETag, or several: when the thing still has it, the answer is 304 without a body"},
    {"If-Match",        "string", "The ETag that the thing must still have for this to happen"},
    {"Idempotency-Key", "string", "Any text of at most 255 characters, new for each thing that is to happen"},
};

static const struct header response_headers[] = {
    {"X-Request-Id",         "string",  "Names this request in the server's log; the caller's own, if one of at most 64 letters, digits, - _ and . was sent"},
    {"ETag",                 "string",  "Stands for these very bytes, see If-None-Match and If-Match"},
    {"Location",             "string",  "The path of what was created"},
    {"Link",                 "string",  "RFC 8288: the first page, and the next and prev one if there is one"},
    {"Idempotency-Replayed", "boolean", "true: this is the first answer to this Idempotency-Key once more"},
    {"Retry-After",          "integer", "Seconds after which it may succeed"},
    {"WWW-Authenticate",     "string",  "How to sign in, and what is wrong with the token"},
};
/* clang-format on */

static void put_info(struct json_writer *to)
{
    put_object(to, "info");
    put_text(to, "title", "mentorwatch");
    put_text(to, "version", PACKAGE_VERSION);
    put_text(to, "description", ABOUT);
    put_json(to, "license", "{\"name\": \"MIT\", \"identifier\": \"MIT\"}");
    put_end(to);
    put_list(to, "servers");
    put_json(to, NULL, "{\"url\": \"/\", \"description\": \"Where this description comes from\"}");
    put_end(to);
}

static void put_tags(struct json_writer *to)
{
    put_list(to, "tags");
    for (size_t i = 0; i < tag_count; i++) {
        put_object(to, NULL);
        put_text(to, "name", tags[i].name);
        put_text(to, "description", tags[i].description);
        put_end(to);
    }
    put_end(to);
}

/* Whether one of the first rows has it. */
static bool is_among_first(size_t count, const char *path)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(routes[i].path, path) == 0) {
            return true;
        }
    }
    return false;
}

/* The rows of one path need not stand together in the table. */
static void put_paths(struct json_writer *to)
{
    put_object(to, "paths");
    for (size_t i = 0; i < route_count; i++) {
        const char *path = routes[i].path;
        if (is_among_first(i, path)) {
            continue;
        }
        put_object(to, operation_path(to->text.arena, path));
        if (route_is_by_id(&routes[i])) {
            operation_put_path_parameters(to, path);
        }
        for (size_t row = i; row < route_count; row++) {
            if (strcmp(routes[row].path, path) == 0) {
                operation_put(to, &routes[row]);
            }
        }
        put_end(to);
    }
    put_end(to);
}

static void put_security_schemes(struct json_writer *to)
{
    put_object(to, "securitySchemes");
    put_object(to, "role_token");
    put_text(to, "type", "http");
    put_text(to, "scheme", "bearer");
    put_text(to, "bearerFormat", "JWT");
    put_text(to, "description",
             "A signed token with the claims exp, role (coordinator, org_admin or global_admin) "
             "and, but for a global_admin, org_id. x-roles says which roles may call.");
    put_end(to);
    put_object(to, "service_token");
    put_text(to, "type", "http");
    put_text(to, "scheme", "bearer");
    put_text(to, "description",
             "Where nothing is needed as well: only when the server is set up so, by "
             "api.public_access = service_token.");
    put_end(to);
    put_end(to);
}

static void put_header_type(struct json_writer *to, const struct header *header)
{
    put_text(to, "description", header->description);
    put_json(to, "schema", arena_printf(to->text.arena, "{\"type\": \"%s\"}", header->type));
}

static void put_headers(struct json_writer *to)
{
    put_object(to, "parameters");
    for (size_t i = 0; i < sizeof(request_headers) / sizeof(request_headers[0]); i++) {
        put_object(to, request_headers[i].name);
        put_text(to, "name", request_headers[i].name);
        put_text(to, "in", "header");
        put_header_type(to, &request_headers[i]);
        put_end(to);
    }
    put_end(to);
    put_object(to, "headers");
    for (size_t i = 0; i < sizeof(response_headers) / sizeof(response_headers[0]); i++) {
        put_object(to, response_headers[i].name);
        put_header_type(to, &response_headers[i]);
        put_end(to);
    }
    put_end(to);
}

static void put_header_of(struct json_writer *to, const char *name)
{
    put_component(to, name, "headers", name);
}

static void put_problem(struct json_writer *to, enum outcome outcome)
{
    put_object(to, problem_name(outcome));
    put_text(to, "description", problem_title(outcome));
    put_object(to, "headers");
    put_header_of(to, "X-Request-Id");
    if (outcome == UNAUTHENTICATED) {
        put_header_of(to, "WWW-Authenticate");
    }
    if (outcome == UNAVAILABLE) {
        put_header_of(to, "Retry-After");
    }
    put_end(to);
    put_object(to, "content");
    put_object(to, "application/problem+json");
    schema_put_reference(to, "schema", &problem_record);
    put_end(to);
    put_end(to);
    put_end(to);
}

static void put_responses(struct json_writer *to)
{
    put_object(to, "responses");
    put_object(to, "not-modified");
    put_text(to, "description", "The caller has it already");
    put_object(to, "headers");
    put_header_of(to, "X-Request-Id");
    put_header_of(to, "ETag");
    put_end(to);
    put_end(to);
    for (size_t i = 0; i < told_failure_count; i++) {
        put_problem(to, told_failures[i]);
    }
    put_problem(to, BROKEN);
    put_end(to);
}

static void put_pagination(struct json_writer *to)
{
    static const char *const numbers[] = {"page", "limit", "total"};

    put_object(to, "Pagination");
    put_text(to, "type", "object");
    put_json(to, "required", "[\"page\", \"limit\", \"total\"]");
    put_object(to, "properties");
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        put_json(to, numbers[i], "{\"type\": \"integer\", \"format\": \"int64\"}");
    }
    put_end(to);
    put_bool(to, "additionalProperties", false);
    put_end(to);
}

static void put_schemas(struct json_writer *to)
{
    struct arena *arena = to->text.arena;
    struct list schemas = {0};

    for (size_t i = 0; i < route_count; i++) {
        if (route_takes_body(&routes[i])) {
            schema_collect(&schemas, arena, routes[i].accepts, ACCEPTED);
        }
        schema_collect(&schemas, arena, routes[i].shows, SHOWN);
    }
    schema_collect(&schemas, arena, &problem_record, SHOWN);

    put_object(to, "schemas");
    for (size_t i = 0; i < schemas.count; i++) {
        schema_put(to, (const struct schema *)schemas.items + i);
    }
    put_pagination(to);
    put_end(to);
}

char *openapi_write(struct arena *arena)
{
    struct json_writer to = json_writer_in(arena);

    put_object(&to, NULL);
    put_text(&to, "openapi", "3.1.0");
    put_info(&to);
    put_tags(&to);
    put_paths(&to);
    put_object(&to, "components");
    put_security_schemes(&to);
    put_headers(&to);
    put_responses(&to);
    put_schemas(&to);
    put_end(&to);
    put_end(&to);
    return json_writer_done(&to);
}

/* For as long as the process lives. */
static struct arena *kept;
static const char *document;

static void write_document(void)
{
    struct arena *arena = arena_new();

    kept = arena_new();
    document = arena_text(kept, openapi_write(arena));
    arena_free(arena);
}

/* Written once: it is always the same, and costs as much as thirty answers of another kind. */
enum outcome openapi_read(struct request *request)
{
    static pthread_once_t written = PTHREAD_ONCE_INIT;

    (void)pthread_once(&written, write_document);
    return reply_json(request, document);
}
