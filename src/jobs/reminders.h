/* SPDX-License-Identifier: MIT */
/* Reminding mentors that a certification expires soon: by the job that looks for what is due, and
 * because somebody orders it. */
#ifndef MENTORWATCH_JOBS_REMINDERS_H
#define MENTORWATCH_JOBS_REMINDERS_H

#include "jobs/run.h"
#include "model/person.h"
#include "model/reminder.h"

/* The reminders job: whatever threshold is due for a certification, its mentor and coordinator are
 * told, once in a cycle, and the coordinator gets a record to acknowledge. As job_run(). */
enum outcome reminders_job_run(struct job_run **out, struct work *work, bool dry_run,
                               const struct job_watch *watch);

/* How many reminders a run would send now. */
enum outcome reminders_due_count(int64_t *out, struct work *work);

/* Remind one mentor, on one channel, whatever was sent before: that is what was asked for. It
 * counts as sent for its threshold. In the caller's transaction. */
enum outcome reminder_order(struct reminder **out, struct work *work, const struct mentor *mentor,
                            const struct reminder_input *order);

#endif
