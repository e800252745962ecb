/* SPDX-License-Identifier: MIT */
/* The marks by which a unit of work finds out whether it was committed (db/unit.c). They count for
 * the seconds in which a unit may be repeated. */
#ifndef MENTORWATCH_STORE_UNIT_MARK_H
#define MENTORWATCH_STORE_UNIT_MARK_H

#include "base/outcome.h"

#include <stdint.h>

struct work;

/* Remove up to a thousand that are older than a day; *removed says how many. */
enum outcome unit_mark_purge(int64_t *removed, struct work *work);

#endif
