/* SPDX-License-Identifier: MIT */
#include "base/actor.h"

#include <stddef.h>

const char *const role_words[] = {"coordinator", "org_admin", "global_admin", "mentor", NULL};

const char ACTOR_PUBLIC[] = "public";
const char ACTOR_SERVICE[] = "service";
const char ACTOR_COMMAND[] = "command";

const char *actor_role(const struct actor *actor)
{
    for (unsigned bit = 0; role_words[bit] != NULL; bit++) {
        if (actor->role == (enum role)(1U << bit)) {
            return role_words[bit];
        }
    }
    return actor->instead != NULL ? actor->instead : ACTOR_PUBLIC;
}

const char *actor_name(const struct actor *actor)
{
    return actor->subject != NULL && actor->subject[0] != '\0' ? actor->subject : actor_role(actor);
}
