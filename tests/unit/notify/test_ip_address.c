/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "notify/ip_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/un.h>

static bool is_public(const char *text)
{
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    struct sockaddr_in four = {.sin_family = AF_INET};

    if (inet_pton(AF_INET, text, &four.sin_addr) == 1) {
        return ip_address_is_public((const struct sockaddr *)&four);
    }
    assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
    return ip_address_is_public((const struct sockaddr *)&six);
}

static void test_the_public_internet_is_public(void **state)
{
    static const char *const cases[] = {
        "1.1.1.1",         "8.8.8.8",         "9.255.255.255",        "11.0.0.0",
        "100.63.255.255",  "100.128.0.0",     "126.255.255.255",      "128.0.0.0",
        "169.253.0.1",     "169.255.0.0",     "172.15.255.255",       "172.32.0.0",
        "192.0.1.0",       "192.167.255.255", "192.169.0.0",          "198.17.255.255",
        "198.20.0.0",      "223.255.255.255", "2001:4860:4860::8888", "2606:4700::1111",
        "2001:200::",      "3fff:1000::",     "::ffff:8.8.8.8",       "64:ff9b::8.8.8.8",
        "2002:808:808::1",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (!is_public(cases[i])) {
            fail_msg("%s is not public", cases[i]);
        }
    }
}

static void test_nothing_else_is(void **state)
{
    static const char *const cases[] = {
        "0.0.0.0",
        "0.255.255.255",
        "10.0.0.0",
        "10.255.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.169.254",
        "172.16.0.0",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.0",
        "192.168.255.255",
        "198.18.0.0",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::8.8.8.8",
        "::ffff:127.0.0.1",
        "::ffff:10.1.2.3",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2001:1ff::1",
        "2002:7f00:1::",
        "2002:c0a8:101::",
        "3fff:fff::1",
        "fc00::1",
        "fdff::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "4000::1",
    };
    const struct sockaddr_un unix_socket = {.sun_family = AF_UNIX};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (is_public(cases[i])) {
            fail_msg("%s is public", cases[i]);
        }
    }
    assert_false(ip_address_is_public((const struct sockaddr *)&unix_socket));
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_the_public_internet_is_public),
        PROMISE(test_nothing_else_is),
    };
    return RUN_ALL(promises);
}
