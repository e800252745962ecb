/* SPDX-License-Identifier: MIT */
#include "db/db.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/log.h"
#include "base/work.h"
#include "db/internal.h"

#include <errmsg.h>
#include <mysqld_error.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    TRIES = 5,
    FIRST_WAIT_MS = 20,
    STATEMENT_TIMEOUT_FACTOR = 6,
    /* Numbers that the client's headers do not name on every platform. */
    ERROR_NODE_NOT_READY = 1047, /* Galera: this node cannot be used now */
    ERROR_READ_ONLY = 1290,
    ERROR_READ_ONLY_MODE = 1836,
    ERROR_KILLED = 1927,
    ERROR_IDLE_TOO_LONG = 4031, /* MySQL closes a connection, and says why */
    ERROR_GROUP_ROLLBACK = 3101,
};

void db_library_open(void)
{
    (void)mysql_library_init(0, NULL, NULL);
}

void db_library_close(void)
{
    mysql_library_end();
}

struct db *db_new(const struct settings *settings)
{
    struct db *db = calloc(1, sizeof(*db));
    if (db == NULL) {
        abort();
    }
    db->settings = settings;
    db->kept = arena_new();
    return db;
}

static void disconnect(struct db *db)
{
    statements_free(db);
    if (db->connection != NULL) {
        mysql_close(db->connection);
        db->connection = NULL;
    }
}

void db_free(struct db *db)
{
    if (db == NULL) {
        return;
    }
    disconnect(db);
    arena_free(db->kept);
    free(db);
    mysql_thread_end();
}

unsigned db_error_number(const struct work *work)
{
    return work->db->error;
}

static bool is_deadlock(unsigned error)
{
    return error == ER_LOCK_DEADLOCK || error == ER_LOCK_WAIT_TIMEOUT ||
           error == ERROR_GROUP_ROLLBACK;
}

static bool is_connection_lost(unsigned error)
{
    switch (error) {
    case CR_SERVER_GONE_ERROR:
    case CR_SERVER_LOST:
    case CR_SERVER_LOST_EXTENDED:
    case ER_SERVER_SHUTDOWN:
    case ERROR_KILLED:
    case ERROR_IDLE_TOO_LONG:
    case ER_NET_READ_INTERRUPTED:
    case ER_NET_WRITE_INTERRUPTED:
    case ERROR_NODE_NOT_READY:
    case ERROR_READ_ONLY:
    case ERROR_READ_ONLY_MODE:
        return true;
    default:
        return false;
    }
}

/* A table or a column that the schema does not have yet. */
static bool is_schema_too_old(unsigned error)
{
    return error == ER_NO_SUCH_TABLE || error == ER_BAD_FIELD_ERROR;
}

static bool is_out_of_room(unsigned error)
{
    switch (error) {
    case ER_CON_COUNT_ERROR:
    case ER_TOO_MANY_USER_CONNECTIONS:
    case ER_USER_LIMIT_REACHED:
    case ER_RECORD_FILE_FULL:
    case ER_DISK_FULL:
        return true;
    default:
        return false;
    }
}

enum outcome db_failed(struct work *work, unsigned error, const char *words, const char *sql)
{
    work->db->error = error;
    if (error == ER_DUP_ENTRY) {
        return fail(work, CONFLICT, "it exists already");
    }
    if (is_deadlock(error)) {
        work->failure.again = true;
        return fail(work, UNAVAILABLE, "the database is busy");
    }
    log_event(LOG_LEVEL_ERROR, "database", LOG_INT("error", error), LOG_TEXT("says", words),
              LOG_TEXT("statement", sql));
    if (is_connection_lost(error)) {
        disconnect(work->db);
        work->failure.again = true;
        return fail(work, UNAVAILABLE, "the connection to the database was lost");
    }
    if (is_out_of_room(error)) {
        return fail(work, UNAVAILABLE, "the database has no room");
    }
    if (is_schema_too_old(error)) {
        return fail(work, UNAVAILABLE,
                    "the database schema is older than this program: run \"mentorwatch migrate\"");
    }
    return fail(work, BROKEN, "the database refused a statement: error %u", error);
}

