/* SPDX-License-Identifier: MIT */
/* What an operator watches, what the jobs would find now among it. */
#ifndef MENTORWATCH_JOBS_OVERVIEW_H
#define MENTORWATCH_JOBS_OVERVIEW_H

#include "base/outcome.h"
#include "model/figures.h"

struct work;

/* OUTDATED: the schema is older than the program. */
enum outcome overview_read(struct figures *out, struct work *work);

#endif
