/* SPDX-License-Identifier: MIT */
#include "base/url.h"

#include "base/arena.h"
#include "base/text.h"

#include <string.h>

static const char PLAIN[] = "http://";
static const char SECURE[] = "https://";

/* What comes after the two slashes, or NULL. */
static const char *after_scheme(const char *url)
{
    if (text_starts(url, SECURE)) {
        return url + strlen(SECURE);
    }
    return url_is_plain(url) ? url + strlen(PLAIN) : NULL;
}

bool url_is_plain(const char *url)
{
    return text_starts(url, PLAIN);
}

bool url_is_web(const char *url)
{
    const char *host = after_scheme(url);

    if (host == NULL || strcspn(host, "/?#@") == 0) {
        return false;
    }
    for (const char *at = host; *at != '\0'; at++) {
        if (*at <= ' ' || *at > '~' || *at == '\\') {
            return false;
        }
    }
    return true;
}

const char *url_check(const char *text, struct arena *arena)
{
    (void)arena;
    return text[0] == '\0' || url_is_web(text) ? NULL : "must be an https: or http: address";
}

char *url_origin(struct arena *arena, const char *url)
{
    const char *host = after_scheme(url);

    if (host == NULL) {
        return arena_text(arena, "");
    }
    const char *end = host + strcspn(host, "/?#");
    for (const char *at = host; at < end; at++) {
        if (*at == '@') {
            host = at + 1;
        }
    }
    return arena_printf(arena, "%s%.*s", url_is_plain(url) ? PLAIN : SECURE, (int)(end - host),
                        host);
}

static bool stands_as_it_is(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || (byte != '\0' && strchr("/-._~", byte) != NULL);
}

char *url_of_path(struct arena *arena, const char *site, const char *path)
{
    struct text text = text_in(arena);
    size_t length = strlen(site);

    while (length > 0 && site[length - 1] == '/') {
        length--;
    }
    text_add_bytes(&text, site, length);
    for (; path[0] != '\0'; path++) {
        if (stands_as_it_is(path[0])) {
            text_add_bytes(&text, path, 1);
        } else {
            text_add_format(&text, "%%%02X", (unsigned)(unsigned char)path[0]);
        }
    }
    return text_done(&text);
}
