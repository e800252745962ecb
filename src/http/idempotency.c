/* SPDX-License-Identifier: MIT */
#include "http/idempotency.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/work.h"
#include "http/request.h"
#include "store/idempotency.h"

#include <string.h>

enum {
    KEY_MAX = 255,
    PATIENCE = 30, /* seconds for which an answer may be later than its deadline */
};

enum outcome idempotency_open(struct request *request)
{
    const char *key = request_header(request, "HTTP_IDEMPOTENCY_KEY");

    if (key == NULL || request->route->method != POST) {
        return OK;
    }
    const size_t length = strlen(key);
    for (size_t i = 0; i < length; i++) {
        if (key[i] < ' ' || key[i] > '~') {
            return fail(request->work, MALFORMED, "the Idempotency-Key must be plain ASCII");
        }
    }
    if (length == 0 || length > KEY_MAX) {
        return fail(request->work, MALFORMED, "the Idempotency-Key must have 1 to %d characters",
                    KEY_MAX);
    }
    request->idempotency_key = arena_text(request->work->arena, key);
    return OK;
}

static const char *or_nothing(const char *text)
{
    return text != NULL ? text : "";
}

/* The scope is the route and who asks; the content names the things in the path as well. */
static struct keyed_request keyed(const struct request *request)
{
    const struct actor *actor = &request->work->actor;
    struct arena *arena = request->work->arena;

    return (struct keyed_request){
        .scope = arena_printf(arena, "%s\n%s\n%s", request->route->path,
                              or_nothing(actor->organisation_id), or_nothing(actor->subject)),
        .key = request->idempotency_key,
        .content = arena_printf(arena, "%s\n%s\n%s", or_nothing(request->values.at[0]),
                                request->query, or_nothing(request->body)),
    };
}

static enum outcome replay(struct request *request, const struct kept_answer *answer)
{
    if (!answer->same) {
        return fail(request->work, INVALID,
                    "this Idempotency-Key was used with another request before");
    }
    if (answer->status == 0 || answer->pending) {
        return fail(request->work, CONFLICT,
                    "the first request with this Idempotency-Key is still running");
    }
    request->replayed = true;
    request->response = (struct response){
        .status = (int)answer->status,
        .type = "application/json",
        .body = answer->body,
        .location = answer->location,
    };
    return OK;
}

enum outcome idempotency_begin(struct request *request)
{
    const struct keyed_request key = keyed(request);
    struct kept_answer *answer;

    TRY(idempotency_take(&answer, request->work, &key));
    return answer == NULL ? OK : replay(request, answer);
}

enum outcome idempotency_end(struct request *request, bool final)
{
    const struct keyed_request key = keyed(request);
    const int64_t deadline = request->work->settings->notify.deadline / MS_PER_SECOND;

    return idempotency_keep(request->work, &key,
                            &(struct kept_answer){
                                .status = request->response.status,
                                .location = request->response.location,
                                .body = request->response.body,
                            },
                            final ? 0 : deadline + PATIENCE);
}

enum outcome idempotency_give_up(struct request *request)
{
    const struct keyed_request key = keyed(request);

    return idempotency_release(request->work, &key);
}
