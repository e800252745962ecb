/* SPDX-License-Identifier: MIT */
/* Tokens that are not taken although nearly right. Each has one flaw, and is refused for just that
 * one. */
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

struct attack {
    const char *text;
    const char *why;
};

static void test_no_header_talks_its_way_in(void **state)
{
    static const struct attack attacks[] = {
        {"{'alg':'none'}",                                         "must be signed with HS256"},
        {"{'alg':'nOnE','typ':'JWT'}",                             "must be signed with HS256"},
        {"{'alg':''}",                                             "must be signed with HS256"},
        {"{'alg':'hs256'}",                                        "must be signed with HS256"},
        {"{'alg':'HS384'}",                                        "must be signed with HS256"},
        {"{'alg':'RS256'}",                                        "must be signed with HS256"},
        {"{'alg':'ES256'}",                                        "must be signed with HS256"},
        {"{'alg':'dir','enc':'A256GCM'}",                          "must be signed with HS256"},
        {"{'alg':'HS256 '}",                                       "not acceptable: alg"      },
        {"{'alg':null}",                                           "not acceptable: alg"      },
        {"{'alg':256}",                                            "not acceptable: alg"      },
        {"{'alg':['HS256','none']}",                               "not acceptable: alg"      },
        {"{'alg':{'HS256':1}}",                                    "not acceptable: alg"      },
        {"{'ALG':'HS256'}",                                        "not acceptable: alg"      },
        {"{}",                                                     "not acceptable: alg"      },
        {"{'alg':'none','alg':'HS256'}",                           "header cannot be read"    },
        {"{'alg':'HS256','\\u0061lg':'none'}",                     "header cannot be read"    },
        {"{'alg':'HS256\\u0000'}",                                 "header cannot be read"    },
        {"{'alg':'HS256'}{'alg':'none'}",                          "header cannot be read"    },
        {"{'alg':'HS256',}",                                       "header cannot be read"    },
        {"[{'alg':'HS256'}]",                                      "header cannot be read"    },
        {"'HS256'",                                                "header cannot be read"    },
        {"null",                                                   "header cannot be read"    },
        {"",                                                       "header cannot be read"    },
        {"\xEF\xBB\xBF{'alg':'HS256'}",                            "header cannot be read"    },
        {"{'alg':'HS256','a':'\xC0\xAF'}",                         "header cannot be read"    },
        {"{'alg':'HS256','a':[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]}", "header cannot be read"    },
        {"{'alg':'HS256','typ':'JWE'}",                            "typ must be JWT"          },
        {"{'alg':'HS256','typ':'secevent+jwt'}",                   "typ must be JWT"          },
        {"{'alg':'HS256','typ':'JWT\\u0020'}",                     "not acceptable: typ"      },
        {"{'alg':'HS256','typ':null}",                             "not acceptable: typ"      },
        {"{'alg':'HS256','kid':7}",                                "not acceptable: kid"      },
        {"{'alg':'HS256','kid':['a']}",                            "not acceptable: kid"      },
        {"{'alg':'HS256','kid':'../../dev/null\\u0000'}",          "header cannot be read"    },
        {"{'alg':'HS256','crit':['exp']}",                         "not acceptable: crit"     },
        {"{'alg':'HS256','crit':[]}",                              "not acceptable: crit"     },
        {"{'alg':'HS256','crit':['b64'],'b64':false}",             "not acceptable: crit"     },
        {"{'alg':'HS256','crit':'exp'}",                           "not acceptable: crit"     },
        {"{'alg':'HS256','crit':null}",                            "not acceptable: crit"     },
        {"{'alg':'HS256','jku':'http://127.0.0.1/jwks.json'}",     "not acceptable: jku"      },
        {"{'alg':'HS256','x5u':'file:///etc/ssl/cert.pem'}",       "not acceptable: x5u"      },
        {"{'alg':'HS256','jwk':{'kty':'oct','k':'AAAA'}}",         "not acceptable: jwk"      },
        {"{'alg':'HS256','x5c':['MIIB']}",                         "not acceptable: x5c"      },
    };
    struct work *work = *state;
    (void)kit_settings_secret(work);
    struct token_keys *keys = load(work);

    for (size_t i = 0; i < COUNT_OF(attacks); i++) {
        refused(work, keys, kit_hmac(work, kit_message(work, attacks[i].text, CLAIMS), SECRET),
                attacks[i].why);
    }
    token_keys_free(keys);
}

