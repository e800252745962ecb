/* SPDX-License-Identifier: MIT */
/* Every statement about what the jobs decided. */
#ifndef MENTORWATCH_STORE_DECISION_H
#define MENTORWATCH_STORE_DECISION_H

#include "base/outcome.h"
#include "model/decision.h"

struct work;

/* Write them down (struct decision) as of now, each in the place of what was decided before for the
 * same cycle and threshold. job_run_id: of the run that decided. */
enum outcome decisions_put(struct work *work, struct list decisions, const char *job_run_id);
/* All about one mentor, the last first (struct decision). */
enum outcome decision_of_mentor(struct list *out, struct work *work, const char *mentor_id);

#endif
