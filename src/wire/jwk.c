/* SPDX-License-Identifier: MIT */
#include "wire/jwk.h"

#include "base/work.h"
#include "wire/json.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <string.h>

enum { COORDINATE_SIZE = 32, POINT_SIZE = 1 + 2 * COORDINATE_SIZE, NUMBER_DIGITS = 4096 };

static const struct field jwk_fields[] = {
    FIELD(struct jwk, kty, .is = FIELD_REQUIRED),
    FIELD(struct jwk, kid, .min = 1),
    FIELD(struct jwk, use),
    FIELD(struct jwk, alg),
    FIELD(struct jwk, key_ops),
    FIELD(struct jwk, crv),
    FIELD(struct jwk, n, .max = NUMBER_DIGITS),
    FIELD(struct jwk, e, .max = NUMBER_DIGITS),
    FIELD(struct jwk, x, .max = NUMBER_DIGITS),
    FIELD(struct jwk, y, .max = NUMBER_DIGITS),
    FIELD(struct jwk, d, .max = NUMBER_DIGITS),
};

static const struct record jwk_record = RECORD(struct jwk, jwk_fields, .open = true);

struct jwks {
    struct list keys;
};

static const struct field jwks_fields[] = {
    FIELD(struct jwks, keys, .is = FIELD_REQUIRED, .of = &jwk_record),
};

static const struct record jwks_record = RECORD(struct jwks, jwks_fields, .open = true);

enum outcome jwks_read(struct list *out, struct work *work, struct bytes json)
{
    struct jwks set = {0};

    if (json_read(&set, work, &jwks_record, NULL, (const char *)json.at, json.length, NULL) != OK) {
        return INVALID;
    }
    const struct jwk *keys = set.keys.items;
    for (size_t i = 0; i < set.keys.count; i++) {
        if (keys[i].d != NULL) {
            return fail(work, INVALID, "keys[%zu] is a private key, which belongs to its issuer",
                        i);
        }
    }
    *out = set.keys;
    return OK;
}

static bool says(const char *member, const char *value)
{
    return member != NULL && strcmp(member, value) == 0;
}

/* What a key does not say, it allows. */
static bool allows(const char *member, const char *value)
{
    return member == NULL || strcmp(member, value) == 0;
}

static bool allows_verifying(struct list key_ops)
{
    const char *const *names = key_ops.items;

    for (size_t i = 0; i < key_ops.count; i++) {
        if (strcmp(names[i], "verify") == 0) {
            return true;
        }
    }
    return key_ops.count == 0;
}

bool jwk_is_for(const struct jwk *jwk, enum algorithm algorithm)
{
    const bool fits = algorithm == RS256 ? says(jwk->kty, "RSA")
                                         : says(jwk->kty, "EC") && says(jwk->crv, "P-256");

    return fits && allows(jwk->use, "sig") && allows(jwk->alg, algorithm_names[algorithm]) &&
           allows_verifying(jwk->key_ops);
}

static bool member_bytes(struct bytes *out, struct work *work, const char *member)
{
    return member != NULL && base64url_decode(out, work->arena, member, strlen(member));
}

static EVP_PKEY *make(const char *type, OSSL_PARAM *parameters)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    EVP_PKEY *key = NULL;

    if (context != NULL && EVP_PKEY_fromdata_init(context) == 1) {
        (void)EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters);
    }
    EVP_PKEY_CTX_free(context);
    return key;
}

static EVP_PKEY *import_rsa(const struct jwk *jwk, struct work *work)
{
    struct bytes n;
    struct bytes e;
    EVP_PKEY *key = NULL;

    if (!member_bytes(&n, work, jwk->n) || !member_bytes(&e, work, jwk->e)) {
        return NULL;
    }
    BIGNUM *modulus = BN_bin2bn(n.at, (int)n.length, NULL);
    BIGNUM *exponent = BN_bin2bn(e.at, (int)e.length, NULL);
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    OSSL_PARAM *parameters = NULL;
    if (modulus != NULL && exponent != NULL && builder != NULL &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus) == 1 &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent) == 1) {
        parameters = OSSL_PARAM_BLD_to_param(builder);
    }
    if (parameters != NULL) {
        key = make("RSA", parameters);
    }
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(builder);
    BN_free(exponent);
    BN_free(modulus);
    return key;
}

static EVP_PKEY *import_p256(const struct jwk *jwk, struct work *work)
{
    char curve[] = "prime256v1"; /* P-256 by its other name */
    unsigned char point[POINT_SIZE] = {POINT_CONVERSION_UNCOMPRESSED};
    struct bytes x;
    struct bytes y;

    if (!member_bytes(&x, work, jwk->x) || !member_bytes(&y, work, jwk->y) ||
        x.length != COORDINATE_SIZE || y.length != COORDINATE_SIZE) {
        return NULL;
    }
    memcpy(point + 1, x.at, COORDINATE_SIZE);
    memcpy(point + 1 + COORDINATE_SIZE, y.at, COORDINATE_SIZE);
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, curve, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point)),
        OSSL_PARAM_construct_end(),
    };
    return make("EC", parameters);
}

EVP_PKEY *jwk_import(const struct jwk *jwk, struct work *work)
{
    return strcmp(jwk->kty, "RSA") == 0 ? import_rsa(jwk, work) : import_p256(jwk, work);
}
