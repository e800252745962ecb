/* SPDX-License-Identifier: MIT */
#include "notify/ip_address.h"

#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

enum { IPV4_SIZE = 4, IPV6_SIZE = 16, BYTE_BITS = 8 };

struct network {
    unsigned char bytes[IPV6_SIZE];
    unsigned bits;
};

/* clang-format off */
static const struct network ipv4_not_public[] = {
    {{0}, 8},                /* this host */
    {{10}, 8},               /* private */
    {{100, 64}, 10},         /* carriers' */
    {{127}, 8},              /* loopback */
    {{169, 254}, 16},        /* link-local */
    {{172, 16}, 12},         /* private */
    {{192, 0, 0}, 24},       /* protocols */
    {{192, 0, 2}, 24},       /* documentation */
    {{192, 88, 99}, 24},     /* relays of 6to4 */
    {{192, 168}, 16},        /* private */
    {{198, 18}, 15},         /* tests */
    {{198, 51, 100}, 24},    /* documentation */
    {{203, 0, 113}, 24},     /* documentation */
    {{224}, 3},              /* multicast, reserved, broadcast */
};
static const struct network ipv6_public = {{0x20}, 3};
static const struct network ipv6_not_public[] = {
    {{0x20, 0x01}, 23},             /* protocols, Teredo among them */
    {{0x20, 0x01, 0x0D, 0xB8}, 32}, /* documentation */
    {{0x3F, 0xFF}, 20},             /* documentation */
};
/* Those that carry an IPv4 address, which decides. */
static const struct carrier {
    struct network network;
    size_t at;
} carriers[] = {
    {{{[10] = 0xFF, 0xFF}, 96}, 12},             /* mapped */
    {{{0x00, 0x64, 0xFF, 0x9B}, 96}, 12},        /* NAT64 */
    {{{0x20, 0x02}, 16}, 2},                     /* 6to4 */
};
/* clang-format on */

static bool is_in(const struct network *network, const unsigned char *address)
{
    const size_t whole = network->bits / BYTE_BITS;
    const unsigned rest = network->bits % BYTE_BITS;
    const unsigned mask = 0xFF00U >> rest & 0xFF;

    return memcmp(network->bytes, address, whole) == 0 &&
           (rest == 0 || ((network->bytes[whole] ^ address[whole]) & mask) == 0);
}

static bool is_in_any(const struct network *networks, size_t count, const unsigned char *address)
{
    for (size_t i = 0; i < count; i++) {
        if (is_in(&networks[i], address)) {
            return true;
        }
    }
    return false;
}

static bool ipv4_is_public(const unsigned char *address)
{
    return !is_in_any(ipv4_not_public, sizeof(ipv4_not_public) / sizeof(ipv4_not_public[0]),
                      address);
}

static bool ipv6_is_public(const unsigned char *address)
{
    for (size_t i = 0; i < sizeof(carriers) / sizeof(carriers[0]); i++) {
        if (is_in(&carriers[i].network, address)) {
            return ipv4_is_public(address + carriers[i].at);
        }
    }
    return is_in(&ipv6_public, address) &&
           !is_in_any(ipv6_not_public, sizeof(ipv6_not_public) / sizeof(ipv6_not_public[0]),
                      address);
}

bool ip_address_is_public(const struct sockaddr *address)
{
    unsigned char bytes[IPV6_SIZE];

    if (address->sa_family == AF_INET) {
        memcpy(bytes, (const char *)address + offsetof(struct sockaddr_in, sin_addr), IPV4_SIZE);
        return ipv4_is_public(bytes);
    }
    if (address->sa_family == AF_INET6) {
        memcpy(bytes, (const char *)address + offsetof(struct sockaddr_in6, sin6_addr), IPV6_SIZE);
        return ipv6_is_public(bytes);
    }
    return false;
}
