/* SPDX-License-Identifier: MIT */
#include "api/operation.h"

#include "api/example.h"
#include "api/metrics.h"
#include "api/schema.h"
#include "base/actor.h"
#include "base/arena.h"
#include "base/text.h"
#include "http/problem.h"
#include "wire/json_writer.h"

#include <ctype.h>
#include <string.h>

enum {
    ANY_ROLE = ROLE_COORDINATOR | ROLE_ORG_ADMIN | ROLE_GLOBAL_ADMIN | ROLE_MENTOR,
    ANY_CALLER = ANYBODY | PUBLIC | SERVICE | ANY_ROLE,
};

static const char API_BASE[] = "/api/v1";
static const char JSON[] = "application/json";

/* clang-format off */
const struct tag tags[] = {
    {"Pause notification dispatch",     "/api/v1/pause-notifications",      PUBLIC,     "Tell a mentor and their coordinator of a pause, its end or a certification, at once; the answer says what became of each message."},
    {"Pause notification orchestrator", "/api/v1/pause-notifications",      ANY_ROLE,   "The events at which pauses begin and end. Needs a token; a coordinator or org_admin sees their own organisation only."},
    {"Notification record repository",  "/api/v1/expiry-notifications",     PUBLIC,     "What coordinators were told of certifications that expire soon, until they acknowledge it."},
    {"Certification reminder service",  "/api/v1/certification-reminders",  PUBLIC,     "Reminders to mentors before a certification expires: one for each certification and threshold."},
    {"Certification expiry job",        "/api/v1/certifications",           PUBLIC,     "Certifications, and the job that pauses mentors whose certification has expired."},
    {"In-app notifications",            "/api/v1/in-app-notifications",     ANY_ROLE,   "What somebody was told through the channel in_app. Needs a token; its subject (sub) sees what was told to him or her, and nothing else."},
    {"Operation",                       "/",                                ANY_CALLER, "Whether the program runs, and what it can do."},
};
/* clang-format on */
const size_t tag_count = sizeof(tags) / sizeof(tags[0]);

const enum outcome told_failures[] = {
    MALFORMED, UNAUTHENTICATED, FORBIDDEN,   NOT_FOUND, CONFLICT,
    STALE,     TOO_LARGE,       UNSUPPORTED, INVALID,   UNAVAILABLE,
};
const size_t told_failure_count = sizeof(told_failures) / sizeof(told_failures[0]);

static bool is_for_roles(const struct route *route)
{
    return (route->who & ANY_ROLE) != 0;
}

/* Its handler may begin its own transactions, but a GET without one needs none. */
static bool needs_database(const struct route *route)
{
    return route->unit != NO_UNIT || route->method != GET;
}

static bool can_fail(const struct route *route, enum outcome outcome)
{
    switch (outcome) {
    case MALFORMED: /* an unknown parameter, if nothing else */
        return true;
    case UNAUTHENTICATED:
        return route->who != ANYBODY;
    case FORBIDDEN:
        return is_for_roles(route);
    case NOT_FOUND:
        return route_is_by_id(route) || route->who == SERVICE;
    case CONFLICT: /* the first request with its Idempotency-Key is running, or the job is */
        return route->method == POST;
    case STALE:
        return route_is_by_id(route) && (route->method == PUT || route->method == DELETE);
    case TOO_LARGE:
    case UNSUPPORTED:
        return route_takes_body(route);
    case INVALID:
        return route_takes_body(route) || route->check != NULL;
    case UNAVAILABLE:
        return needs_database(route);
    case OK:
    case BUSY:        /* has the status of UNAVAILABLE */
    case OUTDATED:    /* so has this */
    case AWAITED:     /* nobody is answered so */
    case NOT_ALLOWED: /* that is another method's answer */
    case BROKEN:      /* stands under "default" */
    case OUTCOMES:
        break;
    }
    return false;
}

/* ---- names ---- */

static const struct tag *tag_of(const struct route *route)
{
    const struct tag *tag = tags;

    while (!text_starts(route->path, tag->base) || (route->who & tag->who) == 0) {
        tag++;
    }
    return tag;
}

/* "expiry-job" → "ExpiryJob" */
static void add_camel(struct text *id, const char *segment, size_t length)
{
    bool first = true;

    for (size_t i = 0; i < length; i++) {
        const unsigned char byte = (unsigned char)segment[i];
        const char letter = (char)(first ? toupper(byte) : byte);
        if (isalnum(byte)) {
            text_add_bytes(id, &letter, 1);
        }
        first = !isalnum(byte);
    }
}

