/* SPDX-License-Identifier: MIT */
/* Tokens that are taken; test_token_attacks.c has those that are not. */
#include "token_kit.h"

static EVP_PKEY *rsa;
static EVP_PKEY *p256;
static EVP_PKEY *other_p256;

static int make_pairs(void **state)
{
    (void)state;
    rsa = EVP_RSA_gen(2048);
    p256 = EVP_EC_gen("P-256");
    other_p256 = EVP_EC_gen("P-256");
    return rsa == NULL || p256 == NULL || other_p256 == NULL;
}

static int end_pairs(void **state)
{
    EVP_PKEY_free(rsa);
    EVP_PKEY_free(p256);
    EVP_PKEY_free(other_p256);
    return end_files(state);
}

static void test_a_token_says_who_asks(void **state)
{
    static const struct {
        const char *claims;
        struct actor actor;
    } cases[] = {
        {CLAIMS,                                                            {.role = ROLE_COORDINATOR, .organisation_id = "org-1"}},
        {"{" EXP ",'role':'org_admin','org_id':'\\u00e5s','sub':'ingrid'}",
         {.subject = "ingrid", .role = ROLE_ORG_ADMIN, .organisation_id = "\xC3\xA5s"}                                            },
        {"{" EXP ",'role':'global_admin','sub':''}",                        {.subject = "", .role = ROLE_GLOBAL_ADMIN}            },
        {"{" EXP ",'role':'global_admin','org_id':'org-1'}",                {.role = ROLE_GLOBAL_ADMIN}                           },
        {"{" EXP ",'role':'mentor','sub':'kari','org_id':'org-1'}",
         {.subject = "kari", .role = ROLE_MENTOR}                                                                                 },
        {"{" EXP ",'role':'root','org_id':'org-1'}",                        {.organisation_id = "org-1"}                          },
        {"{" EXP ",'role':'Coordinator'}",                                  {.role = ROLE_NONE}                                   },
        {"{" EXP ",'role':'coordinator,global_admin'}",                     {.role = ROLE_NONE}                                   },
    };
    struct work *work = *state;
    (void)kit_settings_secret(work);
    struct token_keys *keys = load(work);

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct actor actor =
            taken(work, keys, kit_hmac(work, kit_message(work, HEADER, cases[i].claims), SECRET));
        assert_int_equal(actor.role, cases[i].actor.role);
        assert_true((actor.subject == NULL) == (cases[i].actor.subject == NULL));
        assert_true((actor.organisation_id == NULL) == (cases[i].actor.organisation_id == NULL));
        if (actor.subject != NULL) {
            assert_string_equal(actor.subject, cases[i].actor.subject);
        }
        if (actor.organisation_id != NULL) {
            assert_string_equal(actor.organisation_id, cases[i].actor.organisation_id);
        }
    }
    token_keys_free(keys);
}

static void test_what_the_standard_leaves_open_is_taken(void **state)
{
    static const char *const headers[] = {
        "{'alg':'HS256'}",
        "{'alg':'HS256','typ':'jwt'}",
        "{'typ':'AT+JWT','alg':'HS256','kid':'../../dev/null'}",
        " {\n'alg' : 'HS\\u003256'}",
        "{'alg':'HS256','x5t':'AAAA','nonce':{'a':[1,2.5,null]}}",
    };
    static const char *const claims[] = {
        "{" EXP "," WHO ",'iat':1772352060,'nbf':1772352060}",
        "{'exp':1772351941," WHO "}",
        "{'exp':253402300799," WHO ",'iat':0,'nbf':0}",
        "{" EXP "," WHO ",'iss':'anybody','aud':['anything']}",
        "{" EXP "," WHO ",'email':null,'scope':['a','b'],'more':{'role':'global_admin'}}",
    };
    struct work *work = *state;
    (void)kit_settings_secret(work);
    struct token_keys *keys = load(work);

    for (size_t i = 0; i < COUNT_OF(headers); i++) {
        (void)taken(work, keys, kit_hmac(work, kit_message(work, headers[i], CLAIMS), SECRET));
        (void)taken(work, keys, kit_hmac(work, kit_message(work, HEADER, claims[i]), SECRET));
    }
    token_keys_free(keys);
}

static void test_issuer_and_audience_are_those_of_the_settings(void **state)
{
    static const struct {
        const char *claims;
        const char *why; /* NULL: taken */
    } cases[] = {
        {"'iss':'https://id.example.org','aud':'mentorwatch'",              NULL                           },
        {"'iss':'https://id.example.org','aud':['other','mentorwatch']",    NULL                           },
        {"'aud':'mentorwatch'",                                             "another issuer"               },
        {"'iss':'https://id.example.org/','aud':'mentorwatch'",             "another issuer"               },
        {"'iss':'HTTPS://id.example.org','aud':'mentorwatch'",              "another issuer"               },
        {"'iss':'','aud':'mentorwatch'",                                    "another issuer"               },
        {"'iss':['https://id.example.org'],'aud':'mentorwatch'",            "claim iss must be a string"   },
        {"'iss':'https://id.example.org'",                                  "another audience"             },
        {"'iss':'https://id.example.org','aud':'other'",                    "another audience"             },
        {"'iss':'https://id.example.org','aud':'mentorwatch.example.org'",  "another audience"             },
        {"'iss':'https://id.example.org','aud':'mentor'",                   "another audience"             },
        {"'iss':'https://id.example.org','aud':[]",                         "another audience"             },
        {"'iss':'https://id.example.org','aud':['other','mentorwatchers']", "another audience"             },
        {"'iss':'https://id.example.org','aud':['mentorwatch',7]",          "claim aud[1] must be a string"},
        {"'iss':'https://id.example.org','aud':{'mentorwatch':true}",       "claim aud must be a list"     },
    };
    struct work *work = *state;
    struct settings *settings = kit_settings_secret(work);
    settings->token.issuer = "https://id.example.org";
    settings->token.audience = "mentorwatch";
    struct token_keys *keys = load(work);

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *claims = arena_printf(work->arena, "{%s,%s,%s}", EXP, WHO, cases[i].claims);
        const char *token = kit_hmac(work, kit_message(work, HEADER, claims), SECRET);
        if (cases[i].why == NULL) {
            (void)taken(work, keys, token);
        } else {
            refused(work, keys, token, cases[i].why);
        }
    }
    token_keys_free(keys);
}

