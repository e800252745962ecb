/* SPDX-License-Identifier: MIT */
/* Whoever runs a command, as the audit names them. */
#ifndef MENTORWATCH_CLI_OPERATOR_H
#define MENTORWATCH_CLI_OPERATOR_H

#include "base/actor.h"

struct arena;

/* Its subject is user@host: the user who called sudo, if somebody did, else the one of this
 * process, by number where the system has no name for it. */
struct actor operator_here(struct arena *arena);

#endif
