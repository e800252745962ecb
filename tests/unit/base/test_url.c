/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "base/url.h"

static void test_a_web_address_has_a_scheme_and_a_host(void **state)
{
    static const char *const good[] = {
        "https://example.org",         "http://example.org/",    "https://example.org:8443/a?b=c#d",
        "https://user:pw@example.org", "https://[2001:db8::1]/", "https://xn--s-2fa.example/",
    };
    static const char *const bad[] = {
        "",
        "example.org",
        "ftp://example.org",
        "HTTPS://example.org",
        "https:/example.org",
        "https://",
        "https:///path",
        "https://?a",
        "https://#a",
        "https://@",
        "https://example.org/a b",
        "https://example.org/\r\nX: y",
        "https://example.org\\@evil.example",
        "https://\xC3\xA5s.example/",
        "https://example.org/\x7F",
        " https://example.org",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        assert_true(url_is_web(good[i]));
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (url_is_web(bad[i])) {
            fail_msg("\"%s\" was taken", bad[i]);
        }
    }
}

static void test_only_http_is_plain(void **state)
{
    (void)state;
    assert_true(url_is_plain("http://example.org"));
    assert_false(url_is_plain("https://example.org"));
}

static void test_a_log_sees_no_more_than_the_host(void **state)
{
    static const char *const cases[][2] = {
        {"https://example.org/secret/path?token=1", "https://example.org"    },
        {"http://user:pw@example.org:81/a",         "http://example.org:81"  },
        {"https://a@b@example.org?x@y",             "https://example.org"    },
        {"https://example.org#a@b",                 "https://example.org"    },
        {"https://[2001:db8::1]:8/a",               "https://[2001:db8::1]:8"},
        {"ntfy:https://example.org/topic",          ""                       },
    };
    const struct work *work = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(url_origin(work->arena, cases[i][0]), cases[i][1]);
    }
}

static void test_a_path_is_coded_where_an_address_needs_it(void **state)
{
    static const char *const cases[][3] = {
        {"https://a.example",   "/readyz",             "https://a.example/readyz"               },
        {"https://a.example/",  "/x/y.conf",           "https://a.example/x/y.conf"             },
        {"https://a.example//", "/-._~09AZaz",         "https://a.example/-._~09AZaz"           },
        {"http://[::1]:8080",   "/a b?c#d%e&f",        "http://[::1]:8080/a%20b%3Fc%23d%25e%26f"},
        {"http://a",            "/\xC3\xA5\r\n@:\\\"", "http://a/%C3%A5%0D%0A%40%3A%5C%22"      },
    };
    const struct work *work = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(url_of_path(work->arena, cases[i][0], cases[i][1]), cases[i][2]);
    }
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_a_web_address_has_a_scheme_and_a_host),
        PROMISE(test_only_http_is_plain),
        PROMISE(test_a_log_sees_no_more_than_the_host),
        PROMISE(test_a_path_is_coded_where_an_address_needs_it),
    };
    return RUN_ALL(promises);
}
