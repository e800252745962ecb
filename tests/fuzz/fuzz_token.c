/* SPDX-License-Identifier: MIT */
/* Whatever comes as a token, wire/token.h accepts only what our key has signed, and what was signed
 * says who asks within the bounds of its claims. The input: a byte of switches, then either a token
 * as it stands, or its header and its claims, with a NUL between, to be signed here. */
#include "base/config.h"
#include "base/text.h"
#include "base/work.h"
#include "fuzz.h"
#include "wire/jwk.h"
#include "wire/token.h"

#include <openssl/evp.h>

enum {
    SIGN = 1 << 0,
    SIGN_WITH_ANOTHER = 1 << 1,
    AS_KEY_SET = 1 << 2, /* the rest is what an issuer publishes */
};

#define SECRET  "correct horse battery staple, it is said"
#define ANOTHER "correct horse battery staple, it is sald"

static struct work keeper; /* what the keys live in, as long as the process */
static struct settings settings;
static struct token_keys *keys;
static struct signature_key ours;
static struct signature_key another;

static void make_key(struct signature_key *key, const char *secret)
{
    const struct bytes bytes = {(const unsigned char *)secret, strlen(secret)};

    MUST(signature_key_secret(key, bytes) == NULL);
}

static void begin(void)
{
    if (keys != NULL) {
        return;
    }
    keeper.arena = arena_new();
    record_defaults(&settings_record, &settings, keeper.arena);
    settings.token.secret = SECRET;
    keeper.settings = &settings;
    MUST(token_keys_load(&keys, &keeper) == OK);
    make_key(&ours, SECRET);
    make_key(&another, ANOTHER);
}

static char *encode(struct arena *arena, const char *text)
{
    return base64url_encode(arena, (struct bytes){(const unsigned char *)text, strlen(text)});
}

static char *sign(struct arena *arena, const struct signature_key *key, const char *header,
                  const char *claims)
{
    struct bytes signature;
    char *message = arena_printf(arena, "%s.%s", encode(arena, header), encode(arena, claims));
    const struct bytes bytes = {(const unsigned char *)message, strlen(message)};

    MUST(signature_make(&signature, arena, key, bytes));
    return arena_printf(arena, "%s.%s", message, base64url_encode(arena, signature));
}

/* Its first two parts, signed by us, are the token. */
static bool is_ours(struct arena *arena, const char *token, size_t length)
{
    const char *text = arena_bytes(arena, token, length);
    const char *last = strrchr(text, '.');
    struct bytes signature;

    if (last == NULL || strlen(text) != length ||
        !base64url_decode(&signature, arena, last + 1, strlen(last + 1))) {
        return false;
    }
    const struct bytes message = {(const unsigned char *)text, (size_t)(last - text)};
    return signature_verify(NULL, &ours, message, signature);
}

static void check_actor(const struct actor *actor)
{
    size_t characters;

    MUST(actor->role == ROLE_NONE || (actor->role & (actor->role - 1)) == 0);
    MUST(actor->subject == NULL || utf8_length(actor->subject, &characters));
    MUST(actor->organisation_id == NULL || utf8_length(actor->organisation_id, &characters));
    if (actor->role == ROLE_COORDINATOR || actor->role == ROLE_ORG_ADMIN) {
        MUST(actor->organisation_id != NULL && actor->organisation_id[0] != '\0');
    }
    if (actor->role == ROLE_MENTOR) {
        MUST(actor->subject != NULL && actor->subject[0] != '\0');
    }
}

static void check_token(struct work *work, const char *token, size_t length)
{
    struct actor actor = {0};

    const enum outcome outcome = token_verify(&actor, work, keys, token, length);
    MUST(outcome == OK || outcome == UNAUTHENTICATED);
    if (outcome == OK) {
        MUST(length <= TOKEN_MAX && is_ours(work->arena, token, length));
        check_actor(&actor);
    } else {
        MUST(work->failure.sentence != NULL && strstr(work->failure.sentence, SECRET) == NULL);
    }
}

static void check_key_set(struct work *work, struct bytes json)
{
    struct list found = {0};

    const enum outcome outcome = jwks_read(&found, work, json);
    MUST(outcome == OK || (outcome == INVALID && work->failure.sentence != NULL));
    for (size_t i = 0; outcome == OK && i < found.count; i++) {
        const struct jwk *jwk = (const struct jwk *)found.items + i;
        MUST(!jwk_is_for(jwk, RS256) || !jwk_is_for(jwk, ES256));
        EVP_PKEY_free(jwk_import(jwk, work));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct input input = {bytes, length};
    struct work work = {.arena = arena_new(), .settings = &settings};
    const unsigned how = input_byte(&input);

    begin();
    MUST(instant_parse(&work.now, "2026-03-01T08:00:00.999Z"));
    if ((how & AS_KEY_SET) != 0) {
        check_key_set(&work, (struct bytes){input.at, input.length});
    } else if ((how & SIGN) != 0) {
        const char *header = input_text(&input, work.arena, length);
        const char *claims = input_text(&input, work.arena, length);
        const bool by_another = (how & SIGN_WITH_ANOTHER) != 0;
        const char *token = sign(work.arena, by_another ? &another : &ours, header, claims);
        check_token(&work, token, strlen(token));
    } else {
        check_token(&work, (const char *)input.at, input.length);
    }
    arena_free(work.arena);
    return 0;
}
