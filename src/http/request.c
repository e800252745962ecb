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

static const char *variable(struct request *request, const char *name)
{
    return request->gateway->variable(request->gateway, name);
}

enum outcome request_open(struct request *request)
{
    struct arena *arena = request->work->arena;
    const char *method = variable(request, "REQUEST_METHOD");
    const char *target = variable(request, "REQUEST_URI");

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
    const char *type = variable(request, "CONTENT_TYPE");
    const char *length = variable(request, "CONTENT_LENGTH");
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

static bool requires_something(const struct record *record)
{
    for (size_t i = 0; i < record->count; i++) {
        if ((record->fields[i].is & FIELD_REQUIRED) != 0) {
            return true;
        }
    }
    return false;
}

static enum outcome read_json(struct request *request)
{
    const struct route *route = request->route;
    char *body;
    size_t length;

    TRY(read_body(&body, &length, request));
    if (length == 0 && route->method == POST && !requires_something(route->accepts)) {
        record_defaults(route->accepts, request->input, request->work->arena);
        return OK;
    }
    return json_read(request->input, request->work, route->accepts, route->shows, body, length,
                     &request->given);
}

enum outcome request_read_input(struct request *request)
{
    const struct route *route = request->route;
    const bool has_body = route->method == POST || route->method == PUT;

    if (route->accepts != NULL) {
        request->input = arena_alloc(request->work->arena, route->accepts->size);
    }
    TRY(query_read(has_body ? NULL : request->input, request->work,
                   has_body ? NULL : route->accepts, request->query, &request->given));
    return has_body && route->accepts != NULL ? read_json(request) : OK;
}

const char *request_value(const struct request *request, size_t n)
{
    return request->values.at[n];
}

static enum outcome answer(struct request *request, int status, const char *body)
{
    request->response = (struct response){.status = status, .type = JSON_TYPE, .body = body};
    return OK;
}

enum outcome reply(struct request *request, const struct record *record, const void *object)
{
    return answer(request, 200, json_write(request->work->arena, record, object));
}

enum outcome reply_created(struct request *request, const char *id, const struct record *record,
                           const void *object)
{
    struct arena *arena = request->work->arena;

    TRY(answer(request, 201, json_write(arena, record, object)));
    request->response.location = arena_printf(arena, "%s/%s", request->route->path, id);
    return OK;
}

enum outcome reply_page(struct request *request, const struct record *record, struct list items,
                        int64_t page, int64_t limit, int64_t total)
{
    return answer(request, 200,
                  json_write_page(request->work->arena, record, items, page, limit, total));
}
