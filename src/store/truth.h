/* SPDX-License-Identifier: MIT */
/* What a message that waits speaks of, as it stands now. */
#ifndef MENTORWATCH_STORE_TRUTH_H
#define MENTORWATCH_STORE_TRUTH_H

#include "base/outcome.h"
#include "model/message.h"
#include "model/truth.h"

#include <stdbool.h>

struct work;

/* Of the reminder that the message tells of, to its recipient, when this threshold is due.
 * NOT_FOUND: there is no such reminder. One that was removed from all answers is found. */
enum outcome truth_of_reminder(struct reminder_rank **out, struct work *work,
                               const struct message *message, int64_t due);
/* Whether the pause for this certification is open. */
enum outcome truth_of_pause(bool *out, struct work *work, const char *certification_id);
/* … that somebody ordered for this mentor. */
enum outcome truth_of_manual_pause(bool *out, struct work *work, const char *mentor_id);

#endif
