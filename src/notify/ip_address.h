/* SPDX-License-Identifier: MIT */
/* Which addresses belong to the public internet. */
#ifndef MENTORWATCH_NOTIFY_IP_ADDRESS_H
#define MENTORWATCH_NOTIFY_IP_ADDRESS_H

#include <stdbool.h>

struct sockaddr;

/* False for loopback, link-local and private ones, for carriers' networks, multicast, those of
 * documentation and tests, and whatever else the registries of IANA do not call globally reachable;
 * also for an IPv6 address that carries such an IPv4 address inside, and for other families. */
bool ip_address_is_public(const struct sockaddr *address);

#endif
