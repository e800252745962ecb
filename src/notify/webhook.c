/* SPDX-License-Identifier: MIT */
#include "notify/webhook.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/webhook_secret.h"
#include "notify/http_client.h"
#include "wire/base64url.h"
#include "wire/json.h"
#include "wire/json_writer.h"
#include "wire/signature.h"

#include <inttypes.h>
#include <string.h>

enum { TEXT_MAX = 2000 }; /* characters, so that a body stays below the 20 kB of the standard */

/* False: not base64, or OpenSSL would not. */
static bool open_key(struct signature_key *out, struct arena *arena, const char *secret)
{
    const char *text = secret + strlen(WEBHOOK_SECRET_PREFIX);
    struct bytes bytes;

    return base64_decode(&bytes, arena, text, strlen(text)) &&
           signature_key_any_secret(out, bytes) == NULL;
}

struct webhook_keys webhook_keys_open(const char *secrets)
{
    struct arena *arena = arena_new();
    const struct list words = webhook_secrets(arena, secrets);
    struct webhook_keys all = {.arena = arena};

    for (size_t i = 0; i < words.count; i++) {
        const char *secret = ((const char *const *)words.items)[i];
        struct signature_key key = {0};
        if (text_starts(secret, WEBHOOK_SECRET_PREFIX) && open_key(&key, arena, secret)) {
            *(struct signature_key *)list_append(&all.keys, arena, sizeof(key)) = key;
        } else {
            signature_key_close(&key);
            all.incomplete = true;
        }
    }
    return all;
}

void webhook_keys_close(const struct webhook_keys *keys)
{
    struct signature_key *each = keys->keys.items;

    for (size_t i = 0; i < keys->keys.count; i++) {
        signature_key_close(&each[i]);
    }
    arena_free(keys->arena);
}

const char *webhook_signature(struct arena *arena, const struct webhook_keys *keys, const char *id,
                              int64_t timestamp, const char *body)
{
    const struct signature_key *each = keys->keys.items;
    const char *signed_text = arena_printf(arena, "%s.%" PRId64 ".%s", id, timestamp, body);
    const struct bytes message = {(const unsigned char *)signed_text, strlen(signed_text)};
    struct text all = text_in(arena);

    for (size_t i = 0; i < keys->keys.count; i++) {
        struct bytes signature;
        if (!signature_make(&signature, arena, &each[i], message)) {
            return NULL;
        }
        text_add_format(&all, "%sv1,%s", all.length > 0 ? " " : "",
                        base64_encode(arena, signature));
    }
    return text_done(&all);
}

static char *write_body(struct arena *arena, const struct message *message,
                        const struct letter *letter)
{
    struct json_writer to = json_writer_in(arena);

    put_object(&to, NULL);
    put_text(&to, "type", message->kind);
    put_text(&to, "timestamp", instant_format(arena, message->created_at, SECONDS));
    put_object(&to, "data");
    put_text(&to, "recipient_id", message->recipient_id);
    put_text(&to, "recipient_role", message->recipient_role);
    put_text(&to, "title", letter->subject);
    put_text(&to, "text", text_cut(arena, letter->text, TEXT_MAX));
    put_text(&to, "mentor_id", letter->facts.mentor_id);
    put_json(&to, "facts", json_write(arena, &message_facts, &letter->facts));
    put_end(&to);
    put_end(&to);
    return json_writer_done(&to);
}

static void add_header(struct list *headers, struct arena *arena, const char *header)
{
    *(const char **)list_append(headers, arena, sizeof(header)) = header;
}

bool webhook_write(struct http_post *out, struct arena *arena, const struct webhook_keys *keys,
                   const struct message *message, const struct letter *letter)
{
    const int64_t timestamp = instant_unix_seconds(clock_now());
    const char *id = message->delivery_id;
    const char *body = write_body(arena, message, letter);
    const char *signature = webhook_signature(arena, keys, id, timestamp, body);

    if (signature == NULL) {
        return false;
    }
    out->body = body;
    add_header(&out->headers, arena, "Content-Type: application/json");
    add_header(&out->headers, arena, arena_printf(arena, "webhook-id: %s", id));
    add_header(&out->headers, arena, arena_printf(arena, "webhook-timestamp: %" PRId64, timestamp));
    add_header(&out->headers, arena, arena_printf(arena, "webhook-signature: %s", signature));
    return true;
}
