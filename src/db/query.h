/* SPDX-License-Identifier: MIT */
/* A statement whose WHERE depends on which filters were given.
 *
 * Only fragments that stand in the source are put together, never values: those stay arguments.
 * So there are as many different texts as combinations of filters, each prepared once.
 *
 *     struct db_query *query = db_query(work, "seq, loan_id, …", "loans");
 *     db_where(query, "member_id = ?", db_text(filter->member_id));
 *     return db_query_page(out, query, &loan_row, &filter->listing);
 */
#ifndef MENTORWATCH_DB_QUERY_H
#define MENTORWATCH_DB_QUERY_H

#include "base/listing.h"
#include "db/db.h"

struct db_query;

/* SELECT columns FROM tables; the arena's. */
struct db_query *db_query(struct work *work, const char *columns, const char *tables);
/* AND one more condition with one '?'; nothing happens when the argument is NULL. */
void db_where(struct db_query *query, const char *condition, struct db_arg arg);
/* AND a condition in any case; its arguments in order. */
void db_where_all(struct db_query *query, const char *condition, struct db_args args);
/* What comes after WHERE. */
void db_then(struct db_query *query, const char *sql, struct db_args args);

/* What db_query_page() need not count. */
void db_known_total(struct db_query *query, int64_t total);
/* A page by number begins `skip` rows into those that the condition, with one '?', lets through. */
void db_begin(struct db_query *query, const char *condition, struct db_arg arg, int64_t skip);

enum outcome db_query_all(struct list *out, struct db_query *query, const struct record *row);

/* An index of what WHERE compares for equality, and of seq: a page far in the list, which is in
 * order of seq, is found in it. Left to itself, the server walks such an index from its end. */
void db_through(struct db_query *query, const char *index);

/* The rows are not found in the order of the list: only their numbers are sorted, and those of the
 * page read. */
void db_sort_numbers(struct db_query *query);

/* The page that the listing asks for, and how many rows there are in all. The words of
 * listing->sort are columns (integers or times, never NULL); `seq`, which must be among the
 * columns, decides between equals. Columns of joined tables must not be named seq. */
enum outcome db_query_page(struct page *out, struct db_query *query, const struct record *row,
                           const struct listing *listing);

#endif
