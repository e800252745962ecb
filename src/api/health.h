/* SPDX-License-Identifier: MIT */
/* Whether the program answers, and whether it can work. */
#ifndef MENTORWATCH_API_HEALTH_H
#define MENTORWATCH_API_HEALTH_H

#include "http/route.h"

extern const struct record health;
extern const struct record readiness;

handler health_alive;
handler health_ready;

#endif
