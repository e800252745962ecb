/* SPDX-License-Identifier: MIT */
#include "http/request.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/text.h"
#include "base/work.h"
#include "http/gateway.h"
#include "wire/json.h"
#include "wire/query.h"

#include <string.h>

static const char JSON_TYPE[] = "application/json";

const char *request_header(const struct request *request, const char *variable)
{
    return request->gateway->variable(request->gateway, variable);
}

enum outcome request_open(struct request *request)
{
    struct arena *arena = request->work->arena;
    const char *method = request_header(request, "REQUEST_METHOD");
    const char *target = request_header(request, "REQUEST_URI");

    if (method == NULL || target == NULL || target[0] != '/') {
        return fail(request->work, MALFORMED, "the request has no method or no path");
    }
    const size_t length = strcspn(target, "?");
    request->method = arena_text(arena, method);
    request->path = arena_bytes(arena, target, length);
    request->query = target[length] == '?' ? arena_text(arena, target + length + 1) : "";
    return OK;
}

static bool is_json(const char *type)
{
    const size_t length = strcspn(type, "; \t");

    return length == strlen(JSON_TYPE) && strncasecmp(type, JSON_TYPE, length) == 0;
}

static enum outcome check_body(struct request *request)
{
    const char *type = request_header(request, "CONTENT_TYPE");
    const char *length = request_header(request, "CONTENT_LENGTH");
    int64_t bytes = 0;

    if (length != NULL && length[0] != '\0' && (!text_to_int(length, &bytes) || bytes < 0)) {
        return fail(request->work, MALFORMED, "Content-Length is not a number");
    }
    if (bytes > request->work->settings->server.max_body) {
        return fail(request->work, TOO_LARGE, "the body is larger than %lld bytes",
                    (long long)request->work->settings->server.max_body);
    }
    if (bytes > 0 && type != NULL && type[0] != '\0' && !is_json(type)) {
        return fail(request->work, UNSUPPORTED, "the body must be %s, not %s", JSON_TYPE, type);
    }
    return OK;
}

/* One byte more than allowed is read to see that there is more. */
static enum outcome read_body(char **out, size_t *length, struct request *request)
{
    const size_t most = (size_t)request->work->settings->server.max_body;
    struct text body = text_in(request->work->arena);
    char piece[4096];
    size_t got;

    TRY(check_body(request));
    while (body.length <= most &&
           (got = request->gateway->read(request->gateway, piece, sizeof(piece))) > 0) {
        text_add_bytes(&body, piece, got);
    }
    if (body.length > most) {
        return fail(request->work, TOO_LARGE, "the body is larger than %zu bytes", most);
    }
    *length = body.length;
    *out = text_done(&body);
    return OK;
}

static enum outcome read_json(struct request *request)
{
    const struct route *route = request->route;
    char *body;
    size_t length;

    TRY(read_body(&body, &length, request));
    request->body = body;
    request->body_length = length;
    if (length == 0 && route->method == POST && !record_requires_something(route->accepts)) {
        record_defaults(route->accepts, request->input, request->work->arena);
        return OK;
    }
    return json_read(request->input, request->work, route->accepts, route->shows, body, length,
                     &request->given);
}

/* Every filter of a list begins with the listing itself. */
static enum outcome check_listing(struct request *request)
{
    const struct listing *listing = request->input;
    struct place place;

    if (listing->cursor == NULL || place_read(&place, listing->cursor, listing->sort)) {
        return OK;
    }
    fault(request->work, "cursor", "is not one that this list gave out for this sort");
    return fail(request->work, MALFORMED, "the cursor cannot be read");
}

enum outcome request_read_input(struct request *request)
{
    const struct route *route = request->route;
    const bool has_body = route_takes_body(route);

    if (route->accepts != NULL) {
        request->input = arena_alloc(request->work->arena, route->accepts->size);
    }
    TRY(query_read(has_body ? NULL : request->input, request->work,
                   has_body ? NULL : route->accepts, request->query, &request->given));
    if (route->answers == LIST) {
        return check_listing(request);
    }
    return has_body ? read_json(request) : OK;
}

bool request_given(const struct request *request, const char *field)
{
    const struct record *accepts = request->route->accepts;
    const size_t index = (size_t)(record_field(accepts, field) - accepts->fields);

    return (request->given >> index & 1) != 0;
}

enum outcome request_names_something(struct request *request)
{
    if (request->given == 0) {
        fault(request->work, "body", "must name something to change");
    }
    return work_verdict(request->work);
}

const char *request_value(const struct request *request, size_t n)
{
    return request->values.at[n];
}

void request_is_about(struct request *request, const char *id)
{
    request->about = id;
}

static enum outcome answer(struct request *request, int status, const char *body)
{
    request->response = (struct response){.status = status, .type = JSON_TYPE, .body = body};
    return OK;
}

