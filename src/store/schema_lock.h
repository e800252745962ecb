/* SPDX-License-Identifier: MIT */
/* One migrator at a time, on all nodes of a cluster: a row that names its holder and runs out by
 * itself when that one dies. A lock by name would hold on one node only, and a locked row would be
 * let go of by each statement that changes the schema.
 *
 * A holder that takes longer over one statement than the row lasts may lose it. Then the other one
 * repeats that statement, as after a crash, and the first one stops as soon as it looks.
 */
#ifndef MENTORWATCH_STORE_SCHEMA_LOCK_H
#define MENTORWATCH_STORE_SCHEMA_LOCK_H

#include "base/outcome.h"

struct work;

/* Waits until a holder that has died must have lost it. CONFLICT: another one is at work. `holder`
 * is any text that nobody else has. */
enum outcome schema_lock_take(struct work *work, const char *holder);
/* Prolong it. CONFLICT: another one has it now. */
enum outcome schema_lock_keep(struct work *work, const char *holder);
enum outcome schema_lock_release(struct work *work, const char *holder);

#endif