static void test_no_claims_talk_their_way_in(void **state)
{
    static const struct attack attacks[] = {
        {"{" WHO "}",                                                 "claim exp is required"             },
        {"{'exp':null," WHO "}",                                      "claim exp must not be null"        },
        {"{'exp':'1772355600'," WHO "}",                              "claim exp must be a whole number"  },
        {"{'exp':1772355600.5," WHO "}",                              "claim exp must be a whole number"  },
        {"{'exp':1.8e9," WHO "}",                                     "claim exp must be a whole number"  },
        {"{'exp':true," WHO "}",                                      "claim exp must be a whole number"  },
        {"{'exp':[1772355600]," WHO "}",                              "claim exp must be a whole number"  },
        {"{'exp':-1," WHO "}",                                        "claim exp must be a whole number"  },
        {"{'exp':9223372036854775807," WHO "}",                       "claim exp must be a whole number"  },
        {"{'exp':-9223372036854775808," WHO "}",                      "claim exp must be a whole number"  },
        {"{'exp':253402300800," WHO "}",                              "claim exp must be a whole number"  },
        {"{'exp':1772355600000," WHO "}",                             "claim exp must be a whole number"  },
        {"{'exp':18446744073709551616," WHO "}",                      "claims cannot be read"             },
        {"{'exp':1e999," WHO "}",                                     "claims cannot be read"             },
        {"{'exp':NaN," WHO "}",                                       "claims cannot be read"             },
        {"{'exp':0," WHO "}",                                         "has expired"                       },
        {"{'exp':1," WHO "}",                                         "has expired"                       },
        {"{'exp':1772351940," WHO "}",                                "has expired"                       },
        {"{'exp':1," EXP "," WHO "}",                                 "claims cannot be read"             },
        {"{" EXP ",'\\u0065xp':1," WHO "}",                           "claims cannot be read"             },
        {"{" EXP "," WHO ",'nbf':1772352061}",                        "not valid yet"                     },
        {"{" EXP "," WHO ",'nbf':'0'}",                               "claim nbf must be a whole number"  },
        {"{" EXP "," WHO ",'nbf':0.5}",                               "claim nbf must be a whole number"  },
        {"{" EXP "," WHO ",'nbf':null}",                              "claim nbf must not be null"        },
        {"{" EXP "," WHO ",'iat':1772352061}",                        "not valid yet"                     },
        {"{" EXP "," WHO ",'iat':{}}",                                "claim iat must be a whole number"  },
        {"{" EXP ",'org_id':'org-1'}",                                "claim role is required"            },
        {"{" EXP ",'role':'','org_id':'org-1'}",                      "claim role must not be empty"      },
        {"{" EXP ",'role':['global_admin'],'org_id':'org-1'}",        "claim role must be a string"       },
        {"{" EXP ",'role':4,'org_id':'org-1'}",                       "claim role must be a string"       },
        {"{" EXP ",'role':null,'org_id':'org-1'}",                    "claim role must not be null"       },
        {"{" EXP ",'role':'global_admin'," WHO "}",                   "claims cannot be read"             },
        {"{" EXP ",'role':'coordinator'}",                            "claim org_id is required"          },
        {"{" EXP ",'role':'mentor'}",                                 "claim sub is required"             },
        {"{" EXP ",'role':'mentor','sub':'','org_id':'org-1'}",       "claim sub is required"             },
        {"{" EXP ",'role':'org_admin'}",                              "claim org_id is required"          },
        {"{" EXP ",'role':'coordinator','org_id':''}",                "claim org_id must not be empty"    },
        {"{" EXP ",'role':'coordinator','org_id':null}",              "claim org_id must not be null"     },
        {"{" EXP ",'role':'coordinator','org_id':1}",                 "claim org_id must be a string"     },
        {"{" EXP ",'role':'coordinator','org_id':['org-1','org-2']}",
         "claim org_id must be a string"                                                                  },
        {"{" EXP ",'role':'coordinator','org_id':'org-1 '}",          "claim org_id must not begin or end"},
        {"{" EXP ",'role':'coordinator','org_id':'org\\n1'}",         "claim org_id must not hold control"},
        {"{" EXP ",'role':'coordinator','org_id':'org-1\\u0000'}",    "claims cannot be read"             },
        {"{" EXP "," WHO ",'org_id':'org-2'}",                        "claims cannot be read"             },
        {"{" EXP "," WHO ",'sub':7}",                                 "claim sub must be a string"        },
        {"{" EXP "," WHO ",'sub':'a\\r\\nb'}",                        "claim sub must not hold control"   },
        {"{" EXP "," WHO ",'iss':7}",                                 "claim iss must be a string"        },
        {"{" EXP "," WHO ",'aud':[['mentorwatch']]}",                 "claim aud[0] must be a string"     },
        {"[" CLAIMS "]",                                              "claims cannot be read"             },
        {CLAIMS "x",                                                  "claims cannot be read"             },
        {"null",                                                      "claims cannot be read"             },
        {"",                                                          "claims cannot be read"             },
        {"eyJhbGciOiJIUzI1NiJ9.e30.AAAA",                             "claims cannot be read"             },
    };
    struct work *work = *state;
    (void)kit_settings_secret(work);
    struct token_keys *keys = load(work);

    for (size_t i = 0; i < COUNT_OF(attacks); i++) {
        refused(work, keys, kit_hmac(work, kit_message(work, HEADER, attacks[i].text), SECRET),
                attacks[i].why);
    }
    const char *long_org =
        arena_printf(work->arena, "{%s,'role':'org_admin','org_id':'%065d'}", EXP, 0);
    refused(work, keys, kit_hmac(work, kit_message(work, HEADER, long_org), SECRET),
            "claim org_id must have at most 64 characters");
    token_keys_free(keys);
}

