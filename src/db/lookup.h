/* SPDX-License-Identifier: MIT */
/* A row by its key, together with those that others want: most of what a statement costs is the way
 * there and back.
 *
 *     static struct db_lookup by_id = {
 *         .sql = "SELECT loan_id, due_at FROM loans WHERE loan_id IN (",
 *         .key = "loan_id",
 *         .row = &loan_row,
 *         .gathering = GATHERING(.most_leaders = 1),
 *     };
 *     enum outcome outcome = db_look_up(&loan, work, &by_id, "loan_1");
 *
 * Work that can wait has a place for what it wants (work->wanted). It is told AWAITED, and does
 * nothing more. Once db_ask() has asked for it, all of it is done again from its beginning, and the
 * row is there. db_ask() asks for what several pieces of work want, and for what other threads ask
 * for at the same moment (base/gather.h). */
#ifndef MENTORWATCH_DB_LOOKUP_H
#define MENTORWATCH_DB_LOOKUP_H

#include "base/gather.h"
#include "base/work.h"
#include "db/db.h"

struct db_lookup {
    const char *sql; /* up to "… IN (": one key or several follow. The column is unique. */
    const char *key; /* its name, a text of the row */
    const struct record *row;
    struct gathering gathering;
};

/* What one piece of work waits for. */
struct db_wanted {
    struct work *work;
    struct db_lookup *lookup; /* NULL: nothing */
    const char *key;
    enum outcome outcome; /* AWAITED: it has not been asked for */
    void *found;
    struct failure failure;
};

/* As db_one(), or AWAITED. Within a transaction it is always asked for at once: it sees what the
 * transaction has changed. */
enum outcome db_look_up(void *out, struct work *work, struct db_lookup *lookup, const char *key);

/* Ask for all that is wanted. Their work has the same database and the same arena. A statement that
 * fails for several is said again for each alone, so nobody sees the failure of another one. */
void db_ask(struct db_wanted *const *wanted, size_t count);

#endif
