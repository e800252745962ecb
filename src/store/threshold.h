/* SPDX-License-Identifier: MIT */
/* The thresholds of the settings as SQL about a certification c, for the statements that look for
 * what a reminder is due for. The texts depend on the settings alone. */
#ifndef MENTORWATCH_STORE_THRESHOLD_H
#define MENTORWATCH_STORE_THRESHOLD_H

#include "db/db.h"

struct work;

/* A piece of a statement and the arguments of its question marks; the arena's. */
struct sql_part {
    const char *sql;
    struct db_args args;
};

/* The threshold that is due for c now, NULL before any is: threshold_due() of its type. */
struct sql_part threshold_due_sql(struct work *work);
/* The condition that any is due for c. Its first part is a range of expires_at. */
struct sql_part threshold_reached_sql(struct work *work);

#endif
