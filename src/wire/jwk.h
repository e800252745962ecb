/* SPDX-License-Identifier: MIT */
/* Public keys as JSON (RFC 7517): the key set that an issuer of tokens publishes. */
#ifndef MENTORWATCH_WIRE_JWK_H
#define MENTORWATCH_WIRE_JWK_H

#include "base/outcome.h"
#include "base/record.h"
#include "wire/base64url.h"
#include "wire/signature.h"

#include <openssl/types.h>
#include <stdbool.h>

struct work;

struct jwk {
    const char *kty;
    const char *kid;
    const char *use;
    const char *alg;
    struct list key_ops; /* of texts */
    const char *crv;
    const char *n, *e; /* RSA */
    const char *x, *y; /* EC */
    const char *d;     /* of private keys */
};

/* The set's keys, as struct jwk. Whatever else it says is ignored. INVALID: why it is none. */
enum outcome jwks_read(struct list *out, struct work *work, struct bytes json);

/* May this key check signatures of RS256 or ES256? A set may hold others. */
bool jwk_is_for(const struct jwk *jwk, enum algorithm algorithm);

/* The key as OpenSSL has it, to end with EVP_PKEY_free(); NULL: its numbers make no key. */
EVP_PKEY *jwk_import(const struct jwk *jwk, struct work *work);

#endif
