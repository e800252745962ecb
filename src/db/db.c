/* SPDX-License-Identifier: MIT */
#include "db/db.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/work.h"
#include "db/internal.h"

#include <errmsg.h>
#include <mysqld_error.h>
#include <stdatomic.h>
#include <string.h>

enum {
    /* Numbers that the client's headers do not name on every platform. */
    ERROR_NODE_NOT_READY = 1047, /* Galera: this node cannot be used now */
    ERROR_READ_ONLY = 1290,
    ERROR_READ_ONLY_MODE = 1836,
    ERROR_KILLED = 1927,
    ERROR_IDLE_TOO_LONG = 4031, /* MySQL closes a connection, and says why */
    ERROR_GROUP_ROLLBACK = 3101,
};

static atomic_int_fast64_t asked;

int64_t db_asked(void)
{
    return atomic_load_explicit(&asked, memory_order_relaxed);
}

void db_count_asked(void)
{
    atomic_fetch_add_explicit(&asked, 1, memory_order_relaxed);
}

int db_say(MYSQL *connection, const char *sql)
{
    db_count_asked();
    return mysql_query(connection, sql);
}

void db_library_open(db_gate *gate)
{
    connect_gate(gate);
    (void)mysql_library_init(0, NULL, NULL);
}

void db_library_close(void)
{
    mysql_library_end();
}

struct db *db_new(const struct settings *settings)
{
    struct db *db = memory_take(sizeof(*db));

    *db = (struct db){.settings = settings, .kept = arena_new()};
    return db;
}

/* The connection before its statements: on one that has failed, each of them would ask the library
 * for the rest of its rows, which then may wait for what was read already, or call what is not
 * there. */
void db_disconnect(struct db *db)
{
    if (db->connection != NULL) {
        mysql_close(db->connection);
        db->connection = NULL;
    }
    statements_free(db);
}

void db_rest(struct db *db)
{
    db_disconnect(db);
}

void db_ask_once(struct db *db)
{
    db->asks_once = true;
    db->gave_up = false;
}

void db_free(struct db *db)
{
    if (db == NULL) {
        return;
    }
    db_disconnect(db);
    arguments_free(&db->arguments);
    arena_free(db->kept);
    memory_give_back(db);
    mysql_thread_end();
}

bool db_is_connected(const struct work *work)
{
    return work->db->connection != NULL;
}

bool db_is_unreachable(const struct work *work)
{
    return work->db->unreachable;
}

unsigned db_error_number(const struct work *work)
{
    return work->db->error;
}

bool db_is_rolled_back(unsigned error)
{
    return error == ER_LOCK_DEADLOCK || error == ER_LOCK_WAIT_TIMEOUT ||
           error == ERROR_GROUP_ROLLBACK;
}

bool db_is_refused(unsigned error)
{
    return error == ER_USER_LIMIT_REACHED;
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

/* "Got error 28 …": the storage engine says why it failed in words alone, and of all the reasons
 * that it may have only a full disk (ENOSPC on the server) passes by itself. */
static bool names_full_disk(const char *words)
{
    return strstr(words, "error 28 ") != NULL;
}

bool db_is_out_of_room(unsigned error, const char *words)
{
    switch (error) {
    case ER_CON_COUNT_ERROR:
    case ER_TOO_MANY_USER_CONNECTIONS:
    case ER_USER_LIMIT_REACHED:
    case ER_RECORD_FILE_FULL:
    case ER_DISK_FULL:
    case ER_OUTOFMEMORY:
    case ER_OUT_OF_RESOURCES:
        return true;
    case ER_GET_ERRNO:
        return names_full_disk(words);
    default:
        return false;
    }
}

enum outcome db_no_room(struct work *work)
{
    return fail(work, BUSY, "the database has no room just now");
}

/* In which state the client's library is then, nobody knows. */
enum outcome db_no_memory(struct work *work)
{
    db_disconnect(work->db);
    work->db->error = CR_OUT_OF_MEMORY;
    return fail(work, BUSY, "this server has no memory just now");
}

enum outcome db_failed(struct work *work, unsigned error, const char *words, const char *sql)
{
    work->db->error = error;
    if (error == ER_DUP_ENTRY) {
        return fail(work, CONFLICT, "it exists already");
    }
    if (db_is_rolled_back(error)) {
        work->failure.again = true;
        return fail(work, UNAVAILABLE, "the database is busy");
    }
    log_event(LOG_LEVEL_ERROR, "database", LOG_INT("error", error), LOG_TEXT("says", words),
              LOG_TEXT("statement", sql));
    if (error == ER_QUERY_INTERRUPTED) {
        work->failure.again = true;
        return fail(work, UNAVAILABLE, "the database has interrupted a statement");
    }
    if (is_connection_lost(error)) {
        db_disconnect(work->db);
        work->failure.again = true;
        return fail(work, UNAVAILABLE, "the connection to the database was lost");
    }
    if (error == CR_OUT_OF_MEMORY) {
        return db_no_memory(work);
    }
    if (db_is_out_of_room(error, words)) {
        return db_no_room(work);
    }
    if (is_schema_too_old(error)) {
        return fail(work, OUTDATED,
                    "the database schema is older than this program: run \"mentorwatch migrate\"");
    }
    return fail(work, BROKEN, "the database refused a statement: error %u", error);
}
