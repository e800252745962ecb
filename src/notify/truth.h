/* SPDX-License-Identifier: MIT */
/* Is what messages say still true? Asked right before they are sent. */
#ifndef MENTORWATCH_NOTIFY_TRUTH_H
#define MENTORWATCH_NOTIFY_TRUTH_H

#include "base/outcome.h"
#include "model/message.h"

#include <stddef.h>

struct work;

/* A message, and what is found out about it. */
struct statement {
    const struct message *message;
    const char *unreadable; /* its facts are: why; NULL: they are not */
    const char *stale;      /* why it is no longer true; NULL: it is */
};

/* Of all of them with a few statements, however many there are. A message without an event is
 * somebody's order and speaks for itself; one that reminds is looked at even then. Failures as in
 * db/db.h. */
enum outcome truth_look(struct work *work, struct statement *statements, size_t count);

#endif
