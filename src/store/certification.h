/* SPDX-License-Identifier: MIT */
/* Every statement about certifications. Failures as in db/db.h; unknown ids are NOT_FOUND. */
#ifndef MENTORWATCH_STORE_CERTIFICATION_H
#define MENTORWATCH_STORE_CERTIFICATION_H

#include "base/listing.h"
#include "base/outcome.h"
#include "model/certification.h"

#include <stdbool.h>

struct work;

/* SQL: nothing supersedes certification c. */
#define CERTIFICATION_NOT_SUPERSEDED                                                               \
    "NOT EXISTS (SELECT 1 FROM certifications newer WHERE newer.mentor_id = c.mentor_id AND "      \
    "newer.certification_type = c.certification_type AND newer.revoked_at IS NULL AND "            \
    "newer.expires_at > c.expires_at)"

enum outcome certification_find(struct certification **out, struct work *work, const char *id);
/* Derived fields are filled. */
enum outcome certification_list(struct page *out, struct work *work,
                                const struct certification_filter *filter);
/* All of one mentor, in no order (struct certification). */
enum outcome certification_of_mentor(struct list *out, struct work *work, const char *mentor_id);

enum outcome certification_insert(struct certification *certification, struct work *work);
enum outcome certification_save(const struct certification *certification, struct work *work);
enum outcome certification_delete(const struct certification *certification, struct work *work);

/* The next certifications on which the expiry job must act: expired by `until`, not revoked, not
 * superseded, not applied, of a mentor whom the directory has. In order of (expires_at, seq),
 * beginning after `after` (NULL: from the first). */
enum outcome certification_due(struct list *out, struct work *work, struct instant until,
                               const struct certification *after, int64_t limit);
/* How many of them there are. */
enum outcome certification_count_due(int64_t *out, struct work *work, struct instant until);
enum outcome certification_count_holders(int64_t *out, struct work *work);

/* How many mentors of the directory they are of who are not paused for an expiry already. */
enum outcome certification_count_mentors_due(int64_t *out, struct work *work, struct instant until);

/* The next certifications of which a mentor of the directory must be reminded: not expired, not
 * revoked, not superseded, so near their expiry that a threshold of their type is due, and without
 * a reminder for it in this cycle. In the same order. */
enum outcome certification_to_remind(struct list *out, struct work *work,
                                     const struct certification *after, int64_t limit);
/* How many of them there are. */
enum outcome certification_count_to_remind(int64_t *out, struct work *work);
/* Whether this one, unchanged since it was read, is still among them. The mentor must be locked. */
enum outcome certification_is_to_remind(bool *out, struct work *work,
                                        const struct certification *certification);

/* The next certifications for which a job may have nothing to do, and has not said so yet: expired
 * by `until`, not revoked, not applied; or so near their expiry that a threshold is due. Without a
 * decision for it in this cycle other than a failure. In the same order. */
enum outcome certification_undecided_expired(struct list *out, struct work *work,
                                             struct instant until,
                                             const struct certification *after, int64_t limit);
enum outcome certification_undecided_expiring(struct list *out, struct work *work,
                                              const struct certification *after, int64_t limit);

/* The one that supersedes it, the last to expire if there are several. NOT_FOUND, without a
 * sentence: none does. */
enum outcome certification_find_newer(struct certification **out, struct work *work,
                                      const struct certification *certification);

/* Mark that the job acted on this cycle. *done is false when the certification has changed since
 * it was read (renewed, revoked, superseded, done by another): then nothing is marked. The mentor
 * must be locked. */
enum outcome certification_mark_applied(bool *done, struct work *work,
                                        const struct certification *certification);
/* Take the mark back. */
enum outcome certification_unmark_applied(struct work *work, const char *id);

#endif
