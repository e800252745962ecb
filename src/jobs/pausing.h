/* SPDX-License-Identifier: MIT */
/* Pausing mentors and lifting their pauses: the record, the event and the messages, all in the
 * caller's transaction. Pauses for an expired certification and manual ones do not close each
 * other. */
#ifndef MENTORWATCH_JOBS_PAUSING_H
#define MENTORWATCH_JOBS_PAUSING_H

#include "base/outcome.h"
#include "model/certification.h"
#include "model/pause.h"
#include "model/person.h"

#include <stdbool.h>

struct work;

/* The next four need the mentor locked (mentor_lock). */

/* Open these (struct due_pause), take over the pauses of certifications that theirs supersede, and
 * tell mentors and coordinators. */
enum outcome pause_for_expiries(struct work *work, struct list due);

/* Lift each of the mentor's pauses that no longer stands (pause_end_of), and tell mentor and
 * coordinator. After every change of a mentor's certifications. */
enum outcome pause_review(struct work *work, const char *mentor_id);
/* The same, of those that are known to be open (struct pause). */
enum outcome pause_review_open(struct work *work, const char *mentor_id, struct list pauses);

/* Lift the pause that a certification caused, if there is one, because the certification is about
 * to be removed, and let go of the certification. */
enum outcome pause_release(struct work *work, const struct certification *certification);

/* What somebody orders by hand. */
struct manual_pause {
    const char *reason;                  /* NULL: none was given */
    struct instant effective_date;       /* absent: now */
    struct instant expected_return_date; /* absent: not known */
};

/* Open the mentor's manual pause, or change the one that is open. *out is the event. */
enum outcome pause_activate(struct pause_event **out, struct work *work,
                            const struct mentor *mentor, const struct manual_pause *order);
/* Close it. Where none is open people are told all the same: that is what was asked for. */
enum outcome pause_deactivate(struct pause_event **out, struct work *work,
                              const struct mentor *mentor, const struct manual_pause *order);

#endif
