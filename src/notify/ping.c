/* SPDX-License-Identifier: MIT */
#include "notify/ping.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "base/url.h"
#include "base/work.h"
#include "notify/http_client.h"

#include <string.h>

enum { PATIENCE_MS = 5 * MS_PER_SECOND };

static const char *const ends[] = {
    [PING_START] = "/start",
    [PING_SUCCESS] = "",
    [PING_FAIL] = "/fail",
};

/* The address with that end to its path, before the query. */
static const char *address_of(struct arena *arena, const char *url, enum ping ping)
{
    const size_t length = strcspn(url, "?#");
    const size_t path = length - (length > 0 && url[length - 1] == '/' && ends[ping][0] != '\0');

    return arena_printf(arena, "%.*s%s%s", (int)path, url, ends[ping], url + length);
}

void ping_sweep(struct work *work, enum ping ping, const char *text)
{
    /* The operator chose the address; it may well be next door. */
    const struct http_rules rules = {
        .plain_http = true, .private_addresses = true, .ca_file = work->settings->push.ca_file};
    const char *type = "Content-Type: text/plain; charset=utf-8";
    const char *url = work->settings->jobs.ping_url;

    if (url[0] == '\0') {
        return;
    }
    const struct http_post post = {
        .url = address_of(work->arena, url, ping),
        .headers = {&type, 1},
        .body = text != NULL ? text : "",
        .timeout_ms = PATIENCE_MS,
    };
    struct http_client *client = http_client_new(&rules);
    const struct http_answer answer = http_client_post(client, work->arena, &post);
    http_client_free(client);
    if (answer.end != HTTP_ANSWERED || answer.status >= 300) {
        log_event(LOG_LEVEL_WARNING, "ping", LOG_TEXT("to", url_origin(work->arena, url)),
                  LOG_TEXT("says", answer.detail));
    }
}
