/* SPDX-License-Identifier: MIT */
#include "wire/signature.h"

#include "base/arena.h"
#include "base/memory.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <string.h>

enum {
    SECRET_MIN = 32,
    RSA_BITS_MIN = 2048,
    DIGEST_SIZE = 32, /* of SHA-256 */
    HALF_SIZE = 32,   /* r or s of an ES256 signature */
    PAIR_SIZE = 2 * HALF_SIZE,
    DER_HALF_MAX = 3 + HALF_SIZE,
    DER_PAIR_MAX = 2 + 2 * DER_HALF_MAX,
};

/* UNKNOWN: OpenSSL could not tell. */
enum verdict { BAD, GOOD, UNKNOWN };

const char *const algorithm_names[] = {
    [HS256] = "HS256",
    [RS256] = "RS256",
    [ES256] = "ES256",
};

static const char unusable[] = "cannot be used by OpenSSL";

void signatures_open(void)
{
    if (OSSL_LIB_CTX_get0_global_default() == NULL) {
        out_of_memory();
    }
}

/* -- keys -------------------------------------------------------------------------------------- */

const char *signature_key_any_secret(struct signature_key *out, struct bytes secret)
{
    char digest[] = OSSL_DIGEST_NAME_SHA2_256;
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end(),
    };

    *out = (struct signature_key){.algorithm = HS256};
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, OSSL_MAC_NAME_HMAC, NULL);
    out->mac = hmac == NULL ? NULL : EVP_MAC_CTX_new(hmac);
    EVP_MAC_free(hmac);
    const bool ready =
        out->mac != NULL && EVP_MAC_init(out->mac, secret.at, secret.length, parameters) == 1;
    return ready ? NULL : unusable;
}

const char *signature_key_secret(struct signature_key *out, struct bytes secret)
{
    *out = (struct signature_key){.algorithm = HS256};
    return secret.length < SECRET_MIN ? "must be at least 32 bytes long"
                                      : signature_key_any_secret(out, secret);
}

static bool is_p256(EVP_PKEY *pair)
{
    char group[32] = "";

    return EVP_PKEY_is_a(pair, "EC") &&
           EVP_PKEY_get_group_name(pair, group, sizeof(group), NULL) == 1 &&
           strcmp(group, SN_X9_62_prime256v1) == 0;
}

static bool is_sound(EVP_PKEY *pair)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, pair, NULL);
    const bool sound = context != NULL && EVP_PKEY_public_check(context) == 1;

    EVP_PKEY_CTX_free(context);
    return sound;
}

/* Why the algorithm cannot use this key, or NULL. */
static const char *unfit(enum algorithm algorithm, EVP_PKEY *pair)
{
    if (pair == NULL) {
        return "is not a key that can be read";
    }
    if (algorithm == ES256 && !is_p256(pair)) {
        return "is not a key on the curve P-256";
    }
    if (algorithm == RS256 && !EVP_PKEY_is_a(pair, "RSA")) {
        return "is not an RSA key";
    }
    if (algorithm == RS256 && EVP_PKEY_get_bits(pair) < RSA_BITS_MIN) {
        return "is too short: an RSA key must have at least 2048 bits";
    }
    return is_sound(pair) ? NULL : "is broken";
}

static bool prepare(const struct signature_key *key, enum signature_use use)
{
    const int begun =
        use == TO_SIGN ? EVP_PKEY_sign_init(key->pair) : EVP_PKEY_verify_init(key->pair);

    return begun == 1 &&
           (key->algorithm != RS256 ||
            EVP_PKEY_CTX_set_rsa_padding(key->pair, RSA_PKCS1_PADDING) == 1) &&
           EVP_PKEY_CTX_set_signature_md(key->pair, key->digest) == 1;
}

const char *signature_key_pair(struct signature_key *out, enum algorithm algorithm, EVP_PKEY *pair,
                               enum signature_use use)
{
    const char *wrong = unfit(algorithm, pair);

    *out = (struct signature_key){.algorithm = algorithm};
    if (wrong == NULL) {
        out->digest = EVP_MD_fetch(NULL, OSSL_DIGEST_NAME_SHA2_256, NULL);
        out->pair = EVP_PKEY_CTX_new_from_pkey(NULL, pair, NULL);
        const bool ready = out->digest != NULL && out->pair != NULL && prepare(out, use);
        wrong = ready ? NULL : unusable;
    }
    ERR_clear_error();
    return wrong;
}

void signature_key_close(struct signature_key *key)
{
    EVP_MAC_CTX_free(key->mac);
    EVP_PKEY_CTX_free(key->pair);
    EVP_MD_free(key->digest);
}

/* -- HS256 ------------------------------------------------------------------------------------- */

static bool make_hmac(unsigned char out[DIGEST_SIZE], const struct signature_key *key,
                      struct bytes message)
{
    EVP_MAC_CTX *mac = EVP_MAC_CTX_dup(key->mac);
    const bool made = mac != NULL && EVP_MAC_update(mac, message.at, message.length) == 1 &&
                      EVP_MAC_final(mac, out, NULL, DIGEST_SIZE) == 1;

    EVP_MAC_CTX_free(mac);
    return made;
}

static enum verdict verify_hmac(const struct signature_key *key, struct bytes message,
                                struct bytes signature)
{
    unsigned char right[DIGEST_SIZE];

