/* SPDX-License-Identifier: MIT */
#include "db/query.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/work.h"

#include <string.h>

enum { MOST_ARGUMENTS = 32 };

struct db_query {
    struct work *work;
    struct text sql;
    bool filtered;
    bool overfull;
    size_t count;
    struct db_arg args[MOST_ARGUMENTS];
};

struct db_query *db_query(struct work *work, const char *sql)
{
    struct db_query *query = arena_alloc(work->arena, sizeof(*query));

    query->work = work;
    query->sql = text_in(work->arena);
    text_add(&query->sql, sql);
    return query;
}

static void take(struct db_query *query, struct db_args args)
{
    if (args.count > MOST_ARGUMENTS - query->count) {
        query->overfull = true;
        return;
    }
    if (args.count > 0) {
        memcpy(&query->args[query->count], args.at, args.count * sizeof(*args.at));
        query->count += args.count;
    }
}

void db_where_all(struct db_query *query, const char *condition, struct db_args args)
{
    text_add(&query->sql, query->filtered ? " AND " : " WHERE ");
    text_add(&query->sql, condition);
    query->filtered = true;
    take(query, args);
}

void db_where(struct db_query *query, const char *condition, struct db_arg arg)
{
    if (!arg.null) {
        db_where_all(query, condition, DB_ARGS(arg));
    }
}

void db_then(struct db_query *query, const char *sql, struct db_args args)
{
    text_add(&query->sql, " ");
    text_add(&query->sql, sql);
    take(query, args);
}

static enum outcome check(struct db_query *query)
{
    return query->overfull ? fail(query->work, BROKEN, "more than %d arguments: %s", MOST_ARGUMENTS,
                                  text_done(&query->sql))
                           : OK;
}

enum outcome db_query_all(struct list *out, struct db_query *query, const struct record *row)
{
    TRY(check(query));
    return db_all(out, query->work, row, text_done(&query->sql),
                  (struct db_args){.at = query->args, .count = query->count});
}

enum outcome db_query_number(int64_t *out, struct db_query *query)
{
    TRY(check(query));
    return db_number(out, query->work, text_done(&query->sql),
                     (struct db_args){.at = query->args, .count = query->count});
}
