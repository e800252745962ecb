/* SPDX-License-Identifier: MIT */
/* Prepared statements: made once for each connection, found again by their text. */
#include "base/arena.h"
#include "base/crash_point.h"
#include "base/text.h"
#include "base/work.h"
#include "db/db.h"
#include "db/internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct statement {
    struct statement *next; /* in its bucket */
    char *sql;
    MYSQL_STMT *prepared;
    struct columns *columns; /* NULL until it first returned rows */
};

void statements_free(struct db *db)
{
    for (size_t i = 0; i < STATEMENT_BUCKETS; i++) {
        for (struct statement *at = db->statements[i]; at != NULL; at = at->next) {
            mysql_stmt_close(at->prepared);
        }
        db->statements[i] = NULL;
    }
    db->statement_count = 0;
    arena_reset(db->kept);
}

/* A line that breaks between two rows is known to the connection alone. */
static enum outcome statement_failed(struct work *work, MYSQL_STMT *prepared, const char *sql)
{
    MYSQL *connection = work->db->connection;
    const bool knows = mysql_stmt_errno(prepared) != 0;
    const unsigned error = knows ? mysql_stmt_errno(prepared) : mysql_errno(connection);
    const char *words = knows ? mysql_stmt_error(prepared) : mysql_error(connection);

    return db_failed(work, error, arena_text(work->arena, words), sql);
}

static enum outcome prepare(struct statement **out, struct work *work, const char *sql)
{
    struct db *db = work->db;

    *out = NULL;
    TRY(db_connect(work));
    const size_t length = strlen(sql);
    struct statement **bucket = &db->statements[length % STATEMENT_BUCKETS];
    for (struct statement *at = *bucket; at != NULL; at = at->next) {
        if (strcmp(at->sql, sql) == 0) {
            *out = at;
            return OK;
        }
    }
    /* Lists have as many statements as combinations of filters, and the server has room for so many
     * of all clients together: begin anew rather than fill it. */
    if (db->statement_count == MOST_STATEMENTS) {
        statements_free(db);
    }
    MYSQL_STMT *prepared = mysql_stmt_init(db->connection);
    if (prepared == NULL) {
        return db_no_memory(work);
    }
    CRASH_POINT("before preparing");
    const bool good = mysql_stmt_prepare(prepared, sql, length) == 0;
    CRASH_POINT("after preparing");
    if (!good) {
        const unsigned error = mysql_stmt_errno(prepared);
        const char *words = arena_text(work->arena, mysql_stmt_error(prepared));
        mysql_stmt_close(prepared);
        return db_failed(work, error, words, sql);
    }
    struct statement *made = arena_alloc(db->kept, sizeof(*made));
    made->sql = arena_text(db->kept, sql);
    made->prepared = prepared;
    made->next = *bucket;
    *bucket = made;
    db->statement_count++;
    *out = made;
    return OK;
}

static enum outcome execute(struct statement **out, struct work *work, const char *sql,
                            struct db_args args)
{
    TRY(prepare(out, work, sql));
    assert(*out != NULL);
    if (mysql_stmt_param_count((*out)->prepared) != args.count) {
        return fail(work, BROKEN, "a statement takes %lu arguments and was given %zu: %s",
                    mysql_stmt_param_count((*out)->prepared), args.count, sql);
    }
    db_count_asked();
    CRASH_POINT("before executing");
    const bool good = arguments_execute((*out)->prepared, args, &work->db->arguments);
    CRASH_POINT("after executing");
    if (!good) {
        return statement_failed(work, (*out)->prepared, sql);
    }
    return OK;
}

static enum outcome ready_columns(struct statement *statement, struct work *work,
                                  const struct record *row)
{
    struct columns *columns;

    if (statement->columns != NULL && columns_row(statement->columns) == row) {
        return OK;
    }
    TRY(columns_new(&columns, work, statement->prepared, row, statement->sql));
    if (!columns_bind(columns, statement->prepared)) {
        return statement_failed(work, statement->prepared, statement->sql);
    }
    statement->columns = columns;
    return OK;
}

/* Rows one by one into a growing array; stops after `limit`. */
static enum outcome fetch(struct list *out, struct work *work, struct statement *statement,
                          const struct record *row, size_t limit)
{
    int status = 0;

    *out = (struct list){0};
    TRY(ready_columns(statement, work, row));
    while (out->count < limit) {
        CRASH_POINT("before fetching");
        status = mysql_stmt_fetch(statement->prepared);
        CRASH_POINT("after fetching");
        if (status != 0 && status != MYSQL_DATA_TRUNCATED) {
            break;
        }
        void *object = list_append(out, work->arena, row->size);
        if (!columns_read(statement->columns, statement->prepared, object, work->arena)) {
            status = 1;
            break;
        }
    }
    if (status == 1) {
        return statement_failed(work, statement->prepared, statement->sql);
    }
    return OK;
}

static enum outcome rows(struct list *out, struct work *work, const struct record *row,
                         const char *sql, struct db_args args, size_t limit)
{
    struct statement *statement;

    TRY(execute(&statement, work, sql, args));
    const enum outcome outcome = fetch(out, work, statement, row, limit);
    /* A lost connection has freed the statement already. */
    if (work->db->connection != NULL) {
        mysql_stmt_free_result(statement->prepared);
    }
    return outcome;
}

enum outcome db_one(void *out, struct work *work, const struct record *row, const char *sql,
                    struct db_args args)
{
    struct list found;

    TRY(rows(&found, work, row, sql, args, 1));
    if (found.count == 0) {
        return NOT_FOUND;
    }
    *(void **)out = found.items;
    return OK;
}

enum outcome db_all(struct list *out, struct work *work, const struct record *row, const char *sql,
                    struct db_args args)
{
    return rows(out, work, row, sql, args, SIZE_MAX);
}

struct number {
    int64_t number;
};

static const struct field number_fields[] = {FIELD(struct number, number)};
static const struct record number_row = RECORD(struct number, number_fields);

enum outcome db_number(int64_t *out, struct work *work, const char *sql, struct db_args args)
{
    struct number *found;

    TRY(db_one(&found, work, &number_row, sql, args));
    *out = found->number;
    return OK;
}

enum outcome db_run(int64_t *affected, struct work *work, const char *sql, struct db_args args)
{
    struct statement *statement;

    TRY(execute(&statement, work, sql, args));
    const int64_t rows = (int64_t)mysql_stmt_affected_rows(statement->prepared);
    work->db->changed = work->db->changed || rows > 0;
    if (affected != NULL) {
        *affected = rows;
    }
    return OK;
}

enum outcome db_insert(int64_t *seq, struct work *work, const char *sql, struct db_args args)
{
    struct statement *statement;

    TRY(execute(&statement, work, sql, args));
    work->db->changed = true;
    *seq = (int64_t)mysql_stmt_insert_id(statement->prepared);
    return OK;
}