enum outcome reply_text(struct request *request, const char *type, const char *text)
{
    request->response = (struct response){.status = 200, .type = type, .body = text};
    return OK;
}

/* Strong: it changes with any byte of the answer. */
static const char *etag_of(struct arena *arena, const char *body)
{
    char etag[] = "\"0123456789abcdef\"";
    uint64_t hash = text_hash(body);

    for (size_t i = sizeof(etag) - 3; i > 0; i--, hash >>= 4) {
        etag[i] = "0123456789abcdef"[hash & 0xF];
    }
    return arena_text(arena, etag);
}

/* Is it among those of an If-Match or If-None-Match header: "*", or several with commas between?
 * Where `weak` ones count, W/ is looked through. */
static bool is_listed(const char *header, const char *etag, bool weak)
{
    const size_t length = strlen(etag);

    for (const char *at = header; *at != '\0';) {
        at += strspn(at, " \t,");
        if (at[0] == '*') {
            return true;
        }
        if (weak && text_starts(at, "W/")) {
            at += strlen("W/");
        }
        const size_t found = strcspn(at, ", \t");
        if (found == length && strncmp(at, etag, length) == 0) {
            return true;
        }
        at += found;
    }
    return false;
}

enum outcome request_match(struct request *request, const struct record *record, const void *object)
{
    struct arena *arena = request->work->arena;
    const char *header = request_header(request, "HTTP_IF_MATCH");

    if (header == NULL ||
        is_listed(header, etag_of(arena, json_write(arena, record, object)), false)) {
        return OK;
    }
    return fail(request->work, STALE, "it has changed since this ETag was given out");
}

enum outcome reply(struct request *request, const struct record *record, const void *object)
{
    const char *known = request_header(request, "HTTP_IF_NONE_MATCH");

    TRY(answer(request, 200, json_write(request->work->arena, record, object)));
    if (!route_has_etag(request->route)) {
        return OK;
    }
    request->response.etag = etag_of(request->work->arena, request->response.body);
    if (known != NULL && is_listed(known, request->response.etag, true)) {
        request->response.status = 304;
        request->response.body = NULL;
    }
    return OK;
}

enum outcome reply_json(struct request *request, const char *json)
{
    return answer(request, 200, json);
}

enum outcome reply_later(struct request *request, handler *finish, void *unfinished)
{
    request->finish = finish;
    request->unfinished = unfinished;
    return finish(request);
}

enum outcome reply_created(struct request *request, const char *id, const struct record *record,
                           const void *object)
{
    struct arena *arena = request->work->arena;

    request_is_about(request, id);
    TRY(answer(request, 201, json_write(arena, record, object)));
    request->response.location = arena_printf(arena, "%s/%s", request->route->path, id);
    return OK;
}

static bool is_parameter(const char *parameter, const char *name)
{
    const size_t length = strlen(name);

    return strncmp(parameter, name, length) == 0 && parameter[length] == '=';
}

/* As it stands in a header: what could end the link is percent-coded. */
static void add_uri(struct text *links, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (strchr("<>\"\\^`{|} ", bytes[i]) != NULL) {
            text_add_format(links, "%%%02X", (unsigned char)bytes[i]);
        } else {
            text_add_bytes(links, &bytes[i], 1);
        }
    }
}

/* <path?the query that was asked, at another place>; rel="…" */
static void add_link(struct text *links, const struct request *request, const char *cursor,
                     const char *relation)
{
    char separator = '?';

    text_add(links, links->length > 0 ? ", <" : "<");
    add_uri(links, request->path, strlen(request->path));
    for (const char *at = request->query; *at != '\0';) {
        const size_t length = strcspn(at, "&");
        if (length > 0 && !is_parameter(at, "page") && !is_parameter(at, "cursor")) {
            text_add_bytes(links, &separator, 1);
            add_uri(links, at, length);
            separator = '&';
        }
        at += length + (at[length] == '&');
    }
    if (cursor != NULL) {
        text_add_format(links, "%ccursor=%s", separator, cursor);
    }
    text_add_format(links, ">; rel=\"%s\"", relation);
}

enum outcome reply_page(struct request *request, const struct record *record,
                        const struct page *page, const struct listing *listing)
{
    struct arena *arena = request->work->arena;
    struct text links = text_in(arena);

    add_link(&links, request, NULL, "first");
    if (page->previous != NULL) {
        add_link(&links, request, page->previous, "prev");
    }
    if (page->next != NULL) {
        add_link(&links, request, page->next, "next");
    }
    TRY(answer(
        request, 200,
        json_write_page(arena, record, page->items, listing->page, listing->limit, page->total)));
    request->response.link = text_done(&links);
    return OK;
}
