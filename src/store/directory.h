/* SPDX-License-Identifier: MIT */
/* The directory: who there is. Looked up by everybody, written by the import alone. */
#ifndef MENTORWATCH_STORE_DIRECTORY_H
#define MENTORWATCH_STORE_DIRECTORY_H

#include "base/outcome.h"
#include "model/person.h"

#include <stdbool.h>
#include <stdint.h>

struct work;

/* A mentor with the responsible coordinator, if there is one. A push target that has ended
 * (store/push_target.h) is left out. An actor who belongs to an organisation finds only that
 * organisation's mentors. */
enum outcome mentor_find(struct mentor **out, struct work *work, const char *mentor_id);
/* All of these (ids: texts) whom the directory has, of whatever organisation, in no order. For
 * jobs: the actor is nobody. */
enum outcome mentors_find(struct list *out, struct work *work, struct list ids);
enum outcome mentor_exists(bool *out, struct work *work, const char *mentor_id);
enum outcome mentor_count(int64_t *out, struct work *work);
enum outcome coordinator_exists(bool *out, struct work *work, const char *coordinator_id);
/* Whether the coordinator exists and the mentor, if there is such a one, belongs to no other
 * organisation. */
enum outcome coordinator_suits(bool *out, struct work *work, const char *coordinator_id,
                               const char *mentor_id);
enum outcome coordinator_is_in(bool *out, struct work *work, const char *coordinator_id,
                               const char *organisation_id);
enum outcome organisation_exists(bool *out, struct work *work, const char *organisation_id);

/* Some push targets (const char *) of people in the directory, of each role at most so many,
 * without those that have ended. */
enum outcome push_targets_some(struct list *out, struct work *work, int64_t most);

/* Insert, or replace what is there under the same id. */
enum outcome organisation_put(struct work *work, const struct organisation *organisation);
enum outcome coordinator_put(struct work *work, const struct coordinator *coordinator);
enum outcome mentor_put(struct work *work, const struct mentor *mentor);

/* Hold everybody else off this mentor's certifications and pauses until the transaction ends.
 * First thing in every unit that changes them. */
enum outcome mentor_lock(struct work *work, const char *mentor_id);
/* The same for many (ids: texts, each once, in the order of strcmp). Whoever holds some and waits
 * for others waits for larger ones only, so nobody waits for each other. */
enum outcome mentors_lock(struct work *work, struct list ids);

#endif
