/* SPDX-License-Identifier: MIT */
/* The audit: who did what, when. */
#ifndef MENTORWATCH_MODEL_AUDIT_H
#define MENTORWATCH_MODEL_AUDIT_H

#include "base/clock.h"
#include "base/record.h"

#include <stdint.h>

/* One change. Texts are NULL where there is nothing to tell. */
struct audit_line {
    struct instant done_at;
    const char *actor;   /* the subject of the token, user@host of a command, or as role */
    const char *role;    /* of the token; public, service or command */
    const char *address; /* where the request came from */
    const char *request_id;
    const char *deed;  /* "POST /api/v1/…" as the route is written, or "mentorwatch import" */
    const char *about; /* the id of what was made or changed */
};
extern const struct record audit_line;

/* Which of them; what is absent lets all through. */
struct audit_filter {
    const char *actor;
    const char *about;
    struct instant since;
    int64_t limit;
};

#endif
