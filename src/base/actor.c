/* SPDX-License-Identifier: MIT */
#include "base/actor.h"

#include <stddef.h>

const char *const role_words[] = {"coordinator", "org_admin", "global_admin", "mentor", NULL};
