/* SPDX-License-Identifier: MIT */
/* A pause keeps a mentor from taking assignments; an event tells that one began or ended. */
#ifndef MENTORWATCH_MODEL_PAUSE_H
#define MENTORWATCH_MODEL_PAUSE_H

#include "base/clock.h"
#include "base/record.h"
#include "model/certification.h"

#include <stdbool.h>
#include <stdint.h>

/* Why a pause for an expired certification ends. */
enum pause_end { PAUSE_STANDS, PAUSE_RENEWED, PAUSE_SUPERSEDED, PAUSE_REMOVED };

const char *pause_end_name(enum pause_end end); /* as the database says it */

/* An open pause for a certification that expired. */
struct pause {
    int64_t seq;
    const char *certification_id;
};
extern const struct record pause_row;

/* Does the pause that this certification caused still stand? It ends when the certification is no
 * longer due (renewed, and not revoked), or when another of `all` supersedes it that is not due
 * itself. Superseded by one that has expired too, it stands until the expiry job hands it over to
 * that one: the mentor is not free in between. */
enum pause_end pause_end_of(const struct certification *certification,
                            const struct certification *all, size_t count, struct instant now,
                            int64_t grace_days);

extern const char PAUSE_ACTIVATED[];
extern const char PAUSE_DEACTIVATED[];

struct pause_event {
    const char *id;
    const char *mentor_id;
    const char *coordinator_id; /* NULL: nobody is responsible */
    const char *event_type;     /* PAUSE_ACTIVATED or PAUSE_DEACTIVATED */
    struct instant effective_date;
    const char *reason;
    const char *notifications_sent; /* "coordinator_email,peer_mentor_email" */
    struct instant created_at;
};

#endif
