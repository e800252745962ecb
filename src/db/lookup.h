/* SPDX-License-Identifier: MIT */
/* A row by its key. Threads that ask for rows of one table at the same moment ask in one statement
 * (base/gather.h), since most of what a statement costs is the way there and back.
 *
 *     static struct db_lookup by_id = {
 *         .sql = "SELECT loan_id, due_at FROM loans WHERE loan_id IN (",
 *         .key = "loan_id",
 *         .row = &loan_row,
 *         .gathering = GATHERING(.most_leaders = 1),
 *     };
 *     enum outcome outcome = db_look_up(&loan, work, &by_id, "loan_1");
 */
#ifndef MENTORWATCH_DB_LOOKUP_H
#define MENTORWATCH_DB_LOOKUP_H

#include "base/gather.h"
#include "db/db.h"

struct db_lookup {
    const char *sql; /* up to "… IN (": one key or several follow. The column is unique. */
    const char *key; /* its name, a text of the row */
    const struct record *row;
    struct gathering gathering;
};

/* As db_one(). A statement that fails for several is said again for each alone, so nobody sees the
 * failure of another one. Within a transaction it is always said alone: it sees what the
 * transaction has changed. */
enum outcome db_look_up(void *out, struct work *work, struct db_lookup *lookup, const char *key);

#endif
