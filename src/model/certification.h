/* SPDX-License-Identifier: MIT */
/* A certification and its rules: no I/O, no SQL.
 *
 * A cycle is a certification with one day (UTC) on which it expires. Renewing (a later expires_at)
 * begins a new cycle, in which the expiry job has not acted and no reminder has been sent; another
 * moment of the same day does not.
 */
#ifndef MENTORWATCH_MODEL_CERTIFICATION_H
#define MENTORWATCH_MODEL_CERTIFICATION_H

#include "base/clock.h"
#include "base/listing.h"
#include "base/outcome.h"
#include "base/record.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct work;

struct certification {
    int64_t seq;
    const char *certification_id;
    const char *mentor_id;
    const char *certification_type;
    struct instant issued_at;
    struct instant expires_at;
    struct instant revoked_at;            /* absent: not revoked */
    struct instant auto_pause_applied_at; /* absent: the job has not acted in this cycle */
    struct instant created_at;
    struct instant updated_at;
    bool warned; /* a reminder of this cycle had reached the mentor; see store/due.h */
    /* derived, see certification_derive() */
    const char *status;
    bool auto_pause_applied;
    /* told when it is removed */
    bool deleted;
    struct instant deleted_at;
};

extern const struct record certification_row;     /* a database row */
extern const struct record certification_item;    /* in a list */
extern const struct record certification_detail;  /* by id */
extern const struct record certification_created; /* the answer to POST */
extern const struct record certification_updated; /* … to PUT */
extern const struct record certification_deleted; /* … to DELETE */

/* What POST accepts. */
struct certification_input {
    const char *mentor_id;
    const char *certification_type;
    struct instant issued_at;
    struct instant expires_at;
};
extern const struct record certification_input;

/* What PUT accepts: what is absent stays as it is. */
struct certification_change {
    const char *certification_type;
    struct instant issued_at;
    struct instant expires_at;
    const char *status;
};
extern const struct record certification_change;

struct certification_filter {
    struct listing listing;
    const char *mentor_id;
    const char *status;
    const char *certification_type;
    struct instant expires_before;
    struct instant expires_after;
};
extern const struct record certification_filter;

/* The words of `status`. */
extern const char CERTIFICATION_VALID[];
extern const char CERTIFICATION_EXPIRED[];
extern const char CERTIFICATION_REVOKED[];

/* revoked if revoked, else expired if expires_at <= now, else valid. */
const char *certification_status(const struct certification *certification, struct instant now);

/* Fill the derived fields. */
void certification_derive(struct certification *certification, struct instant now);

/* The moment from which the expiry job acts: grace_days after the expiry. */
bool certification_is_due(const struct certification *certification, struct instant now,
                          int64_t grace_days);

/* The same mentor holds `other` of the same type, not revoked and expiring later. */
bool certification_is_superseded_by(const struct certification *certification,
                                    const struct certification *other);

/* That of `all` (struct certification) which supersedes it, the last to expire if there are
 * several; NULL: none does. */
const struct certification *certification_newer(const struct certification *certification,
                                                struct list all);

/* Absent ones contradict nothing. */
bool certification_dates_agree(struct instant issued_at, struct instant expires_at);
/* Note it when they contradict each other. */
void certification_check_dates(struct work *work, struct instant issued_at,
                               struct instant expires_at);

struct certification *
certification_new(struct arena *arena, const struct certification_input *input, struct instant now);

/* Apply a PUT, a new cycle included. INVALID when the outcome would contradict itself; the
 * certification is then half changed and must not be saved. */
enum outcome certification_apply(struct certification *certification, struct work *work,
                                 const struct certification_change *change);

/* "Certification peer_mentor_basic expired on 2026-03-01" */
const char *certification_expiry_reason(struct arena *arena,
                                        const struct certification *certification);

#endif