    if (!make_hmac(right, key, message)) {
        return UNKNOWN;
    }
    return signature.length == DIGEST_SIZE && CRYPTO_memcmp(right, signature.at, DIGEST_SIZE) == 0
               ? GOOD
               : BAD;
}

/* -- ES256: r and s side by side, where OpenSSL speaks DER ------------------------------------- */

/* One number as a DER INTEGER: without leading zeros, but not negative. Returns its size. */
static size_t der_add_integer(unsigned char *out, const unsigned char number[HALF_SIZE])
{
    size_t zeros = 0;

    while (zeros < HALF_SIZE - 1 && number[zeros] == 0) {
        zeros++;
    }
    const size_t sign = number[zeros] >> 7;
    const size_t length = HALF_SIZE - zeros;
    out[0] = V_ASN1_INTEGER;
    out[1] = (unsigned char)(sign + length);
    out[2] = 0;
    memcpy(out + 2 + sign, number + zeros, length);
    return 2 + sign + length;
}

static size_t der_from_pair(unsigned char out[DER_PAIR_MAX], const unsigned char pair[PAIR_SIZE])
{
    size_t length = 2;

    length += der_add_integer(out + length, pair);
    length += der_add_integer(out + length, pair + HALF_SIZE);
    out[0] = V_ASN1_SEQUENCE | V_ASN1_CONSTRUCTED;
    out[1] = (unsigned char)(length - 2);
    return length;
}

static bool pair_from_der(unsigned char out[PAIR_SIZE], const unsigned char *der, size_t length)
{
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)length);
    const bool done = pair != NULL &&
                      BN_bn2binpad(ECDSA_SIG_get0_r(pair), out, HALF_SIZE) == HALF_SIZE &&
                      BN_bn2binpad(ECDSA_SIG_get0_s(pair), out + HALF_SIZE, HALF_SIZE) == HALF_SIZE;

    ECDSA_SIG_free(pair);
    return done;
}

/* -- RS256 and ES256 --------------------------------------------------------------------------- */

static bool make_digest(unsigned char out[DIGEST_SIZE], const struct signature_key *key,
                        struct bytes message)
{
    return EVP_Digest(message.at, message.length, out, NULL, key->digest, NULL) == 1;
}

/* A signature that is none of a known form is an error as well, so errors must be told apart. */
static bool memory_was_short(void)
{
    unsigned long error;

    while ((error = ERR_get_error()) != 0) {
        if (ERR_GET_REASON(error) == ERR_R_MALLOC_FAILURE) {
            return true;
        }
    }
    return false;
}

static enum verdict verify_pair(const struct signature_key *key, struct bytes message,
                                struct bytes signature)
{
    unsigned char digest[DIGEST_SIZE];
    unsigned char der[DER_PAIR_MAX];
    enum verdict verdict = UNKNOWN;

    if (key->algorithm == ES256) {
        if (signature.length != PAIR_SIZE) {
            return BAD;
        }
        signature = (struct bytes){der, der_from_pair(der, signature.at)};
    }
    EVP_PKEY_CTX *pair = EVP_PKEY_CTX_dup(key->pair);
    if (pair != NULL && make_digest(digest, key, message)) {
        const int good = EVP_PKEY_verify(pair, signature.at, signature.length, digest, DIGEST_SIZE);
        verdict = good == 1 ? GOOD : memory_was_short() ? UNKNOWN : BAD;
    }
    EVP_PKEY_CTX_free(pair);
    return verdict;
}

static bool sign_pair(struct bytes *out, struct arena *arena, const struct signature_key *key,
                      struct bytes message)
{
    unsigned char digest[DIGEST_SIZE];
    size_t length = 0;
    EVP_PKEY_CTX *pair = EVP_PKEY_CTX_dup(key->pair);
    bool made = pair != NULL && make_digest(digest, key, message) &&
                EVP_PKEY_sign(pair, NULL, &length, digest, DIGEST_SIZE) == 1;
    unsigned char *signature = arena_alloc(arena, length + PAIR_SIZE);

    made = made && EVP_PKEY_sign(pair, signature, &length, digest, DIGEST_SIZE) == 1;
    EVP_PKEY_CTX_free(pair);
    if (made && key->algorithm == ES256) {
        made = pair_from_der(signature, signature, length);
        length = PAIR_SIZE;
    }
    *out = (struct bytes){signature, length};
    return made;
}

/* -- all of them ------------------------------------------------------------------------------- */

/* OpenSSL's queue of errors is the thread's: what failed here must not be read there by the next
 * TLS connection. */
bool signature_verify(bool *checked, const struct signature_key *key, struct bytes message,
                      struct bytes signature)
{
    ERR_clear_error();
    const enum verdict verdict = key->algorithm == HS256 ? verify_hmac(key, message, signature)
                                                         : verify_pair(key, message, signature);

    if (checked != NULL) {
        *checked = verdict != UNKNOWN;
    }
    ERR_clear_error();
    return verdict == GOOD;
}

bool signature_make(struct bytes *out, struct arena *arena, const struct signature_key *key,
                    struct bytes message)
{
    unsigned char hmac[DIGEST_SIZE];
    bool made;

    if (key->algorithm == HS256) {
        made = make_hmac(hmac, key, message);
        *out =
            (struct bytes){(unsigned char *)arena_bytes(arena, hmac, sizeof(hmac)), sizeof(hmac)};
    } else {
        made = sign_pair(out, arena, key, message);
    }
    ERR_clear_error();
    return made;
}
