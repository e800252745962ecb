/* SPDX-License-Identifier: MIT */
/* Removes what nobody needs any more, in small transactions: answers kept for repeated requests
 * and the marks of units of work, after a day. Part of every sweep. */
#ifndef MENTORWATCH_JOBS_RETENTION_H
#define MENTORWATCH_JOBS_RETENTION_H

#include "base/outcome.h"

struct work;

/* Must not be called inside a transaction. */
enum outcome retention_run(struct work *work);

#endif
