/* SPDX-License-Identifier: MIT */
#include "wire/token.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/text.h"
#include "base/work.h"
#include "wire/json.h"

#include <string.h>

#define LAST_SECOND INT64_C(253402300799) /* of the year 9999 */

struct header {
    const char *alg;
    const char *typ;
    const char *kid;
    const char *crit, *jku, *jwk, *x5u, *x5c;
};

/* A field that takes only these words is refused whatever it holds. */
static const char *const nothing[] = {NULL};

/* The last five would let the token bring the key that it is checked with, or demand what we do not
 * know. Any other field is harmless. */
static const struct field header_fields[] = {
    FIELD(struct header, alg, .is = FIELD_REQUIRED),
    FIELD(struct header, typ, .is = FIELD_OMITTED),
    FIELD(struct header, kid, .is = FIELD_OMITTED),
    FIELD(struct header, crit, .is = FIELD_OMITTED, .words = nothing),
    FIELD(struct header, jku, .is = FIELD_OMITTED, .words = nothing),
    FIELD(struct header, jwk, .is = FIELD_OMITTED, .words = nothing),
    FIELD(struct header, x5u, .is = FIELD_OMITTED, .words = nothing),
    FIELD(struct header, x5c, .is = FIELD_OMITTED, .words = nothing),
};

static const struct record header_record = RECORD(struct header, header_fields, .open = true);

struct claims {
    const char *iss;
    struct list aud; /* of texts */
    int64_t iat, nbf, exp;
    const char *sub;
    const char *role;
    const char *org_id;
};

