/* SPDX-License-Identifier: MIT */
/* The examples of RFC 7515, appendix A, and what becomes of them when a bit changes. */
#include "../support.h"
#include "wire/jwk.h"
#include "wire/signature.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdbool.h>

#define PAYLOAD                                                                                    \
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnV" \
    "lfQ"

struct example {
    const char *message;
    const char *signature;
};

/* A.1 */
static const char shared_secret[] =
    "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0"
    "iPS4hcgUuTwjAzZr1Z9CAow";
static const struct example hs256 = {
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9" PAYLOAD,
    "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
};

/* A.2 */
static const struct jwk rsa = {
    .kty = "RSA",
    .n =
        "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0"
        "Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS"
        "5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH"
        "7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
    .e = "AQAB",
};
static const struct example rs256 = {
    "eyJhbGciOiJSUzI1NiJ9" PAYLOAD,
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5ju"
    "jGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07"
    "Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipU"
    "TI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw",
};

/* A.3 */
static const struct jwk p256 = {
    .kty = "EC",
    .crv = "P-256",
    .x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    .y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
};
static const struct example es256 = {
    "eyJhbGciOiJFUzI1NiJ9" PAYLOAD,
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
};

static struct bytes decoded(const struct work *work, const char *text)
{
    struct bytes bytes;

    assert_true(base64url_decode(&bytes, work->arena, text, strlen(text)));
    return bytes;
}

static struct bytes bytes_of(const char *text)
{
    return (struct bytes){(const unsigned char *)text, strlen(text)};
}

static bool one_bit_matters(const struct work *work, const struct signature_key *key,
                            struct bytes message, struct bytes signature)
{
    for (size_t bit = 0; bit < signature.length * 8; bit += 7) {
        char *changed = arena_bytes(work->arena, signature.at, signature.length);
        changed[bit / 8] = (char)(changed[bit / 8] ^ 1 << bit % 8);
        const struct bytes other = {(unsigned char *)changed, signature.length};
        if (signature_verify(NULL, key, message, other)) {
            return false;
        }
    }
    return true;
}

static void check(const struct work *work, const struct signature_key *key,
                  const struct example *example)
{
    const struct bytes message = bytes_of(example->message);
    const struct bytes signature = decoded(work, example->signature);

    assert_true(signature_verify(NULL, key, message, signature));
    assert_true(one_bit_matters(work, key, message, signature));
    for (size_t length = 0; length < signature.length; length++) {
        assert_false(signature_verify(NULL, key, message, (struct bytes){signature.at, length}));
    }
    const char *longer = arena_bytes(work->arena, signature.at, signature.length);
    assert_false(signature_verify(
        NULL, key, message, (struct bytes){(const unsigned char *)longer, signature.length + 1}));
    assert_false(signature_verify(NULL, key, bytes_of(example->message + 1), signature));
    assert_true(signature_verify(NULL, key, message, signature));
}

static void check_pair(struct work *work, enum algorithm algorithm, const struct jwk *jwk,
                       const struct example *example)
{
    struct signature_key key;
    EVP_PKEY *pair = jwk_import(jwk, work);

    assert_null(signature_key_pair(&key, algorithm, pair, TO_VERIFY));
    EVP_PKEY_free(pair);
    check(work, &key, example);
    signature_key_close(&key);
}

static void test_hs256_is_that_of_the_standard(void **state)
{
    const struct work *work = *state;
    struct signature_key key;

    assert_null(signature_key_secret(&key, decoded(work, shared_secret)));
    check(work, &key, &hs256);
    signature_key_close(&key);
}

static void test_rs256_is_that_of_the_standard(void **state)
{
    check_pair(*state, RS256, &rsa, &rs256);
}

static void test_es256_is_that_of_the_standard(void **state)
{
    check_pair(*state, ES256, &p256, &es256);
}

/* One in 128 has an r or s that begins with a zero byte, which DER does not write. */
static void test_what_is_signed_can_be_verified(void **state)
{
    struct work *work = *state;
    struct signature_key private;
    struct signature_key public;
    EVP_PKEY *pair = EVP_EC_gen("P-256");

    assert_null(signature_key_pair(&private, ES256, pair, TO_SIGN));
    assert_null(signature_key_pair(&public, ES256, pair, TO_VERIFY));
    EVP_PKEY_free(pair);
    for (int i = 0; i < 1000; i++) {
        const struct bytes message = bytes_of(arena_printf(work->arena, "message %d", i));
        struct bytes signature;
        assert_true(signature_make(&signature, work->arena, &private, message));
        assert_int_equal(signature.length, 64);
        assert_true(signature_verify(NULL, &public, message, signature));
    }
    signature_key_close(&private);
    signature_key_close(&public);
}

static void refuse_pair(enum algorithm algorithm, EVP_PKEY *pair, const char *why)
{
    struct signature_key key;
    const char *wrong = signature_key_pair(&key, algorithm, pair, TO_VERIFY);

    EVP_PKEY_free(pair);
    signature_key_close(&key);
    assert_non_null(wrong);
    assert_string_equal(wrong, why);
}

static void test_weak_and_foreign_keys_are_refused(void **state)
{
    struct work *work = *state;
    struct signature_key key;

    assert_string_equal(signature_key_secret(&key, bytes_of("0123456789abcdef0123456789abcde")),
                        "must be at least 32 bytes long");
    signature_key_close(&key);
    refuse_pair(RS256, NULL, "is not a key that can be read");
    refuse_pair(RS256, EVP_RSA_gen(1024), "is too short: an RSA key must have at least 2048 bits");
    refuse_pair(RS256, jwk_import(&p256, work), "is not an RSA key");
    refuse_pair(ES256, jwk_import(&rsa, work), "is not a key on the curve P-256");
    refuse_pair(ES256, EVP_EC_gen("P-384"), "is not a key on the curve P-256");
    refuse_pair(ES256, EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"), "is not a key on the curve P-256");
}

static void test_points_off_the_curve_are_no_keys(void **state)
{
    struct work *work = *state;
    const struct jwk off = {.kty = "EC", .crv = "P-256", .x = p256.x, .y = p256.x};
    const struct jwk cut = {.kty = "EC", .crv = "P-256", .x = p256.x, .y = "x_FEzRu9"};
    const struct jwk bare = {.kty = "EC", .crv = "P-256"};
    const struct jwk even = {.kty = "RSA", .n = rsa.n, .e = "Ag"};

    assert_null(jwk_import(&off, work));
    assert_null(jwk_import(&cut, work));
    assert_null(jwk_import(&bare, work));
    refuse_pair(RS256, jwk_import(&even, work), "is broken");
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_hs256_is_that_of_the_standard),
        PROMISE(test_rs256_is_that_of_the_standard),
        PROMISE(test_es256_is_that_of_the_standard),
        PROMISE(test_what_is_signed_can_be_verified),
        PROMISE(test_weak_and_foreign_keys_are_refused),
        PROMISE(test_points_off_the_curve_are_no_keys),
    };
    return RUN_ALL(promises);
}
