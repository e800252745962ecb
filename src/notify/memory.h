/* SPDX-License-Identifier: MIT */
/* What this host remembers of the deliveries, outside the database: a small file for each schema in
 * the folder notify.state. A database that has settled less than we remember was restored from a
 * backup, and what was sent since would be sent again. */
#ifndef MENTORWATCH_NOTIFY_MEMORY_H
#define MENTORWATCH_NOTIFY_MEMORY_H

#include "base/outcome.h"

struct work;

/* Before anything is claimed, and after it was settled: compare, put the outbox on hold where the
 * database went back, and remember otherwise. CONFLICT: the outbox is on hold. A host that cannot
 * remember, because the folder is not there, learns nothing and notices nothing. */
enum outcome memory_check(struct work *work);

#endif