#define TIME_CLAIM(member, ...)                                                                    \
    FIELD(struct claims, member, .min = 0, .max = LAST_SECOND, ##__VA_ARGS__)

static const struct field claim_fields[] = {
    FIELD(struct claims, iss, .is = FIELD_OMITTED),
    FIELD(struct claims, aud, .is = FIELD_OMITTED | FIELD_LONE),
    TIME_CLAIM(iat),
    TIME_CLAIM(nbf),
    TIME_CLAIM(exp, .is = FIELD_REQUIRED),
    FIELD(struct claims, sub, .is = FIELD_OMITTED),
    FIELD(struct claims, role, .is = FIELD_REQUIRED, .min = 1, .max = 64),
    FIELD(struct claims, org_id, .is = FIELD_OMITTED, .min = 1, .max = 64),
};

static const struct record claims_record = RECORD(struct claims, claim_fields, .open = true);

/* Drops what was noted before: the faults that the JSON reader found are no faults of the
 * request's own input. */
static enum outcome refuse(struct work *work, const char *sentence)
{
    work->failure = (struct failure){0};
    return fail(work, UNAUTHENTICATED, "%s", sentence);
}

/* -- reading a token --------------------------------------------------------------------------- */

/* A token's parts: all but `message` decoded. */
struct parts {
    struct bytes header;
    struct bytes claims;
    struct bytes message; /* what is signed: header and claims as they came */
    struct bytes signature;
};

static bool split(struct parts *out, struct work *work, const char *token, size_t length)
{
    struct arena *arena = work->arena;
    const char *end = token + length;
    const char *first = length <= TOKEN_MAX ? memchr(token, '.', length) : NULL;
    const char *second = first == NULL ? NULL : memchr(first + 1, '.', (size_t)(end - first - 1));

    if (second == NULL) {
        return false;
    }
    out->message = (struct bytes){(const unsigned char *)token, (size_t)(second - token)};
    /* A third dot is no digit of base64url, so there are three parts and no more. */
    return base64url_decode(&out->header, arena, token, (size_t)(first - token)) &&
           base64url_decode(&out->claims, arena, first + 1, (size_t)(second - first - 1)) &&
           base64url_decode(&out->signature, arena, second + 1, (size_t)(end - second - 1));
}

static enum outcome read_object(void *out, struct work *work, const struct record *record,
                                struct bytes json)
{
    return json_read(out, work, record, NULL, (const char *)json.at, json.length, NULL);
}

static enum outcome read_header(struct header *out, struct work *work, struct bytes json,
                                const char *algorithm)
{
    const enum outcome outcome = read_object(out, work, &header_record, json);

    if (outcome == INVALID) {
        return refuse(work, arena_printf(work->arena, "the token's header is not acceptable: %s",
                                         work->failure.faults->field));
    }
    if (outcome != OK) {
        return refuse(work, "the token's header cannot be read");
    }
    if (strcmp(out->alg, algorithm) != 0) {
        return refuse(work,
                      arena_printf(work->arena, "the token must be signed with %s", algorithm));
    }
    if (out->typ != NULL && !text_same_nocase(out->typ, "JWT") &&
        !text_same_nocase(out->typ, "at+jwt")) {
        return refuse(work, "the token's typ must be JWT or at+jwt");
    }
    return OK;
}

static enum outcome check_signature(struct work *work, const struct token_keys *keys,
                                    const char *kid, const struct parts *parts)
{
    const struct signature_key *key = token_keys_find(keys, kid);
    bool checked;

    if (key == NULL) {
        return refuse(work, "the token does not name a key (kid) that is known here");
    }
    if (!signature_verify(&checked, key, parts->message, parts->signature)) {
        if (!checked) {
            return fail(work, BUSY, "this server has no memory just now");
        }
        return refuse(work, "the token's signature is not good");
    }
    return OK;
}

static enum outcome read_claims(struct claims *out, struct work *work, struct bytes json)
{
    const enum outcome outcome = read_object(out, work, &claims_record, json);

    if (outcome == INVALID) {
        return refuse(work,
                      arena_printf(work->arena, "the token's claim %s", work->failure.sentence));
    }
    return outcome == OK ? OK : refuse(work, "the token's claims cannot be read");
}

static enum outcome check_times(struct work *work, const struct claims *claims)
{
    const int64_t now = instant_unix_seconds(work->now);
    const int64_t leeway = work->settings->token.leeway;

    if (now >= claims->exp + leeway) {
        return refuse(work, "the token has expired");
    }
    if (claims->nbf > now + leeway || claims->iat > now + leeway) {
        return refuse(work, "the token is not valid yet");
    }
    return OK;
}

static bool holds(struct list texts, const char *wanted)
{
    const char *const *items = texts.items;

    for (size_t i = 0; i < texts.count; i++) {
        if (strcmp(items[i], wanted) == 0) {
            return true;
        }
    }
    return false;
}

static enum outcome check_parties(struct work *work, const struct claims *claims)
{
    const char *issuer = work->settings->token.issuer;
    const char *audience = work->settings->token.audience;

    if (issuer[0] != '\0' && (claims->iss == NULL || strcmp(claims->iss, issuer) != 0)) {
        return refuse(work, "the token comes from another issuer (iss)");
    }
    if (audience[0] != '\0' && !holds(claims->aud, audience)) {
        return refuse(work, "the token is meant for another audience (aud)");
    }
    return OK;
}

/* A role of somebody else's is none here: its holder is known, and may do nothing. */
static enum role role_named(const char *word)
{
    for (unsigned bit = 0; role_words[bit] != NULL; bit++) {
        if (strcmp(role_words[bit], word) == 0) {
            return (enum role)(1U << bit);
        }
    }
    return ROLE_NONE;
}

static enum outcome name_actor(struct actor *out, struct work *work, const struct claims *claims)
{
    const enum role role = role_named(claims->role);

    if ((role & (ROLE_COORDINATOR | ROLE_ORG_ADMIN)) != 0 && claims->org_id == NULL) {
        return refuse(work, "the token's claim org_id is required");
    }
    if (role == ROLE_MENTOR && (claims->sub == NULL || claims->sub[0] == '\0')) {
        return refuse(work, "the token's claim sub is required");
    }
    *out = (struct actor){
        .subject = claims->sub,
        .role = role,
        .organisation_id = (role & (ROLE_GLOBAL_ADMIN | ROLE_MENTOR)) != 0 ? NULL : claims->org_id,
    };
    return OK;
}

enum outcome token_verify(struct actor *out, struct work *work, const struct token_keys *keys,
                          const char *token, size_t length)
{
    struct parts parts;
    struct header header = {0};
    struct claims claims = {0};

    if (!token_keys_given(keys)) {
        return refuse(work, "no token is accepted here: the server has no key to check it with");
    }
    if (!split(&parts, work, token, length)) {
        return refuse(work, "the token is not a signed JWT of at most 4096 bytes");
    }
    TRY(read_header(&header, work, parts.header, token_keys_algorithm(keys)));
    TRY(check_signature(work, keys, header.kid, &parts));
    TRY(read_claims(&claims, work, parts.claims));
    TRY(check_times(work, &claims));
    TRY(check_parties(work, &claims));
    return name_actor(out, work, &claims);
}

/* -- making one -------------------------------------------------------------------------------- */

static char *encoded(struct arena *arena, const struct record *record, const void *object)
{
    const char *json = json_write(arena, record, object);

    return base64url_encode(arena, (struct bytes){(const unsigned char *)json, strlen(json)});
}

static struct claims claims_of(struct work *work, const struct grant *grant)
{
    const struct settings *settings = work->settings;
    const int64_t now = instant_unix_seconds(work->now);
    struct claims claims = {
        .iat = now,
        .nbf = now,
        .exp = now + grant->seconds,
        .sub = grant->subject,
        .role = grant->role,
        .org_id = grant->organisation_id,
    };

    if (settings->token.issuer[0] != '\0') {
        claims.iss = settings->token.issuer;
    }
    if (settings->token.audience[0] != '\0') {
        *(const char **)list_append(&claims.aud, work->arena, sizeof(const char *)) =
            settings->token.audience;
    }
    return claims;
}

enum outcome token_mint(char **out, struct work *work, const struct token_keys *keys,
                        const struct grant *grant)
{
    struct arena *arena = work->arena;
    const struct header header = {
        .alg = token_keys_algorithm(keys), .typ = "JWT", .kid = grant->kid};
    const struct claims claims = claims_of(work, grant);
    struct bytes signature;

    *out = arena_printf(arena, "%s.%s", encoded(arena, &header_record, &header),
                        encoded(arena, &claims_record, &claims));
    const struct bytes message = {(const unsigned char *)*out, strlen(*out)};
    if (!signature_make(&signature, arena, token_keys_find(keys, NULL), message)) {
        return fail(work, BROKEN, "OpenSSL does not sign with this key");
    }
    *out = arena_printf(arena, "%s.%s", *out, base64url_encode(arena, signature));
    return OK;
}
