/* SPDX-License-Identifier: MIT */
/* One statement for many rows: what is inserted, changed or looked for is told a hundred rows at a
 * time, so that the way to the database and back is paid once for all of them.
 *
 *     struct db_rows rows = db_rows(work->arena, count, 2);
 *     for (size_t i = 0; i < count; i++) {
 *         db_rows_add(&rows, DB_ARGS(db_text(loan[i].loan_id), db_time(loan[i].due_at)));
 *     }
 *     return db_run_many(NULL, work,
 *                        &(struct db_many){.begin = "INSERT INTO loans (loan_id, due_at) VALUES ",
 *                                          .each = "(?, ?)"},
 *                        &rows);
 *
 * Rows go in groups of a few fixed sizes, the largest of 100, so each text is prepared a few times
 * at most, however many rows there are. */
#ifndef MENTORWATCH_DB_MANY_H
#define MENTORWATCH_DB_MANY_H

#include "db/db.h"

struct arena;

/* The arguments of many rows, side by side in the arena. */
struct db_rows {
    struct db_arg *at;
    size_t count; /* rows */
    size_t width; /* arguments of each */
};

/* Room for `most` rows; none is there yet. */
struct db_rows db_rows(struct arena *arena, size_t most, size_t width);
/* One more; `args` has `width` of them. */
void db_rows_add(struct db_rows *rows, struct db_args args);

/* Rows of one argument: texts (const char *) or numbers (int64_t). */
struct db_rows db_rows_of_texts(struct arena *arena, struct list texts);
struct db_rows db_rows_of_numbers(struct arena *arena, struct list numbers);

/* A statement whose middle is said once for each row, with a comma between. */
struct db_many {
    const char *begin; /* "SELECT … WHERE loan_id IN (" */
    struct db_args begin_args;
    const char *each; /* "?" */
    const char *end;  /* ")"; NULL: nothing */
    struct db_args end_args;
    bool repeatable; /* a change: it does no harm to name a row twice (IN), so fewer will do */
    bool exact;      /* up to 16 rows go in one statement, however many: a text for each number of
                      * rows, for what is said often with a few */
};

/* A change, the rows in their order. *affected (may be NULL) gets how many it really changed.
 * Nothing is asked of the database when there are no rows; the same below. Within a unit of work
 * only: it may take several statements. */
enum outcome db_run_many(int64_t *affected, struct work *work, const struct db_many *statement,
                         const struct db_rows *rows);
/* All that it finds, in no order: as db_all(), for a SELECT in which it does no harm to name a row
 * twice (IN). What two groups find is found twice. */
enum outcome db_all_many(struct list *out, struct work *work, const struct record *row,
                         const struct db_many *statement, const struct db_rows *rows);

/* A row that is a number called seq, into an int64_t. */
extern const struct record db_seq;

#endif