static void test_no_form_but_the_right_one_is_read(void **state)
{
    static const char unreadable[] = "is not a signed JWT";
    struct work *work = *state;
    struct arena *arena = work->arena;
    (void)kit_settings_secret(work);
    struct token_keys *keys = load(work);
    const char *message = kit_message(work, HEADER, CLAIMS);
    const char *good = kit_hmac(work, message, SECRET);
    const char *signature = good + strlen(message) + 1;
    const char *claims = strchr(message, '.') + 1;
    const char *forms[] = {
        "",
        ".",
        "a",
        "Bearer",
        "a.b",
        message,
        arena_printf(arena, "%s.", good),
        arena_printf(arena, ".%s", good),
        arena_printf(arena, "%s.%s", good, signature),
        arena_printf(arena, "%s..%s", message, signature),
        arena_printf(arena, "%s.AAAA.AAAA", good),
        arena_printf(arena, " %s", good),
        arena_printf(arena, "%s ", good),
        arena_printf(arena, "%s\n", good),
        arena_printf(arena, "%s=", good),
        arena_printf(arena, "Bearer %s", good),
        arena_printf(arena, "\"%s\"", good),
        arena_printf(arena, "%s.+%s", message, signature),
        arena_printf(arena, "%s./%s", message, signature),
        arena_printf(arena, "%s.%.*s", message, 41, signature), /* a lone digit at the end */
        arena_printf(arena, "%s;%s", message, signature),
        "{\"payload\":\"e30\",\"protected\":\"e30\",\"signature\":\"AAAA\"}",
    };

    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        refused(work, keys, forms[i], unreadable);
    }
    char *last_bits = arena_text(arena, good);
    last_bits[strlen(good) - 1]++; /* another digit for the same bytes, as loose decoders have it */
    refused(work, keys, last_bits, unreadable);
    refused_bytes(work, keys, good, strlen(good) + 1, unreadable);
    refused(work, keys, "..", "header cannot be read");
    refused(work, keys, arena_printf(arena, ".%s.%s", claims, signature), "header cannot be read");
    token_keys_free(keys);
}

/* A good token of that many bytes. */
static char *of_length(const struct work *work, size_t length)
{
    static const char frame[] = "{" EXP "," WHO ",'a':''}";
    const size_t encoded = length - strlen(kit_base64(work, HEADER)) - strlen("..") - 43;
    const int filling = (int)(encoded * 3 / 4 - strlen(frame));

    return kit_hmac(
        work,
        kit_message(work, HEADER,
                    arena_printf(work->arena, "{%s,%s,'a':'%0*d'}", EXP, WHO, filling, 0)),
        SECRET);
}

static void test_4096_bytes_are_the_most(void **state)
{
    struct work *work = *state;
    (void)kit_settings_secret(work);
    struct token_keys *keys = load(work);
    const char *most = of_length(work, 4096);

    assert_int_equal(strlen(most), 4096);
    (void)taken(work, keys, most);
    refused(work, keys, of_length(work, 4097), "at most 4096 bytes");
    refused(work, keys, of_length(work, 1000000), "at most 4096 bytes");
    token_keys_free(keys);
}

