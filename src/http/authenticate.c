/* SPDX-License-Identifier: MIT */
#include "http/authenticate.h"

#include "base/config.h"
#include "base/secret.h"
#include "base/text.h"
#include "base/work.h"
#include "http/request.h"
#include "wire/token.h"

#include <string.h>
#include <strings.h>

static const char SCHEME[] = "Bearer ";

/* The token of the Authorization header; NULL: none. A rewrite in Apache's .htaccess hands the
 * header over under the second name. */
static const char *bearer(const struct request *request)
{
    const char *header = request_header(request, "HTTP_AUTHORIZATION");

    if (header == NULL || header[0] == '\0') {
        header = request_header(request, "REDIRECT_HTTP_AUTHORIZATION");
    }
    if (header == NULL || strncasecmp(header, SCHEME, strlen(SCHEME)) != 0) {
        return NULL;
    }
    header += strlen(SCHEME);
    return header + strspn(header, " ");
}

static enum outcome refuse(struct request *request)
{
    request->response.authenticate = "Bearer realm=\"mentorwatch\"";
    return fail(request->work, UNAUTHENTICATED,
                "send a token in the header Authorization, after the word Bearer");
}

static enum outcome check_service_token(struct request *request)
{
    const struct settings *settings = request->work->settings;

    const char *token = bearer(request);
    if (token == NULL) {
        return refuse(request);
    }
    if (!secret_is(token, settings->api.service_token)) {
        request->response.authenticate = "Bearer realm=\"mentorwatch\", error=\"invalid_token\"";
        return fail(request->work, UNAUTHENTICATED, "this is not the service token");
    }
    request->work->actor.instead = ACTOR_SERVICE;
    return OK;
}

/* Whether it is there is nobody's business while it is off. */
static enum outcome check_switched_on(struct request *request)
{
    if (strcmp(request->work->settings->api.cron, "on") != 0) {
        return fail(request->work, NOT_FOUND, "this is switched off: the setting api.cron");
    }
    return check_service_token(request);
}

static enum outcome check_role(struct request *request, const struct token_keys *keys)
{
    struct work *work = request->work;
    const char *token = bearer(request);

    if (token == NULL) {
        return refuse(request);
    }
    const enum outcome outcome = token_verify(&work->actor, work, keys, token, strlen(token));
    if (outcome != OK) {
        request->response.authenticate = "Bearer realm=\"mentorwatch\", error=\"invalid_token\"";
        return outcome;
    }
    if ((request->route->who & work->actor.role) == 0) {
        return fail(work, FORBIDDEN, "your role may not do this");
    }
    return OK;
}

static enum outcome let_in(struct request *request, const struct token_keys *keys)
{
    switch (request->route->who) {
    case ANYBODY:
        return OK;
    case PUBLIC:
        return strcmp(request->work->settings->api.public_access, "open") == 0
                   ? OK
                   : check_service_token(request);
    case SERVICE:
        return check_switched_on(request);
    default:
        return check_role(request, keys);
    }
}

enum outcome authenticate(struct request *request, const struct token_keys *keys)
{
    TRY(let_in(request, keys));
    request->work->actor.address = request_header(request, "REMOTE_ADDR");
    return OK;
}
