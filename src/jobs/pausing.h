/* SPDX-License-Identifier: MIT */
/* Pausing a mentor whose certification expired, and lifting that pause: the record, the event and
 * the messages, all in the caller's transaction. The mentor must be locked (mentor_lock). */
#ifndef MENTORWATCH_JOBS_PAUSING_H
#define MENTORWATCH_JOBS_PAUSING_H

#include "base/outcome.h"
#include "model/certification.h"
#include "model/person.h"

#include <stdbool.h>

struct work;

/* Open the pause of an expired certification, take over those of certifications that it
 * supersedes, and tell mentor and coordinator. */
enum outcome pause_for_expiry(struct work *work, const struct mentor *mentor,
                              const struct certification *certification, bool warned);

/* Lift each of the mentor's pauses that no longer stands (pause_end_of), and tell mentor and
 * coordinator. After every change of a mentor's certifications. */
enum outcome pause_review(struct work *work, const char *mentor_id);

/* Lift the pause that a certification caused, if there is one, because the certification is about
 * to be removed, and let go of the certification. */
enum outcome pause_release(struct work *work, const struct certification *certification);

#endif
