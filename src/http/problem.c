/* SPDX-License-Identifier: MIT */
#include "http/problem.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/work.h"
#include "http/request.h"
#include "wire/json.h"

enum { RETRY_AFTER = 5 }; /* seconds */

struct kind {
    int status;
    const char *name; /* the last part of `type` */
    const char *title;
};

/* clang-format off */
static const struct kind kinds[OUTCOMES] = {
    [MALFORMED]       = {400, "malformed",       "The request cannot be read"},
    [INVALID]         = {422, "invalid",         "The request is not acceptable"},
    [UNAUTHENTICATED] = {401, "unauthenticated", "Nobody is signed in"},
    [FORBIDDEN]       = {403, "forbidden",       "This is not allowed to you"},
    [NOT_FOUND]       = {404, "not-found",       "There is no such thing"},
    [NOT_ALLOWED]     = {405, "not-allowed",     "This method is not possible here"},
    [STALE]           = {412, "stale",           "It has changed in the meantime"},
    [CONFLICT]        = {409, "conflict",        "This is not possible now"},
    [TOO_LARGE]       = {413, "too-large",       "The body is too large"},
    [UNSUPPORTED]     = {415, "unsupported",     "The body is of a type that is not read here"},
    [UNAVAILABLE]     = {503, "unavailable",     "The service is not available now"},
    [BUSY]            = {503, "busy",            "The service has no room just now"},
    [OUTDATED]        = {503, "outdated",        "The database is not ready for this version"},
    [BROKEN]          = {500, "broken",          "Something went wrong on our side"},
};
/* clang-format on */

struct problem {
    const char *type;
    const char *title;
    int64_t status;
    const char *detail;
    struct list errors; /* struct fault */
    const char *request_id;
};

static const struct field fault_fields[] = {
    FIELD(struct fault, field),
    FIELD(struct fault, message),
};
static const struct record fault_record = RECORD(struct fault, fault_fields);

static const struct field problem_fields[] = {
    FIELD(struct problem, type),
    FIELD(struct problem, title),
    FIELD(struct problem, status),
    FIELD(struct problem, detail),
    FIELD(struct problem, errors, .is = FIELD_OMITTED, .of = &fault_record),
    FIELD(struct problem, request_id),
};
const struct record problem_record = RECORD(struct problem, problem_fields);

static struct list listed(struct arena *arena, const struct fault *faults)
{
    size_t count = 0;
    for (const struct fault *at = faults; at != NULL; at = at->next) {
        count++;
    }
    struct fault *items = arena_array(arena, count, sizeof(*items));
    for (size_t i = 0; i < count; i++, faults = faults->next) {
        items[i] = *faults;
    }
    return (struct list){.items = items, .count = count};
}

int problem_status(enum outcome outcome)
{
    return kinds[outcome].status;
}

const char *problem_name(enum outcome outcome)
{
    return kinds[outcome].name;
}

const char *problem_title(enum outcome outcome)
{
    return kinds[outcome].title;
}

/* What went wrong inside is for the log; the caller gets the id under which it stands there. */
static const char *detail_for_caller(const struct work *work, enum outcome outcome)
{
    if (outcome == BROKEN) {
        return "The log says more, under this request_id";
    }
    return work->failure.sentence != NULL ? work->failure.sentence : kinds[outcome].title;
}

void problem_reply(struct request *request, enum outcome outcome)
{
    struct work *work = request->work;
    const struct kind *kind = &kinds[outcome];
    const struct problem problem = {
        .type = arena_printf(work->arena, "urn:mentorwatch:problem:%s", kind->name),
        .title = kind->title,
        .status = kind->status,
        .detail = detail_for_caller(work, outcome),
        .errors = listed(work->arena, work->failure.faults),
        .request_id = work->request_id,
    };

    if (outcome == BROKEN) {
        log_event(LOG_LEVEL_ERROR, "broken", LOG_TEXT("request_id", work->request_id),
                  LOG_TEXT("says", work->failure.sentence));
    }
    request->response = (struct response){
        .status = kind->status,
        .type = "application/problem+json",
        .body = json_write(work->arena, &problem_record, &problem),
        .allow = request->response.allow,
        .authenticate = outcome == UNAUTHENTICATED ? request->response.authenticate : NULL,
        .retry_after = outcome_is_away(outcome) ? RETRY_AFTER : 0,
    };
}