static void set_options(MYSQL *connection, const struct settings *settings)
{
    const unsigned connect_timeout = (unsigned)settings->database.timeout;
    const unsigned statement_timeout = connect_timeout * STATEMENT_TIMEOUT_FACTOR;
    const unsigned off = 0;

    mysql_options(connection, MYSQL_OPT_CONNECT_TIMEOUT, &connect_timeout);
    mysql_options(connection, MYSQL_OPT_READ_TIMEOUT, &statement_timeout);
    mysql_options(connection, MYSQL_OPT_WRITE_TIMEOUT, &statement_timeout);
    mysql_options(connection, MYSQL_OPT_LOCAL_INFILE, &off);
    mysql_options(connection, MYSQL_SET_CHARSET_NAME, "utf8mb4");
}

static bool set_session(MYSQL *connection)
{
    static const char *const statements[] = {
        "SET SESSION time_zone = '+00:00', innodb_lock_wait_timeout = 5, sql_mode = "
        "'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,"
        "NO_ENGINE_SUBSTITUTION'",
        "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
    };
    for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++) {
        if (mysql_query(connection, statements[i]) != 0) {
            return false;
        }
    }
    return true;
}

static const char *or_null(const char *text)
{
    return text[0] == '\0' ? NULL : text;
}

enum outcome db_connect(struct work *work)
{
    struct db *db = work->db;
    const struct settings *settings = db->settings;

    if (db->connection != NULL) {
        return OK;
    }
    MYSQL *connection = mysql_init(NULL);
    if (connection == NULL) {
        abort();
    }
    set_options(connection, settings);
    if (mysql_real_connect(connection, settings->database.host, settings->database.user,
                           settings->database.password, settings->database.name,
                           (unsigned)settings->database.port, or_null(settings->database.socket),
                           0) == NULL ||
        !set_session(connection)) {
        db->error = mysql_errno(connection);
        log_event(LOG_LEVEL_ERROR, "database", LOG_INT("error", db->error),
                  LOG_TEXT("says", mysql_error(connection)));
        mysql_close(connection);
        return fail(work, UNAVAILABLE, "the database cannot be reached");
    }
    db->connection = connection;
    return OK;
}

static enum outcome query(struct work *work, const char *sql)
{
    TRY(db_connect(work));
    if (mysql_query(work->db->connection, sql) != 0) {
        return db_failed(work, mysql_errno(work->db->connection), mysql_error(work->db->connection),
                         sql);
    }
    return OK;
}

static void roll_back(struct work *work)
{
    struct db *db = work->db;

    /* A connection that cannot even roll back is of no use; closing it rolls back as well. */
    if (db->connection != NULL && mysql_rollback(db->connection) != 0) {
        disconnect(db);
    }
}

static enum outcome commit(struct work *work)
{
    MYSQL *connection = work->db->connection;

    if (mysql_commit(connection) == 0) {
        return OK;
    }
    const unsigned error = mysql_errno(connection);
    const enum outcome outcome = db_failed(work, error, mysql_error(connection), "COMMIT");
    if (is_connection_lost(error)) {
        work->failure.again = false;
        return fail(work, UNAVAILABLE,
                    "the connection to the database was lost at the end: look whether the change "
                    "was made before repeating it");
    }
    return outcome;
}

static enum outcome transaction(struct work *work, db_body *body, void *context)
{
    TRY(query(work, "START TRANSACTION"));
    enum outcome outcome = body(work, context);
    if (outcome == OK && work->db->connection != NULL) {
        outcome = commit(work);
    }
    if (outcome != OK) {
        roll_back(work);
    }
    return outcome;
}

static void wait_before_repeating(int attempt)
{
    const long ms = (long)FIRST_WAIT_MS << (attempt - 1);
    const long jittered = ms / 2 + random() % ms;

    (void)nanosleep(&(struct timespec){.tv_nsec = jittered * 1000000L}, NULL);
}

static enum outcome repeated(struct work *work, db_body *body, void *context,
                             enum outcome once(struct work *, db_body *, void *))
{
    for (int attempt = 1;; attempt++) {
        work_clear(work);
        const enum outcome outcome = once(work, body, context);
        if (outcome == OK || !work->failure.again || attempt == TRIES) {
            return outcome;
        }
        wait_before_repeating(attempt);
    }
}

static enum outcome as_it_is(struct work *work, db_body *body, void *context)
{
    return body(work, context);
}

enum outcome db_unit(struct work *work, db_body *body, void *context)
{
    return repeated(work, body, context, transaction);
}

enum outcome db_reading(struct work *work, db_body *body, void *context)
{
    return repeated(work, body, context, as_it_is);
}
