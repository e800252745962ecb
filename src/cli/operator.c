/* SPDX-License-Identifier: MIT */
#include "cli/operator.h"

#include "base/arena.h"
#include "base/host.h"

#include <pwd.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

static const char *user_name(struct arena *arena)
{
    struct passwd entry;
    struct passwd *found = NULL;
    char room[4096];
    const char *caller = getenv("SUDO_USER");

    if (caller != NULL && caller[0] != '\0') {
        return caller;
    }
    (void)getpwuid_r(geteuid(), &entry, room, sizeof(room), &found);
    return found != NULL ? arena_text(arena, found->pw_name)
                         : arena_printf(arena, "%lu", (unsigned long)geteuid());
}

struct actor operator_here(struct arena *arena)
{
    return (struct actor){
        .subject = arena_printf(arena, "%s@%s", user_name(arena), host_name(arena)),
        .instead = ACTOR_COMMAND,
    };
}
