/* SPDX-License-Identifier: MIT */
#include "token_kit.h"

static EVP_PKEY *rsa;
static EVP_PKEY *other_rsa;
static EVP_PKEY *p256;

static int make_pairs(void **state)
{
    (void)state;
    rsa = EVP_RSA_gen(2048);
    other_rsa = EVP_RSA_gen(2048);
    p256 = EVP_EC_gen("P-256");
    return rsa == NULL || other_rsa == NULL || p256 == NULL;
}

static int end_pairs(void **state)
{
    EVP_PKEY_free(rsa);
    EVP_PKEY_free(other_rsa);
    EVP_PKEY_free(p256);
    return end_files(state);
}

static void load_refused(struct work *work, bool private, const char *why)
{
    struct token_keys *keys = NULL;

    work_clear(work);
    assert_int_equal(private ? token_keys_load_private(&keys, work) : token_keys_load(&keys, work),
                     INVALID);
    assert_null(keys);
    assert_null(work->failure.faults);
    if (strstr(work->failure.sentence, why) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", work->failure.sentence, why);
    }
}

/* How many keys of these names there are. */
static size_t loaded(struct work *work, const char *const *kids, size_t count)
{
    struct token_keys *keys;
    size_t found = 0;

    assert_int_equal(token_keys_load(&keys, work), OK);
    assert_true(token_keys_given(keys));
    for (size_t i = 0; i < count; i++) {
        found += token_keys_find(keys, kids[i]) != NULL;
    }
    token_keys_free(keys);
    return found;
}

static void test_without_a_key_there_is_no_failure(void **state)
{
    static const char *const algorithms[] = {"HS256", "RS256", "ES256"};
    struct work *work = *state;
    struct settings *settings = kit_settings(work);

    for (size_t i = 0; i < COUNT_OF(algorithms); i++) {
        struct token_keys *keys;
        settings->token.algorithm = algorithms[i];
        assert_int_equal(token_keys_load(&keys, work), OK);
        assert_false(token_keys_given(keys));
        assert_null(token_keys_find(keys, NULL));
        assert_null(token_keys_find(keys, "a"));
        assert_string_equal(token_keys_algorithm(keys), algorithms[i]);
        token_keys_free(keys);
    }
    token_keys_free(NULL);
}

static void test_signing_needs_a_key(void **state)
{
    struct work *work = *state;
    struct settings *settings = kit_settings(work);

    load_refused(work, true, "token.secret is not set");
    settings->token.algorithm = "ES256";
    settings->token.key_file = kit_file(kit_pem(work, p256, false));
    load_refused(work, true, "token.private_key_file is not set");
}

static void test_a_secret_has_at_least_32_bytes(void **state)
{
    struct work *work = *state;
    struct settings *settings = kit_settings(work);
    const char *const any[] = {NULL, "a", "../../dev/null"};

    settings->token.secret = "0123456789abcdef0123456789abcde";
    load_refused(work, false, "token.secret must be at least 32 bytes long");
    load_refused(work, true, "token.secret must be at least 32 bytes long");
    settings->token.secret = "0123456789abcdef0123456789abcdef";
    assert_int_equal(loaded(work, any, COUNT_OF(any)), 3);
}

static void test_a_setting_for_another_algorithm_is_a_mistake(void **state)
{
    struct work *work = *state;
    struct settings *settings = kit_settings_secret(work);

    settings->token.key_file = "public.pem";
    load_refused(work, false, "token.algorithm is HS256");
    settings->token.key_file = "";
    settings->token.private_key_file = "private.pem";
    load_refused(work, true, "token.algorithm is HS256");
    settings->token.algorithm = "RS256";
    load_refused(work, false, "token.secret is for HS256, but token.algorithm is RS256");
}

static void test_a_pem_file_holds_a_public_key(void **state)
{
    struct work *work = *state;
    struct settings *settings = kit_settings(work);
    const char *const any[] = {NULL, "a"};

    settings->token.algorithm = "RS256";
    settings->token.key_file = kit_file(kit_pem(work, rsa, false));
    assert_int_equal(loaded(work, any, COUNT_OF(any)), 2);
    settings->token.algorithm = "ES256";
    load_refused(work, false, "is not a key on the curve P-256");
    settings->token.key_file = kit_file(kit_pem(work, p256, false));
    assert_int_equal(loaded(work, any, COUNT_OF(any)), 2);
    settings->token.algorithm = "RS256";
    load_refused(work, false, "is not an RSA key (token.algorithm is RS256)");
    settings->token.key_file = kit_file(kit_pem(work, rsa, true));
    load_refused(work, false, "is not a key that can be read");
    settings->token.key_file = kit_file("");
    load_refused(work, false, "is not a key that can be read");
    settings->token.key_file = kit_file(arena_printf(work->arena, "%70000s", ""));
    load_refused(work, false, "is not a file of at most 65536 bytes");
    settings->token.key_file = "/nonexistent/key.pem";
    load_refused(work, false, "token.key_file: cannot read /nonexistent/key.pem");
    settings->token.key_file = "/tmp";
    load_refused(work, false, "token.key_file: ");
}

static void test_a_private_key_is_for_signing_alone(void **state)
{
    struct work *work = *state;
    struct settings *settings = kit_settings(work);
    struct token_keys *keys;

    settings->token.algorithm = "RS256";
    settings->token.private_key_file = kit_file(kit_pem(work, rsa, true));
    assert_int_equal(token_keys_load_private(&keys, work), OK);
    assert_true(token_keys_given(keys));
    token_keys_free(keys);
    assert_int_equal(token_keys_load(&keys, work), OK);
    assert_false(token_keys_given(keys));
    token_keys_free(keys);
    assert_int_equal(chmod(settings->token.private_key_file, 0644), 0);
    load_refused(work, true, "everybody can read");
    settings->token.private_key_file = kit_file(kit_pem(work, rsa, false));
    load_refused(work, true, "is not a key that can be read");
}

