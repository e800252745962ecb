/* SPDX-License-Identifier: MIT */
/* Is what a message says still true? Asked right before it is sent. */
#ifndef MENTORWATCH_NOTIFY_TRUTH_H
#define MENTORWATCH_NOTIFY_TRUTH_H

#include "base/outcome.h"
#include "model/message.h"

struct work;

/* *why: NULL when it is true, else why it is not. A message without an event is somebody's order
 * and speaks for itself; one that reminds is looked at even then. Failures as in db/db.h. */
enum outcome message_is_stale(const char **why, struct work *work, const struct message *message);

#endif
