/* SPDX-License-Identifier: MIT */
#include "model/push_target.h"

#include "base/arena.h"
#include "base/url.h"

#include <stddef.h>
#include <string.h>

enum { TEMPLATE_NAME_MAX = 32 };

bool push_target_parse(struct push_target *out, struct arena *arena, const char *text)
{
    const size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_");

    *out = (struct push_target){.url = text};
    if (url_is_web(text)) {
        return true;
    }
    if (length == 0 || length > TEMPLATE_NAME_MAX || text[length] != ':') {
        return false;
    }
    *out = (struct push_target){arena_bytes(arena, text, length), text + length + 1};
    return url_is_web(out->url);
}

const char *push_target_check(const char *text, struct arena *arena)
{
    struct push_target target;

    return push_target_parse(&target, arena, text)
               ? NULL
               : "must be an https: address, or a template's name, a colon and such an address: "
                 "ntfy:https://ntfy.sh/topic";
}