static const char *verb_of(const struct route *route)
{
    static const char *const verbs[METHODS] = {"get", "post", "update", "delete"};

    return route->answers == LIST      ? "list"
           : route->answers == CREATED ? "create"
                                       : verbs[route->method];
}

/* "listLoans", "getLoan", "createLoan", "postLoansRenewal": the verb and the fixed segments, where
 * one of a collection is meant without the plural's s. */
static const char *operation_id(struct arena *arena, const struct route *route)
{
    const char *at = route->path;
    struct text id = text_in(arena);

    at += text_starts(at, API_BASE) ? strlen(API_BASE) : 0;
    text_add(&id, verb_of(route));
    while (*at != '\0') {
        const char *segment = at + 1;
        size_t length = strcspn(segment, "/");
        at = segment + length;
        const bool is_one = at[0] == '\0' ? route->answers == CREATED : at[1] == ':';
        if (segment[0] == ':') {
            continue;
        }
        length -= is_one && segment[length - 1] == 's';
        add_camel(&id, segment, length);
    }
    return text_done(&id);
}

const char *operation_path(struct arena *arena, const char *path)
{
    struct text result = text_in(arena);

    while (*path != '\0') {
        const size_t length = strcspn(path + 1, "/");
        if (path[1] == ':') {
            text_add_format(&result, "/{%.*s}", (int)length - 1, path + 2);
        } else {
            text_add_bytes(&result, path, length + 1);
        }
        path += length + 1;
    }
    return text_done(&result);
}

/* ---- what is asked ---- */

void operation_put_path_parameters(struct json_writer *to, const char *path)
{
    put_list(to, "parameters");
    for (const char *at = strchr(path, ':'); at != NULL; at = strchr(at + 1, ':')) {
        put_object(to, NULL);
        put_text(to, "name", arena_bytes(to->text.arena, at + 1, strcspn(at + 1, "/")));
        put_text(to, "in", "path");
        put_bool(to, "required", true);
        put_json(to, "schema", "{\"type\": \"string\", \"minLength\": 1}");
        put_end(to);
    }
    put_end(to);
}

static void put_query_parameter(struct json_writer *to, const struct field *field)
{
    put_object(to, NULL);
    put_text(to, "name", field->name);
    put_text(to, "in", "query");
    if ((field->is & FIELD_REQUIRED) != 0) {
        put_bool(to, "required", true);
    }
    if (field->meaning != NULL) {
        put_text(to, "description", field->meaning);
    }
    schema_put_parameter(to, "schema", field);
    put_end(to);
}

/* NULL: none. */
static const char *header_taken(const struct route *route)
{
    if (route_has_etag(route)) {
        return "If-None-Match";
    }
    if (route->method == POST) {
        return "Idempotency-Key";
    }
    return can_fail(route, STALE) ? "If-Match" : NULL;
}

static void put_parameters(struct json_writer *to, const struct route *route)
{
    const struct record *query = route_takes_body(route) ? NULL : route->accepts;
    const char *header = header_taken(route);

    if (query == NULL && header == NULL) {
        return;
    }
    put_list(to, "parameters");
    for (size_t i = 0; query != NULL && i < query->count; i++) {
        put_query_parameter(to, &query->fields[i]);
    }
    if (header != NULL) {
        put_component(to, NULL, "parameters", header);
    }
    put_end(to);
}

static void put_security(struct json_writer *to, const struct route *route)
{
    const struct list callers = route_callers(to->text.arena, route);

    put_list(to, "security");
    if (route->who == PUBLIC) {
        put_json(to, NULL, "{}");
        put_json(to, NULL, "{\"service_token\": []}");
    }
    if (route->who == SERVICE) {
        put_json(to, NULL, "{\"service_token\": []}");
    }
    if (!is_for_roles(route)) {
        put_end(to);
        return;
    }
    put_json(to, NULL, "{\"role_token\": []}");
    put_end(to);
    put_list(to, "x-roles");
    for (size_t i = 0; i < callers.count; i++) {
        put_text(to, NULL, ((const char *const *)callers.items)[i]);
    }
    put_end(to);
}

static void begin_content(struct json_writer *to, const char *type)
{
    put_object(to, "content");
    put_object(to, type);
}

