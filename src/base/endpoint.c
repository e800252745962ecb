/* SPDX-License-Identifier: MIT */
#include "base/endpoint.h"

#include "base/arena.h"
#include "base/text.h"

#include <inttypes.h>
#include <string.h>

enum { PORT_MAX = 65535 };

static bool is_host(const char *text)
{
    const size_t length = strspn(text, "0123456789abcdefghijklmnopqrstuvwxyz"
                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_.");
    return length > 0 && text[length] == '\0';
}

static bool is_address(const char *text)
{
    const size_t length = strspn(text, "0123456789abcdefABCDEF:.");

    return text[length] == '\0' && strchr(text, ':') != NULL;
}

static bool parse_port(int64_t *out, const char *text)
{
    return text_to_int(text, out) && *out >= 1 && *out <= PORT_MAX;
}

/* `text` is ours to cut. */
static bool parse(struct endpoint *out, char *text)
{
    const bool bracketed = text[0] == '[';
    char *close = bracketed ? strchr(text, ']') : NULL;
    char *end = bracketed ? close : text + strcspn(text, ":");

    if (end == NULL) {
        return false;
    }
    char *colon = bracketed ? end + 1 : end;
    const bool has_port = *colon == ':';
    if (!has_port && *colon != '\0') {
        return false;
    }
    const char *port = colon + 1;
    *end = '\0';
    *out = (struct endpoint){.host = text + bracketed};
    return (bracketed ? is_address(out->host) : is_host(out->host)) &&
           (!has_port || parse_port(&out->port, port));
}

static char *trimmed(struct arena *arena, const char *text, size_t length)
{
    while (length > 0 && text[0] == ' ') {
        text++;
        length--;
    }
    while (length > 0 && text[length - 1] == ' ') {
        length--;
    }
    return arena_bytes(arena, text, length);
}

bool endpoints_parse(struct list *out, struct arena *arena, const char *text)
{
    *out = (struct list){0};
    if (text[0] == '\0') {
        return true;
    }
    for (const char *at = text;; at++) {
        const size_t length = strcspn(at, ",");
        struct endpoint *endpoint = list_append(out, arena, sizeof(*endpoint));
        if (!parse(endpoint, trimmed(arena, at, length)) || out->count > ENDPOINTS_MAX) {
            return false;
        }
        at += length;
        if (*at == '\0') {
            return true;
        }
    }
}

const char *endpoint_format(struct arena *arena, const struct endpoint *endpoint)
{
    const bool bracketed = strchr(endpoint->host, ':') != NULL;
    const char *host = bracketed ? arena_printf(arena, "[%s]", endpoint->host) : endpoint->host;

    return endpoint->port == 0 ? host : arena_printf(arena, "%s:%" PRId64, host, endpoint->port);
}

const char *endpoints_check(const char *text, struct arena *arena)
{
    struct list unused;

    return endpoints_parse(&unused, arena, text)
               ? NULL
               : "must be up to 16 hosts, each as host, host:port or [address]:port, comma between";
}
