/* SPDX-License-Identifier: MIT */
/* Signatures as JSON Web Signature has them (RFC 7518): HS256, RS256 and ES256, by OpenSSL 3.
 *
 * A key is set up once, for one algorithm, and either to verify or to sign. Afterwards it is only
 * read: each use works on a copy of its prepared context, so threads share it without a lock.
 */
#ifndef MENTORWATCH_WIRE_SIGNATURE_H
#define MENTORWATCH_WIRE_SIGNATURE_H

#include "wire/base64url.h"

#include <openssl/types.h>
#include <stdbool.h>

struct arena;

enum algorithm { HS256, RS256, ES256 };

extern const char *const algorithm_names[]; /* by enum algorithm */

enum signature_use { TO_VERIFY, TO_SIGN };

struct signature_key {
    enum algorithm algorithm;
    EVP_MAC_CTX *mac;   /* HS256: keyed and ready */
    EVP_PKEY_CTX *pair; /* else: ready for its use */
    EVP_MD *digest;
};

/* Before anything else of this file, at the start of a program. Where OpenSSL has no memory to
 * begin with, it would not look at what it lacks later on; so the process ends with EX_OSERR. */
void signatures_open(void);

/* Set a key up, to end with signature_key_close(), failure or not. They return NULL, or why the key
 * will not do, to be shown after its name: "is not an RSA key". The caller keeps `pair`, which may
 * be NULL: OpenSSL could not make one of what it read. */
const char *signature_key_secret(struct signature_key *out, struct bytes secret);
/* … of whatever length, for protocols that are not JSON Web Signature. */
const char *signature_key_any_secret(struct signature_key *out, struct bytes secret);
const char *signature_key_pair(struct signature_key *out, enum algorithm algorithm, EVP_PKEY *pair,
                               enum signature_use use);
void signature_key_close(struct signature_key *key);

/* *checked (may be NULL): false where OpenSSL got no memory, so that nobody knows. */
bool signature_verify(bool *checked, const struct signature_key *key, struct bytes message,
                      struct bytes signature);
/* False: OpenSSL would not. */
bool signature_make(struct bytes *out, struct arena *arena, const struct signature_key *key,
                    struct bytes message);

#endif
