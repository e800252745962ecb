/* SPDX-License-Identifier: MIT */
/* A pause keeps a mentor from taking assignments; an event tells that one began or ended. */
#ifndef MENTORWATCH_MODEL_PAUSE_H
#define MENTORWATCH_MODEL_PAUSE_H

#include "base/clock.h"
#include "base/listing.h"
#include "base/record.h"
#include "model/certification.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct mentor;

/* Why a pause for an expired certification ends. */
enum pause_end { PAUSE_STANDS, PAUSE_RENEWED, PAUSE_SUPERSEDED, PAUSE_REMOVED };

const char *pause_end_name(enum pause_end end); /* as the database says it */

/* An open pause for a certification that expired. */
struct pause {
    int64_t seq;
    const char *certification_id;
};
extern const struct record pause_row;

/* One, and the certification that it is for. */
struct certified_pause {
    int64_t seq;
    const char *certification_id;
    const char *mentor_id;
    const char *certification_type;
    struct instant expires_at;
};
extern const struct record certified_pause_row;

/* A mentor whom the directory has. */
struct listed_mentor {
    const char *mentor_id;
    bool paused; /* for a certification that expired */
};
extern const struct record listed_mentor_row;

/* A pause that is to be opened for a certification that expired. */
struct due_pause {
    const struct certification *certification;
    const struct mentor *mentor;
    const char *reason;
    bool warned; /* a reminder had been delivered before */
};

/* Does the pause that this certification caused still stand? It ends when the certification is no
 * longer due (renewed, and not revoked), or when another of `all` supersedes it that is not due
 * itself. Superseded by one that has expired too, it stands until the expiry job hands it over to
 * that one: the mentor is not free in between. */
enum pause_end pause_end_of(const struct certification *certification,
                            const struct certification *all, size_t count, struct instant now,
                            int64_t grace_days);

extern const char PAUSE_ACTIVATED[];
extern const char PAUSE_DEACTIVATED[];

/* What became of one message of an event. */
struct dispatch_result {
    const char *channel;
    const char *recipient_id;
    const char *status; /* delivered, queued or failed */
    struct instant sent_at;
};

struct pause_event {
    int64_t seq;
    const char *id;
    const char *peer_mentor_id;
    const char *event_type; /* PAUSE_ACTIVATED or PAUSE_DEACTIVATED */
    struct instant effective_date;
    const char *reason;             /* NULL: none was given */
    const char *coordinator_id;     /* NULL: nobody is responsible */
    struct list notifications_sent; /* texts: "coordinator_email" */
    struct list dispatch_results;   /* struct dispatch_result */
    struct instant created_at;
    struct instant updated_at;
};

extern const struct record pause_event_row;     /* a database row */
extern const struct record pause_event_item;    /* in a list */
extern const struct record pause_event_detail;  /* by id */
extern const struct record pause_event_created; /* the answer to POST */
extern const struct record pause_event_updated; /* … to PUT */

/* The answer to DELETE. */
struct pause_event_removal {
    const char *message;
    const char *deleted_id;
    struct instant deleted_at;
};
extern const struct record pause_event_removal;

/* What POST accepts. */
struct pause_event_input {
    const char *peer_mentor_id;
    const char *event_type;
    struct instant effective_date;
    const char *reason;
};
extern const struct record pause_event_input;

/* What PUT accepts: what is not given stays as it is. */
struct pause_event_change {
    const char *reason;
    struct instant effective_date;
};
extern const struct record pause_event_change;

struct pause_event_filter {
    struct listing listing;
    const char *peer_mentor_id;
    const char *coordinator_id;
    const char *event_type;
    struct instant effective_before;
    struct instant effective_after;
    struct instant created_before;
    struct instant created_after;
};
extern const struct record pause_event_filter;

/* The results, by what became of the event's messages (struct message_fate). */
struct list dispatch_results(struct arena *arena, struct list fates);

#endif
