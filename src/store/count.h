/* SPDX-License-Identifier: MIT */
/* Keeps the table counts, so that totals need no COUNT(*).
 *
 * A row says of itself whether it is in counts (`counted`). A new one is not.
 * Whoever changes or removes a row that is in them takes it out first, in the same transaction.
 * After the commit, and in every sweep, rows that are not in counts are taken in by the hundred.
 * So at every moment a total is what counts says and the rows that are not in it.
 */
#ifndef MENTORWATCH_STORE_COUNT_H
#define MENTORWATCH_STORE_COUNT_H

#include "base/outcome.h"
#include "base/record.h"
#include "store/counted_list.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct db_rows;
struct work;

/* One row was inserted: each block of them makes its list due for count_fold_due(). */
void count_note(struct work *work, enum counted list);

/* Whether so many rows that are inserted together are taken in at once: then they are inserted with
 * `counted = TRUE`, and count_inserted() is called in the same transaction. */
bool count_takes_in(size_t rows);
/* Rows were inserted, with values of these columns ("id, sent_at"). The first one is unique, and
 * all that filters look at are among them. */
enum outcome count_inserted(struct work *work, enum counted list, const char *columns,
                            const struct db_rows *rows);
/* The same by who knows their numbers already (int64_t), in the order of the rows. */
enum outcome count_numbered(struct work *work, enum counted list, const char *columns,
                            const struct db_rows *rows, struct list numbers);

/* Before a row is changed in a column that a filter of the list looks at, or deleted: lock it and
 * take it out of counts. The change must say `counted = FALSE`. */
enum outcome count_take_out(struct work *work, enum counted list, int64_t seq);
/* The same for several: their numbers, one a row. */
enum outcome count_take_out_many(struct work *work, enum counted list, const struct db_rows *seqs);

/* After the commit: take rows into counts where it is due. A failure is left to the next one. */
void count_fold_due(struct work *work);

/* Take all rows in that make whole blocks. Must not be called inside a transaction. */
enum outcome count_fold(struct work *work, enum counted list);

/* Hold the counts of a list against all who add up its parts or repair them, until the transaction
 * ends. */
enum outcome count_lock(struct work *work, const struct counted_list *list);

#endif
