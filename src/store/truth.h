/* SPDX-License-Identifier: MIT */
/* What a message that waits speaks of, as it stands now. */
#ifndef MENTORWATCH_STORE_TRUTH_H
#define MENTORWATCH_STORE_TRUTH_H

#include "base/outcome.h"
#include "base/record.h"
#include "model/truth.h"

struct db_rows;
struct work;

/* Of the reminders that these messages (a row of each one's seq) tell of, to their recipients
 * (struct reminder_rank). Where there is no such reminder, nothing is found. One that was removed
 * from all answers is found. */
enum outcome truth_of_reminders(struct list *out, struct work *work, const struct db_rows *seqs);

struct truth_subject {
    const char *id;
};

/* For which of these certifications a pause is open (struct truth_subject). */
enum outcome truth_of_pauses(struct list *out, struct work *work,
                             const struct db_rows *certification_ids);
/* … for which of these mentors one that somebody ordered. */
enum outcome truth_of_manual_pauses(struct list *out, struct work *work,
                                    const struct db_rows *mentor_ids);

#endif