/* A token by `mentorwatch token`, with that key pair. */
static char *minted(struct work *work, EVP_PKEY *pair, const char *kid)
{
    struct settings settings = *work->settings;
    const struct settings *kept = work->settings;
    const struct grant grant = {
        .role = "org_admin", .organisation_id = "o\"1", .kid = kid, .seconds = 60};
    struct token_keys *keys;
    char *token;

    settings.token.private_key_file = pair == NULL ? "" : kit_file(kit_pem(work, pair, true));
    work->settings = &settings;
    assert_int_equal(token_keys_load_private(&keys, work), OK);
    assert_int_equal(token_mint(&token, work, keys, &grant), OK);
    token_keys_free(keys);
    work->settings = kept;
    return token;
}

static void test_what_is_minted_is_taken_until_it_expires(void **state)
{
    const struct {
        const char *algorithm;
        EVP_PKEY *pair;
    } cases[] = {
        {"HS256", NULL},
        {"RS256", rsa },
        {"ES256", p256},
    };
    struct work *work = *state;
    struct settings *settings = kit_settings(work);
    settings->token.issuer = "issuer";
    settings->token.audience = "audience";

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        EVP_PKEY *pair = cases[i].pair;
        const struct instant now = work->now;
        settings->token.algorithm = cases[i].algorithm;
        settings->token.secret = pair == NULL ? SECRET : "";
        settings->token.key_file = pair == NULL ? "" : kit_file(kit_pem(work, pair, false));
        struct token_keys *keys = load(work);
        const char *token = minted(work, pair, NULL);
        const struct actor actor = taken(work, keys, token);
        assert_int_equal(actor.role, ROLE_ORG_ADMIN);
        assert_string_equal(actor.organisation_id, "o\"1");
        assert_null(actor.subject);
        work->now = instant_plus(now, INT64_C(119) * MS_PER_SECOND); /* 60 and the leeway */
        (void)taken(work, keys, token);
        work->now = instant_plus(now, INT64_C(120) * MS_PER_SECOND);
        refused(work, keys, token, "has expired");
        work->now = instant_plus(now, INT64_C(-61) * MS_PER_SECOND);
        refused(work, keys, token, "not valid yet");
        work->now = now;
        token_keys_free(keys);
    }
}

static void test_a_minted_token_says_what_it_was_told(void **state)
{
    struct work *work = *state;
    struct settings *settings = kit_settings_secret(work);
    settings->token.issuer = "issuer";
    settings->token.audience = "audience";
    const char *header = "{'alg':'HS256','typ':'JWT','kid':'a'}";
    const char *claims = "{'iss':'issuer','aud':['audience'],'iat':1772352000,'nbf':1772352000,"
                         "'exp':1772352060,'role':'org_admin','org_id':'o\\\"1'}";

    assert_string_equal(minted(work, NULL, "a"),
                        kit_hmac(work, kit_message(work, header, claims), SECRET));
}

static void test_kid_chooses_among_the_keys_of_a_set(void **state)
{
    struct work *work = *state;
    struct settings *settings = kit_settings(work);
    settings->token.algorithm = "ES256";
    settings->token.key_file = kit_file(arena_printf(
        work->arena, "{\"keys\":[%s,%s,%s]}", kit_jwk(work, rsa, "\"kid\":\"r\","),
        kit_jwk(work, p256, "\"kid\":\"a\","), kit_jwk(work, other_p256, "\"kid\":\"../b\",")));
    struct token_keys *keys = load(work);

    (void)taken(work, keys, minted(work, p256, "a"));
    (void)taken(work, keys, minted(work, other_p256, "../b"));
    refused(work, keys, minted(work, p256, "../b"), "signature is not good");
    refused(work, keys, minted(work, other_p256, "a"), "signature is not good");
    refused(work, keys, minted(work, p256, NULL), "does not name a key (kid)");
    refused(work, keys, minted(work, p256, ""), "does not name a key (kid)");
    refused(work, keys, minted(work, p256, "A"), "does not name a key (kid)");
    refused(work, keys, minted(work, p256, "r"), "does not name a key (kid)");
    refused(work, keys, minted(work, p256, "../../etc/passwd"), "does not name a key (kid)");
    token_keys_free(keys);
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_a_token_says_who_asks),
        PROMISE(test_what_the_standard_leaves_open_is_taken),
        PROMISE(test_issuer_and_audience_are_those_of_the_settings),
        PROMISE(test_what_is_minted_is_taken_until_it_expires),
        PROMISE(test_a_minted_token_says_what_it_was_told),
        PROMISE(test_kid_chooses_among_the_keys_of_a_set),
    };
    return cmocka_run_group_tests(promises, make_pairs, end_pairs);
}
