/* SPDX-License-Identifier: MIT */
/* The machine that we run on, as others would call it. */
#ifndef MENTORWATCH_BASE_HOST_H
#define MENTORWATCH_BASE_HOST_H

struct arena;

/* Its name, of at most 63 characters; "localhost" when it has none. */
const char *host_name(struct arena *arena);

#endif
