/* SPDX-License-Identifier: MIT */
/* Every statement by which the jobs find certifications, and mark them. Lists are of struct
 * certification, with ids, type and expiry alone. What is found in pages comes in order of
 * (expires_at, seq), beginning after `after` (NULL: from the first). `still` means those of a list
 * that are found once more when their mentors are locked: as they are now, by seq. */
#ifndef MENTORWATCH_STORE_DUE_H
#define MENTORWATCH_STORE_DUE_H

#include "base/outcome.h"
#include "model/certification.h"

#include <stdint.h>

struct work;

/* Those on which the expiry job must act: expired by `until`, not revoked, not superseded, not
 * applied, of a mentor whom the directory has. */
enum outcome certification_due(struct list *out, struct work *work, struct instant until,
                               const struct certification *after, int64_t limit);
/* … and whether the mentor was warned. */
enum outcome certification_still_due(struct list *out, struct work *work, struct instant until,
                                     struct list certifications);
/* How many of them there are. */
enum outcome certification_count_due(int64_t *out, struct work *work, struct instant until);
/* How many mentors of the directory they are of who are not paused for an expiry already. */
enum outcome certification_count_mentors_due(int64_t *out, struct work *work, struct instant until);
/* How many mentors hold a certification, of whatever kind. */
enum outcome certification_count_holders(int64_t *out, struct work *work);

/* Mark that the job acted on this cycle of each. Their mentors must be locked. */
enum outcome certification_mark_applied(struct work *work, struct list certifications);

/* Those of which a mentor of the directory must be reminded: not expired, not revoked, not
 * superseded, so near their expiry that a threshold of their type is due, and without a reminder
 * for it in this cycle. */
enum outcome certification_to_remind(struct list *out, struct work *work,
                                     const struct certification *after, int64_t limit);
enum outcome certification_still_to_remind(struct list *out, struct work *work,
                                           struct list certifications);
/* How many of them there are. */
enum outcome certification_count_to_remind(int64_t *out, struct work *work);

/* Those for which a job may have decided that there is nothing to do: expired by `until`, not
 * revoked, not applied; or so near their expiry that a threshold is due. Without a decision for it
 * in this cycle other than a failure. */
enum outcome certification_undecided_expired(struct list *out, struct work *work,
                                             struct instant until,
                                             const struct certification *after, int64_t limit);
enum outcome certification_undecided_expiring(struct list *out, struct work *work,
                                              const struct certification *after, int64_t limit);

/* What supersedes one of a list. */
struct superseding {
    int64_t seq;                  /* of the one that is superseded */
    const char *certification_id; /* of the one that supersedes it */
};

/* All that supersede any of these (struct superseding), by seq; of one's the last to expire comes
 * last. */
enum outcome certification_superseding(struct list *out, struct work *work,
                                       struct list certifications);

/* The numbers (int64_t), rising, of those that have a reminder for the threshold that is due. */
enum outcome certification_reminded(struct list *out, struct work *work,
                                    struct list certifications);

#endif
