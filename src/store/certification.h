/* SPDX-License-Identifier: MIT */
/* Every statement about certifications. Failures as in db/db.h; unknown ids are NOT_FOUND. */
#ifndef MENTORWATCH_STORE_CERTIFICATION_H
#define MENTORWATCH_STORE_CERTIFICATION_H

#include "base/outcome.h"
#include "model/certification.h"

#include <stdbool.h>

struct work;

enum outcome certification_find(struct certification **out, struct work *work, const char *id);
enum outcome certification_find_for_update(struct certification **out, struct work *work,
                                           const char *id);
/* One page, newest first; *total counts them all. Derived fields are filled. */
enum outcome certification_list(struct list *out, int64_t *total, struct work *work,
                                const struct certification_filter *filter);
/* All of one mentor, in no order (struct certification). */
enum outcome certification_of_mentor(struct list *out, struct work *work, const char *mentor_id);

enum outcome certification_insert(struct certification *certification, struct work *work);
enum outcome certification_save(const struct certification *certification, struct work *work);
enum outcome certification_delete(const struct certification *certification, struct work *work);

/* The next certifications on which the expiry job must act: expired by `until`, not revoked, not
 * superseded, not applied. In order of (expires_at, seq), beginning after `after` (NULL: from the
 * first). */
enum outcome certification_due(struct list *out, struct work *work, struct instant until,
                               const struct certification *after, int64_t limit);
/* How many of them there are. */
enum outcome certification_count_due(int64_t *out, struct work *work, struct instant until);
enum outcome certification_count_holders(int64_t *out, struct work *work);

/* Mark that the job acted on this cycle. *done is false when the certification has changed since
 * it was read (renewed, revoked, superseded, done by another): then nothing is marked. The mentor
 * must be locked. */
enum outcome certification_mark_applied(bool *done, struct work *work,
                                        const struct certification *certification);
/* Take the mark back. */
enum outcome certification_unmark_applied(struct work *work, const char *id);

#endif