static void test_a_locked_private_key_is_refused_without_a_question(void **state)
{
    struct work *work = *state;
    struct settings *settings = kit_settings(work);
    BIO *bio = BIO_new(BIO_s_mem());
    unsigned char password[] = "password";
    char *bytes;

    assert_int_equal(
        PEM_write_bio_PrivateKey(bio, p256, EVP_aes_128_cbc(), password, 8, NULL, NULL), 1);
    const long length = BIO_get_mem_data(bio, &bytes);
    settings->token.algorithm = "ES256";
    settings->token.private_key_file = kit_file(arena_bytes(work->arena, bytes, (size_t)length));
    BIO_free(bio);
    load_refused(work, true, "is not a key that can be read");
}

static const char *set_of(const struct work *work, const char *a, const char *b)
{
    return kit_file(arena_printf(work->arena, " {\"keys\":[%s%s%s],\"more\":{}}", a,
                                 b[0] == '\0' ? "" : ",", b));
}

static void test_a_set_gives_the_keys_of_its_algorithm(void **state)
{
    struct work *work = *state;
    struct settings *settings = kit_settings(work);
    const char *const names[] = {"a", "b", "c", "d", "e", "f", NULL};
    const char *keys[] = {
        kit_jwk(work, rsa, "\"kid\":\"a\",\"use\":\"sig\",\"x5c\":[\"MII\"],"),
        kit_jwk(work, other_rsa, "\"kid\":\"b\",\"alg\":\"RS256\",\"key_ops\":[\"verify\"],"),
        kit_jwk(work, p256, "\"kid\":\"c\","),
        kit_jwk(work, rsa, "\"kid\":\"d\",\"use\":\"enc\","),
        kit_jwk(work, rsa, "\"kid\":\"e\",\"alg\":\"PS256\","),
        kit_jwk(work, rsa, "\"kid\":\"f\",\"key_ops\":[\"encrypt\"],"),
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AA\"},{\"kty\":\"oct\",\"k\":\"AAAA\"}",
    };
    const char *all = keys[0];

    for (size_t i = 1; i < COUNT_OF(keys); i++) {
        all = arena_printf(work->arena, "%s,%s", all, keys[i]);
    }
    settings->token.algorithm = "RS256";
    settings->token.key_file = set_of(work, all, "");
    assert_int_equal(loaded(work, names, COUNT_OF(names)), 2);
    settings->token.algorithm = "ES256"; /* one key: a token need not name it */
    assert_int_equal(loaded(work, names, COUNT_OF(names)), 2);
}

static void test_a_broken_set_is_refused(void **state)
{
    struct work *work = *state;
    struct settings *settings = kit_settings(work);
    const char *a = kit_jwk(work, rsa, "\"kid\":\"a\",");
    const struct {
        const char *one, *two, *why;
    } cases[] = {
        {"{}",                     "",           "keys[0].kty is required"      },
        {"5",                      "",           "keys[0] must be an object"    },
        {"",                       "",           "has no key for RS256"         },
        {a,                        a,            "a kid of its own"             },
        {a,                        kit_jwk(work, other_rsa,                       ""), "a kid of its own"},
        {kit_jwk(work,      other_rsa,                  ""),                                      a, "a kid of its own"},
        {kit_jwk(work,                     p256,               "\"kid\":\"a\","),"", "has no key for RS256"},
        {kit_jwk(work,             rsa, "\"kid\":7,"), "", "kid must be a string"},
        {kit_jwk(work,  rsa,              "\"kid\":\"\","),                                  "", "kid must not be empty"},
        {kit_jwk(work,           rsa,                     "\"d\":\"AAAA\","),                              a, "keys[0] is a private key"},
        {kit_jwk(work,             rsa,                     "\"e\":\"AQAB\","),                       "", "a key is given twice"},
        {a, "{\"kty\":\"RSA\"}",             "keys[1] is not a key that can be read"                                },
        {"{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}",      "","keys[0] is too short"},
        {"{\"kty\":\"RSA\",\"n\":\"AQ==\",\"e\":\"AQAB\"}",             "",
         "keys[0] is not a key that can be read"  },
        {"{\"kty\":\"RSA\",\"n\":\"\",\"e\":\"\"}",  "",              "keys[0] is "                                            },
    };

    settings->token.algorithm = "RS256";
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        settings->token.key_file = set_of(work, cases[i].one, cases[i].two);
        load_refused(work, false, cases[i].why);
    }
    settings->token.key_file = kit_file("{\"keys\":{}}");
    load_refused(work, false, "keys must be a list");
    settings->token.key_file = kit_file("{\"keys\":[");
    load_refused(work, false, "cannot be read");
    settings->token.key_file = kit_file(a);
    load_refused(work, false, "keys is required");
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_without_a_key_there_is_no_failure),
        PROMISE(test_signing_needs_a_key),
        PROMISE(test_a_secret_has_at_least_32_bytes),
        PROMISE(test_a_setting_for_another_algorithm_is_a_mistake),
        PROMISE(test_a_pem_file_holds_a_public_key),
        PROMISE(test_a_private_key_is_for_signing_alone),
        PROMISE(test_a_locked_private_key_is_refused_without_a_question),
        PROMISE(test_a_set_gives_the_keys_of_its_algorithm),
        PROMISE(test_a_broken_set_is_refused),
    };
    return cmocka_run_group_tests(promises, make_pairs, end_pairs);
}
