/* SPDX-License-Identifier: MIT */
/* The index of the whole API. */
#ifndef MENTORWATCH_API_ROUTES_H
#define MENTORWATCH_API_ROUTES_H

#include "http/route.h"

extern const struct route routes[];
extern const size_t route_count;

#endif
