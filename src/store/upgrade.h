/* SPDX-License-Identifier: MIT */
/* Bringing the schema up to date: each migration that the database does not have yet, in order. */
#ifndef MENTORWATCH_STORE_UPGRADE_H
#define MENTORWATCH_STORE_UPGRADE_H

#include "base/outcome.h"
#include "store/migration.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct work;

/* A migration, and how far the database is with it. */
struct upgrade_task {
    const struct migration *migration;
    bool begun;   /* by an earlier run that was cut off */
    int64_t done; /* statements that are recorded as done */
    bool finished;
};

typedef void upgrade_told(struct work *work, const struct upgrade_task *task);

/* Run all that is pending, and say how many these were; `told` (may be NULL) hears of each that was
 * run. Safe to repeat, also after a crash. INVALID: the database is newer than this program, or was
 * migrated with other texts. CONFLICT: another migrator is at work. */
enum outcome upgrade_run(size_t *pending, struct work *work, upgrade_told *told);
/* The same of what would run, without a change. */
enum outcome upgrade_plan(size_t *pending, struct work *work, upgrade_told *told);

#endif
