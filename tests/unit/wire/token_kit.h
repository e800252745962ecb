/* SPDX-License-Identifier: MIT */
/* What the tests of tokens share: settings, key files, and tokens that no honest issuer makes. */
#ifndef MENTORWATCH_TESTS_TOKEN_KIT_H
#define MENTORWATCH_TESTS_TOKEN_KIT_H

#include "../support.h"
#include "base/config.h"
#include "wire/base64url.h"
#include "wire/token.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECRET "correct horse battery staple, it is said"

/* The tests' moment is 1772352000. */
#define HEADER "{'alg':'HS256','typ':'JWT'}"
#define EXP    "'exp':1772355600"
#define WHO    "'role':'coordinator','org_id':'org-1'"
#define CLAIMS "{" EXP "," WHO "}"

/* Settings as they are when nothing is set, in the test's unit of work. */
static inline struct settings *kit_settings(struct work *work)
{
    struct settings *settings = arena_alloc(work->arena, sizeof(*settings));

    record_defaults(&settings_record, settings, work->arena);
    work->settings = settings;
    assert_true(instant_parse(&work->now, "2026-03-01T08:00:00.999Z"));
    return settings;
}

static inline struct settings *kit_settings_secret(struct work *work)
{
    struct settings *settings = kit_settings(work);

    settings->token.secret = SECRET;
    return settings;
}

/* A file for a key, which end_files() removes. */
static char kit_paths[32][32];
static size_t kit_path_count;

static inline const char *kit_file(const char *content)
{
    char *path = kit_paths[kit_path_count++];

    assert_in_range(kit_path_count, 1, COUNT_OF(kit_paths));
    memcpy(path, "/tmp/test_token.XXXXXX", sizeof("/tmp/test_token.XXXXXX"));
    const int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, content, strlen(content)), strlen(content));
    assert_int_equal(close(file), 0);
    return path;
}

static inline int end_files(void **state)
{
    (void)state;
    for (size_t i = 0; i < kit_path_count; i++) {
        (void)unlink(kit_paths[i]);
    }
    return 0;
}

static inline char *kit_pem(const struct work *work, EVP_PKEY *pair, bool private)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *bytes;

    assert_int_equal(private ? PEM_write_bio_PrivateKey(bio, pair, NULL, NULL, 0, NULL, NULL)
                             : PEM_write_bio_PUBKEY(bio, pair),
                     1);
    const long length = BIO_get_mem_data(bio, &bytes);
    char *pem = arena_bytes(work->arena, bytes, (size_t)length);
    BIO_free(bio);
    return pem;
}

/* One of the pair's numbers in base64url, at least `size` bytes of it. */
static inline char *kit_number(const struct work *work, EVP_PKEY *pair, const char *name, int size)
{
    BIGNUM *number = NULL;

    assert_int_equal(EVP_PKEY_get_bn_param(pair, name, &number), 1);
    const int length = BN_num_bytes(number) > size ? BN_num_bytes(number) : size;
    unsigned char *bytes = arena_alloc(work->arena, (size_t)length);
    assert_int_equal(BN_bn2binpad(number, bytes, length), length);
    BN_free(number);
    return base64url_encode(work->arena, (struct bytes){bytes, (size_t)length});
}

/* The pair's public key as a JWK, with more members before it: "\"kid\":\"a\"," or "". */
static inline char *kit_jwk(const struct work *work, EVP_PKEY *pair, const char *more)
{
    if (EVP_PKEY_is_a(pair, "RSA")) {
        return arena_printf(work->arena, "{%s\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"}", more,
                            kit_number(work, pair, OSSL_PKEY_PARAM_RSA_N, 0),
                            kit_number(work, pair, OSSL_PKEY_PARAM_RSA_E, 0));
    }
    return arena_printf(work->arena,
                        "{%s\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"}", more,
                        kit_number(work, pair, OSSL_PKEY_PARAM_EC_PUB_X, 32),
                        kit_number(work, pair, OSSL_PKEY_PARAM_EC_PUB_Y, 32));
}

/* In the tests JSON has single quotes, for legibility. */
static inline char *kit_json(const struct work *work, const char *text)
{
    char *json = arena_text(work->arena, text);

    for (char *quote = json; (quote = strchr(quote, '\'')) != NULL;) {
        *quote = '"';
    }
    return json;
}

static inline char *kit_base64(const struct work *work, const char *text)
{
    return base64url_encode(work->arena, (struct bytes){(const unsigned char *)text, strlen(text)});
}

/* header.claims, not signed yet */
static inline char *kit_message(const struct work *work, const char *header, const char *claims)
{
    return arena_printf(work->arena, "%s.%s", kit_base64(work, kit_json(work, header)),
                        kit_base64(work, kit_json(work, claims)));
}

/* The message with its HMAC under that secret. */
static inline char *kit_hmac(const struct work *work, const char *message, const char *secret)
{
    unsigned char mac[32];

    assert_non_null(HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)message,
                         strlen(message), mac, NULL));
    return arena_printf(work->arena, "%s.%s", message,
                        base64url_encode(work->arena, (struct bytes){mac, sizeof(mac)}));
}

/* The message with that signature, whatever it is. */
static inline char *kit_join(const struct work *work, const char *message, const void *signature,
                             size_t length)
{
    return arena_printf(work->arena, "%s.%s", message,
                        base64url_encode(work->arena, (struct bytes){signature, length}));
}

/* The message with the pair's own signature over that digest: PKCS #1 or DER. */
static inline char *kit_sign(const struct work *work, const char *message, EVP_PKEY *pair,
                             const char *digest)
{
    unsigned char signature[512];
    size_t length = sizeof(signature);
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    assert_int_equal(EVP_DigestSignInit_ex(context, NULL, digest, NULL, NULL, pair, NULL), 1);
    assert_int_equal(EVP_DigestSign(context, signature, &length, (const unsigned char *)message,
                                    strlen(message)),
                     1);
    EVP_MD_CTX_free(context);
    return kit_join(work, message, signature, length);
}

static inline struct token_keys *load(struct work *work)
{
    struct token_keys *keys = NULL;

    assert_int_equal(token_keys_load(&keys, work), OK);
    return keys;
}

static inline void refused_bytes(struct work *work, const struct token_keys *keys,
                                 const char *token, size_t length, const char *why)
{
    struct actor actor = {0};

    work_clear(work);
    const enum outcome outcome = token_verify(&actor, work, keys, token, length);
    if (outcome != UNAUTHENTICATED || strstr(work->failure.sentence, why) == NULL) {
        fail_msg("outcome %d, \"%s\" instead of \"%s\": %s", (int)outcome,
                 work->failure.sentence == NULL ? "" : work->failure.sentence, why, token);
    }
    assert_null(strstr(work->failure.sentence, "correct horse"));
    assert_null(work->failure.faults);
    assert_null(actor.organisation_id);
    assert_int_equal(actor.role, 0);
}

static inline void refused(struct work *work, const struct token_keys *keys, const char *token,
                           const char *why)
{
    refused_bytes(work, keys, token, strlen(token), why);
}

static inline struct actor taken(struct work *work, const struct token_keys *keys,
                                 const char *token)
{
    struct actor actor = {0};

    work_clear(work);
    if (token_verify(&actor, work, keys, token, strlen(token)) != OK) {
        fail_msg("%s: %s", work->failure.sentence, token);
    }
    return actor;
}

#endif