static void end_content(struct json_writer *to, const struct example *of, const char *body)
{
    if (body != NULL) {
        put_object(to, "examples");
        put_object(to, of->is_of_contract ? "contract" : "example");
        put_text(to, "summary", of->is_of_contract ? "As the contract prints it" : "For example");
        put_json(to, "value", body);
        put_end(to);
        put_end(to);
    }
    put_end(to);
    put_end(to);
}

/* An order without a body is one with all its fallbacks. */
static void put_request_body(struct json_writer *to, const struct route *route)
{
    const struct example *example = example_find(route);

    put_object(to, "requestBody");
    put_bool(to, "required", route->method == PUT || record_requires_something(route->accepts));
    begin_content(to, JSON);
    if (route->method == PUT) {
        schema_put_change(to, "schema", route->accepts);
    } else {
        schema_put_reference(to, "schema", route->accepts);
    }
    end_content(to, example, example == NULL ? NULL : example->request);
    put_end(to);
}

/* ---- how it ends ---- */

static void put_header(struct json_writer *to, const char *name)
{
    put_component(to, name, "headers", name);
}

static void put_success_headers(struct json_writer *to, const struct route *route)
{
    put_object(to, "headers");
    put_header(to, "X-Request-Id");
    if (route_has_etag(route)) {
        put_header(to, "ETag");
    }
    if (route->answers == CREATED) {
        put_header(to, "Location");
    }
    if (route->answers == LIST) {
        put_header(to, "Link");
    }
    if (route->method == POST) {
        put_header(to, "Idempotency-Replayed");
    }
    put_end(to);
}

static void put_page_schema(struct json_writer *to, const struct record *item)
{
    put_object(to, "schema");
    put_text(to, "type", "object");
    put_json(to, "required", "[\"data\", \"pagination\"]");
    put_object(to, "properties");
    put_object(to, "data");
    put_text(to, "type", "array");
    schema_put_reference(to, "items", item);
    put_end(to);
    put_component(to, "pagination", "schemas", "Pagination");
    put_end(to);
    put_bool(to, "additionalProperties", false);
    put_end(to);
}

static void put_success_schema(struct json_writer *to, const struct route *route)
{
    if (route->answers == TEXT) {
        put_json(to, "schema", "{\"type\": \"string\"}");
    } else if (route->shows == NULL) {
        put_json(to, "schema", "{\"type\": \"object\"}");
    } else if (route->answers == LIST) {
        put_page_schema(to, route->shows);
    } else {
        schema_put_reference(to, "schema", route->shows);
    }
}

static const char *success_description(const struct route *route)
{
    switch (route->answers) {
    case LIST:
        return "A page of the list";
    case CREATED:
        return "What was created";
    case ONE:
    case TEXT:
        break;
    }
    return route->method == GET ? "What was asked for" : "What was done";
}

static void put_success(struct json_writer *to, const struct route *route)
{
    const struct example *example = example_find(route);

    put_object(to, route->answers == CREATED ? "201" : "200");
    put_text(to, "description", success_description(route));
    put_success_headers(to, route);
    begin_content(to, route->answers == TEXT ? METRICS_TYPE : JSON);
    put_success_schema(to, route);
    end_content(to, example, example == NULL ? NULL : example->response);
    put_end(to);
}

static void put_responses(struct json_writer *to, const struct route *route)
{
    put_object(to, "responses");
    put_success(to, route);
    if (route_has_etag(route)) {
        put_component(to, "304", "responses", "not-modified");
    }
    for (size_t i = 0; i < told_failure_count; i++) {
        if (can_fail(route, told_failures[i])) {
            put_component(to, arena_printf(to->text.arena, "%d", problem_status(told_failures[i])),
                          "responses", problem_name(told_failures[i]));
        }
    }
    put_component(to, "default", "responses", problem_name(BROKEN));
    put_end(to);
}

void operation_put(struct json_writer *to, const struct route *route)
{
    static const char *const keys[METHODS] = {"get", "post", "put", "delete"};

    put_object(to, keys[route->method]);
    put_json(to, "tags", arena_printf(to->text.arena, "[\"%s\"]", tag_of(route)->name));
    put_text(to, "summary", route->summary);
    put_text(to, "operationId", operation_id(to->text.arena, route));
    put_security(to, route);
    put_parameters(to, route);
    if (route_takes_body(route)) {
        put_request_body(to, route);
    }
    put_responses(to, route);
    put_end(to);
}
