/* SPDX-License-Identifier: MIT */
/* Push targets that have said that they are gone for good. Kept beside the directory, which is not
 * ours to change, and by digest, because a target may hold a secret. */
#ifndef MENTORWATCH_STORE_PUSH_TARGET_H
#define MENTORWATCH_STORE_PUSH_TARGET_H

#include "base/outcome.h"

#include <stdbool.h>

struct work;

/* From now on nobody is pushed to there. */
enum outcome push_target_end(struct work *work, const char *target, const char *reason);
enum outcome push_target_has_ended(bool *out, struct work *work, const char *target);

#endif
