/* SPDX-License-Identifier: MIT */
/* What a job looks up for all certifications of a batch at once, and finds again for each. Lists
 * without another word are of struct certification. */
#ifndef MENTORWATCH_JOBS_BATCH_H
#define MENTORWATCH_JOBS_BATCH_H

#include "base/outcome.h"
#include "model/certification.h"
#include "model/decision.h"
#include "model/person.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct work;

/* Lock all their mentors. */
enum outcome batch_lock(struct work *work, struct list certifications);
/* Those that are in `still`, too, which is by seq: as they are there, in the order of `found`. */
struct list batch_still(struct arena *arena, struct list found, struct list still);

/* Their mentors whom the directory has (struct mentor), by id. */
enum outcome batch_mentors(struct list *out, struct work *work, struct list certifications);
/* One of them; NULL: the directory does not have this one. */
const struct mentor *batch_mentor(struct list mentors, const char *mentor_id);

/* Whether the number is in a list of rising ones (int64_t). */
bool batch_has(struct list numbers, int64_t number);

/* Why there may be nothing to do for some. */
struct batch_reasons {
    struct list mentors;     /* struct mentor, by id */
    struct list superseding; /* struct superseding, by seq */
};

enum outcome batch_reasons(struct batch_reasons *out, struct work *work,
                           struct list certifications);
/* That the directory does not have its mentor. False: it does; the same below. */
bool batch_is_unlisted(struct decision *out, struct arena *arena,
                       const struct batch_reasons *reasons,
                       const struct certification *certification, int64_t threshold);
/* That another one supersedes it. */
bool batch_is_superseded(struct decision *out, struct arena *arena,
                         const struct batch_reasons *reasons,
                         const struct certification *certification, int64_t threshold);

#endif
