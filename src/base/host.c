/* SPDX-License-Identifier: MIT */
#include "base/host.h"

#include "base/arena.h"

#include <unistd.h>

enum { NAME_MAX_LENGTH = 63 };

const char *host_name(struct arena *arena)
{
    char name[NAME_MAX_LENGTH + 1] = "";

    if (gethostname(name, NAME_MAX_LENGTH) != 0 || name[0] == '\0') {
        return arena_text(arena, "localhost");
    }
    return arena_text(arena, name);
}