static void test_no_other_hand_signs_for_us(void **state)
{
    struct work *work = *state;
    struct arena *arena = work->arena;
    (void)kit_settings_secret(work);
    struct token_keys *keys = load(work);
    const char *message = kit_message(work, HEADER, CLAIMS);
    const char *admin = kit_message(work, HEADER, "{" EXP ",'role':'global_admin'}");
    const char *path = kit_message(work, "{'alg':'HS256','kid':'../../../dev/null'}", CLAIMS);
    const char *query = kit_message(work, "{'alg':'HS256','kid':'x\\u0027 UNION SELECT'}", CLAIMS);
    const char *good = kit_hmac(work, message, SECRET);
    const char *signature = good + strlen(message) + 1;
    static const unsigned char zeros[64];
    const char *tokens[] = {
        kit_hmac(work, message, ""),
        kit_hmac(work, message, "secret"),
        kit_hmac(work, message, "Correct horse battery staple, it is said"),
        kit_hmac(work, message, SECRET "\n"),
        kit_hmac(work, path, ""),
        kit_hmac(work, query, "x"),
        arena_printf(arena, "%s.%s", admin, signature),
        arena_printf(arena, "%s.", message),
        arena_printf(arena, "%s.%.*s", message, 40, signature),
        arena_printf(arena, "%s.%sAAAA", message,
                     kit_base64(work, "0123456789abcdef0123456789abcdef")),
        kit_join(work, message, zeros, 32),
        kit_join(work, message, zeros, 64),
        kit_sign(work, message, rsa, "SHA256"),
        kit_sign(work, message, p256, "SHA256"),
    };

    for (size_t i = 0; i < COUNT_OF(tokens); i++) {
        refused(work, keys, tokens[i], "signature is not good");
    }
    token_keys_free(keys);
}

static void test_without_a_key_no_token_is_taken(void **state)
{
    struct work *work = *state;
    (void)kit_settings(work);
    struct token_keys *keys = load(work);
    const char *message = kit_message(work, HEADER, CLAIMS);

    refused(work, keys, kit_hmac(work, message, SECRET), "no token is accepted here");
    refused(work, keys, kit_hmac(work, message, ""), "no token is accepted here");
    refused(work, keys, "", "no token is accepted here");
    token_keys_free(keys);
}

static void test_a_public_key_is_no_secret(void **state)
{
    struct work *work = *state;
    struct settings *settings = kit_settings(work);
    const char *pem = kit_pem(work, rsa, false);
    settings->token.algorithm = "RS256";
    settings->token.key_file = kit_file(pem);
    struct token_keys *keys = load(work);
    const char *message = kit_message(work, "{'alg':'RS256'}", CLAIMS);

    (void)taken(work, keys, kit_sign(work, message, rsa, "SHA256"));
    refused(work, keys, kit_hmac(work, kit_message(work, HEADER, CLAIMS), pem),
            "must be signed with RS256");
    refused(work, keys, kit_hmac(work, message, pem), "signature is not good");
    refused(work, keys, arena_printf(work->arena, "%s.", message), "signature is not good");
    refused(work, keys, kit_sign(work, message, other_rsa, "SHA256"), "signature is not good");
    refused(work, keys, kit_sign(work, message, rsa, "SHA512"), "signature is not good");
    refused(work, keys, kit_sign(work, message, rsa, "SHA1"), "signature is not good");
    refused(work, keys, kit_sign(work, message, p256, "SHA256"), "signature is not good");
    token_keys_free(keys);
}

static void test_an_es256_signature_is_r_and_s(void **state)
{
    static const unsigned char zeros[72];
    struct work *work = *state;
    struct settings *settings = kit_settings(work);
    settings->token.algorithm = "ES256";
    settings->token.key_file = kit_file(kit_pem(work, p256, false));
    struct token_keys *keys = load(work);
    const char *message = kit_message(work, "{'alg':'ES256'}", CLAIMS);
    unsigned char ones[64];

    memset(ones, 0xFF, sizeof(ones));
    refused(work, keys, kit_sign(work, message, p256, "SHA256"), "signature is not good"); /* DER */
    refused(work, keys, kit_join(work, message, ones, 64), "signature is not good");
    for (size_t length = 0; length <= sizeof(zeros); length++) {
        refused(work, keys, kit_join(work, message, zeros, length), "signature is not good");
    }
    token_keys_free(keys);
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_no_header_talks_its_way_in),
        PROMISE(test_no_claims_talk_their_way_in),
        PROMISE(test_no_form_but_the_right_one_is_read),
        PROMISE(test_4096_bytes_are_the_most),
        PROMISE(test_no_other_hand_signs_for_us),
        PROMISE(test_without_a_key_no_token_is_taken),
        PROMISE(test_a_public_key_is_no_secret),
        PROMISE(test_an_es256_signature_is_r_and_s),
    };
    return cmocka_run_group_tests(promises, make_pairs, end_pairs);
}
