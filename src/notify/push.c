/* SPDX-License-Identifier: MIT */
#include "notify/push.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/work.h"
#include "model/push_target.h"
#include "notify/http_client.h"
#include "notify/push_template.h"
#include "notify/transfers.h"
#include "notify/webhook.h"

#include <string.h>

enum { HTTP_OK = 200, HTTP_REDIRECTS = 300, HTTP_GONE = 410 };

struct pusher {
    struct arena *arena; /* lives as long as the pusher */
    const char *secrets;
    struct http_rules rules;
    struct http_client *client;
    struct webhook_keys keys;
};

struct http_rules push_rules(const struct settings *settings)
{
    return (struct http_rules){
        .plain_http = strcmp(settings->push.plain_http, "allow") == 0,
        .private_addresses = strcmp(settings->push.private_addresses, "allow") == 0,
        .ca_file = settings->push.ca_file,
    };
}

struct pusher *pusher_new(const struct settings *settings)
{
    struct arena *arena = arena_new();
    struct pusher *pusher = arena_alloc(arena, sizeof(*pusher));

    pusher->arena = arena;
    pusher->secrets = settings->push.secret;
    pusher->rules = push_rules(settings);
    pusher->client = http_client_new(&pusher->rules);
    pusher->keys = webhook_keys_open(pusher->secrets);
    return pusher;
}

void pusher_free(struct pusher *pusher)
{
    if (pusher != NULL) {
        http_client_free(pusher->client);
        webhook_keys_close(&pusher->keys);
        arena_free(pusher->arena);
    }
}

/* Keys that could not be made once are tried again. */
static bool has_all_keys(struct pusher *pusher)
{
    if (pusher->keys.incomplete) {
        webhook_keys_close(&pusher->keys);
        pusher->keys = webhook_keys_open(pusher->secrets);
    }
    return !pusher->keys.incomplete;
}

static enum outcome write_post(struct http_post *out, struct pusher *pusher, struct work *work,
                               const struct push_target *target, const struct message *message,
                               const struct letter *letter)
{
    if (target->template != NULL) {
        return push_template_write(out, work, target->template, message, letter);
    }
    const bool signs = has_all_keys(pusher);
    if (signs && pusher->keys.keys.count == 0) {
        return fail(work, BROKEN,
                    "no webhook is sent without a signature: set push.secret in mentorwatch.conf");
    }
    return signs && webhook_write(out, work->arena, &pusher->keys, message, letter)
               ? OK
               : fail(work, UNAVAILABLE, "it could not be signed just now");
}

/* Standard Webhooks: nothing but 2xx is success, nothing but 410 is for good. */
static enum delivery judge(struct delivery_reply *reply, struct arena *arena,
                           const struct http_answer *answer)
{
    reply->detail = answer->detail;
    switch (answer->end) {
    case HTTP_NOT_ALLOWED:
        return REFUSED;
    case HTTP_NOT_SENT:
        return transfers_are_cut() ? CUT_SHORT : PUT_OFF;
    case HTTP_LOST:
        return UNKNOWN;
    case HTTP_ANSWERED:
        break;
    }
    if (answer->status >= HTTP_OK && answer->status < HTTP_REDIRECTS) {
        return DELIVERED;
    }
    if (answer->status == HTTP_GONE) {
        return TARGET_ENDED;
    }
    if (answer->status / 100 == HTTP_REDIRECTS / 100) {
        reply->detail = arena_printf(arena, "%s (redirects are not followed)", answer->detail);
    }
    reply->wait_seconds = answer->wait_seconds;
    return PUT_OFF;
}

enum delivery pusher_send(struct pusher *pusher, struct work *work, const struct message *message,
                          const struct letter *letter, int64_t timeout_ms,
                          struct delivery_reply *reply)
{
    struct http_post post = {.timeout_ms = timeout_ms};
    struct push_target target;

    *reply = (struct delivery_reply){0};
    if (message->address == NULL || !push_target_parse(&target, work->arena, message->address)) {
        reply->detail = "the directory's push target is none that can be sent to";
        return REFUSED;
    }
    post.url = target.url;
    if (write_post(&post, pusher, work, &target, message, letter) != OK) {
        reply->detail = work->failure.sentence;
        return PUT_OFF;
    }
    const struct http_answer answer = http_client_post(pusher->client, work->arena, &post);
    return judge(reply, work->arena, &answer);
}
