/* SPDX-License-Identifier: MIT */
/* A statement whose WHERE depends on which filters were given.
 *
 * Only fragments that stand in the source are put together, never values: those stay arguments.
 * So there are as many different texts as combinations of filters, each prepared once.
 *
 *     struct db_query *query = db_query(work, "SELECT … FROM loans");
 *     db_where(query, "member_id = ?", db_text(filter->member_id));
 *     db_then(query, "ORDER BY seq DESC LIMIT ?", db_int(20));
 *     return db_query_all(out, query, &loan_row);
 */
#ifndef MENTORWATCH_DB_QUERY_H
#define MENTORWATCH_DB_QUERY_H

#include "db/db.h"

struct db_query;

struct db_query *db_query(struct work *work, const char *sql); /* the arena's */
/* AND one more condition with one '?'; nothing happens when the argument is NULL. */
void db_where(struct db_query *query, const char *condition, struct db_arg arg);
/* AND a condition in any case; its arguments in order. */
void db_where_all(struct db_query *query, const char *condition, struct db_args args);
/* What comes after WHERE. */
void db_then(struct db_query *query, const char *sql, struct db_args args);

enum outcome db_query_all(struct list *out, struct db_query *query, const struct record *row);
enum outcome db_query_number(int64_t *out, struct db_query *query);

#endif
