/* SPDX-License-Identifier: MIT */
/* Connections: to the one database, or to the first node of a cluster that works. */
#include "base/arena.h"
#include "base/config.h"
#include "base/crash_point.h"
#include "base/endpoint.h"
#include "base/log.h"
#include "base/text.h"
#include "base/work.h"
#include "db/internal.h"

#include <errmsg.h>
#include <mysqld_error.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>

enum {
    STATEMENT_TIMEOUT_FACTOR = 6,
    CONNECT_SECONDS_OF_MANY = 2, /* where there is another host to try */
    CONNECT_MS_OF_ALL = 2500,    /* after which no other one is tried */
    /* After so much silence a host is dead, as the kernel sees it. */
    SILENCE_SECONDS = 5,
    PROBE_AFTER_SECONDS = 2,
    /* What a Galera node says of itself when it has all that was committed. */
    GALERA_SYNCED = 4,
};

/* What a node of a cluster is good for. */
enum state { WORKS, LAGS, FAILS };

static const char *or_null(const char *text)
{
    return text[0] == '\0' ? NULL : text;
}

/* NULL: there is no memory. */
static MYSQL *prepare_connection(const struct settings *settings, bool one_of_many)
{
    MYSQL *connection = mysql_init(NULL);
    const unsigned timeout = (unsigned)settings->database.timeout;
    const unsigned connect_timeout =
        one_of_many && timeout > CONNECT_SECONDS_OF_MANY ? CONNECT_SECONDS_OF_MANY : timeout;
    const unsigned statement_timeout = timeout * STATEMENT_TIMEOUT_FACTOR;
    const unsigned tcp = MYSQL_PROTOCOL_TCP;
    const unsigned off = 0;

    if (connection == NULL) {
        return NULL;
    }
    mysql_options(connection, MYSQL_OPT_CONNECT_TIMEOUT, &connect_timeout);
    mysql_options(connection, MYSQL_OPT_READ_TIMEOUT, &statement_timeout);
    mysql_options(connection, MYSQL_OPT_WRITE_TIMEOUT, &statement_timeout);
    mysql_options(connection, MYSQL_OPT_LOCAL_INFILE, &off);
    mysql_options(connection, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    if (one_of_many) {
        mysql_options(connection, MYSQL_OPT_PROTOCOL, &tcp);
    }
    return connection;
}

/* A variable that only Galera has. A server that does not know it has nothing to catch up with. */
static bool set_sync_wait(MYSQL *connection)
{
    return db_say(connection, "SET SESSION wsrep_sync_wait = 1") == 0 ||
           mysql_errno(connection) == ER_UNKNOWN_SYSTEM_VARIABLE;
}

static bool set_session(MYSQL *connection, const struct settings *settings)
{
    static const char *const statements[] = {
        "SET SESSION time_zone = '+00:00', innodb_lock_wait_timeout = 5, sql_mode = "
        "'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,"
        "NO_ENGINE_SUBSTITUTION'",
        "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
    };
    for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++) {
        if (db_say(connection, statements[i]) != 0) {
            return false;
        }
    }
    return strcmp(settings->database.read_own_writes, "on") != 0 || set_sync_wait(connection);
}

/* Without this, a host that lost its power would be waited for as long as for a slow statement. */
static void notice_silence(MYSQL *connection)
{
#ifdef MARIADB_PACKAGE_VERSION
    const int socket = mysql_get_socket(connection);
#else
    const int socket = connection->net.fd;
#endif
    const unsigned silence_ms = SILENCE_SECONDS * MS_PER_SECOND;
    const int on = 1;
    const int idle = PROBE_AFTER_SECONDS;
    const int interval = 1;
    const int probes = SILENCE_SECONDS - PROBE_AFTER_SECONDS;

    (void)setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
    (void)setsockopt(socket, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
    (void)setsockopt(socket, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof(interval));
    (void)setsockopt(socket, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof(probes));
    (void)setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &silence_ms, sizeof(silence_ms));
}

static bool open_connection(MYSQL *connection, const struct settings *settings, const char *host,
                            int64_t port, const char *socket)
{
    CRASH_POINT("before connecting");
    const bool good =
        mysql_real_connect(connection, host, settings->database.user, settings->database.password,
                           settings->database.name, (unsigned)port, socket, 0) != NULL &&
        set_session(connection, settings);
    CRASH_POINT("after connecting");
    if (good) {
        notice_silence(connection);
    }
    return good;
}

/* The host may lack it, or we. */
static bool is_out_of_room(unsigned error, const char *words)
{
    return error == CR_OUT_OF_MEMORY || db_is_out_of_room(error, words);
}

static void give_up(struct db *db, MYSQL *connection, const char *host)
{
    static const char useless[] = "it is up, and not ready or for reading alone";

    db->error = mysql_errno(connection);
    log_event(LOG_LEVEL_ERROR, "database", LOG_TEXT("host", host), LOG_INT("error", db->error),
              LOG_TEXT("says", db->error != 0 ? mysql_error(connection) : useless));
}

/* ---- one database -------------------------------------------------------------------------- */

static enum outcome connect_to_one(struct work *work)
{
    struct db *db = work->db;
    const struct settings *settings = db->settings;
    MYSQL *connection = prepare_connection(settings, false);

    if (connection == NULL) {
        return db_no_memory(work);
    }
    if (open_connection(connection, settings, settings->database.host, settings->database.port,
                        or_null(settings->database.socket))) {
        db->connection = connection;
        return OK;
    }
    const bool no_room = is_out_of_room(mysql_errno(connection), mysql_error(connection));
    give_up(db, connection, settings->database.host);
    mysql_close(connection);
    return no_room ? db_no_room(work) : fail(work, UNAVAILABLE, "the database cannot be reached");
}

/* ---- a cluster ------------------------------------------------------------------------------ */

/* The second column of the one row, "" if there is none; NULL: the server did not answer. */
static const char *ask(MYSQL *connection, struct arena *arena, const char *sql)
{
    MYSQL_RES *result = db_say(connection, sql) == 0 ? mysql_store_result(connection) : NULL;

    if (result == NULL) {
        return NULL;
    }
    char **row = mysql_fetch_row(result);
    const char *value = row != NULL && row[1] != NULL ? arena_text(arena, row[1]) : "";
    mysql_free_result(result);
    return value;
}

/* A node that is up may be of no use: cut off from the others, still filling, or for reading
 * alone. */
static enum state ask_state(MYSQL *connection, struct arena *arena)
{
    int64_t state;
    const char *read_only = ask(connection, arena, "SHOW GLOBAL VARIABLES LIKE 'read_only'");
    const char *galera = ask(connection, arena, "SHOW GLOBAL VARIABLES LIKE 'wsrep_on'");

    if (read_only == NULL || galera == NULL || strcmp(read_only, "ON") == 0) {
        return FAILS;
    }
    if (strcmp(galera, "ON") != 0) {
        return WORKS;
    }
    const char *ready = ask(connection, arena, "SHOW GLOBAL STATUS LIKE 'wsrep_ready'");
    const char *synced = ask(connection, arena, "SHOW GLOBAL STATUS LIKE 'wsrep_local_state'");
    if (ready == NULL || strcmp(ready, "ON") != 0) {
        return FAILS;
    }
    return synced != NULL && text_to_int(synced, &state) && state == GALERA_SYNCED ? WORKS : LAGS;
}

static enum state try_host(MYSQL **out, struct work *work, const struct endpoint *endpoint)
{
    const struct settings *settings = work->db->settings;
    MYSQL *connection = prepare_connection(settings, true);
    enum state state = FAILS;

    if (connection == NULL) {
        work->db->error = CR_OUT_OF_MEMORY;
        return FAILS;
    }
    if (open_connection(connection, settings, endpoint->host,
                        endpoint->port != 0 ? endpoint->port : settings->database.port, NULL)) {
        state = ask_state(connection, work->arena);
    }
    if (state != FAILS) {
        *out = connection;
        return state;
    }
    give_up(work->db, connection, endpoint->host);
    mysql_close(connection);
    return FAILS;
}

static void use(struct db *db, MYSQL *connection, size_t host)
{
    if (db->connection != NULL) {
        mysql_close(db->connection);
    }
    db->connection = connection;
    db->host = host;
}

/* For others who choose among these; where there is one, nobody does. */
static void note_state(const struct list *hosts, size_t host, enum state state)
{
    if (hosts->count > 1 && state == WORKS) {
        hosts_worked(host);
    } else if (hosts->count > 1) {
        hosts_failed(host);
    }
}

/* One that lags, as while it fills another, is better than none. */
static enum outcome connect_to_first_of(struct work *work, const struct list *hosts)
{
    struct db *db = work->db;
    const int64_t end_ms = clock_monotonic_ms() + CONNECT_MS_OF_ALL;
    size_t order[ENDPOINTS_MAX];
    enum state state = FAILS;

    hosts_order(order, hosts->count);
    for (size_t i = 0; i < hosts->count && state != WORKS && clock_monotonic_ms() < end_ms; i++) {
        const struct endpoint *endpoint = (const struct endpoint *)hosts->items + order[i];
        MYSQL *connection = NULL;
        state = try_host(&connection, work, endpoint);
        note_state(hosts, order[i], state);
        if (state == WORKS || (state == LAGS && db->connection == NULL)) {
            use(db, connection, order[i]);
        } else if (connection != NULL) {
            mysql_close(connection);
        }
    }
    if (db->connection != NULL) {
        return OK;
    }
    return is_out_of_room(db->error, "")
               ? db_no_room(work)
               : fail(work, UNAVAILABLE, "no host of the database can be reached");
}

/* ---- the gate -------------------------------------------------------------------------------- */

static db_gate *gate; /* NULL: none */
static atomic_bool gate_is_open;

void connect_gate(db_gate *asked)
{
    gate = asked;
}

static enum outcome pass_gate(struct work *work)
{
    if (gate == NULL || atomic_load(&gate_is_open)) {
        return OK;
    }
    const enum outcome outcome = gate(work);
    if (outcome != OK) {
        db_disconnect(work->db);
        return outcome;
    }
    atomic_store(&gate_is_open, true);
    return OK;
}

enum outcome db_connect(struct work *work)
{
    struct db *db = work->db;
    struct list hosts;

    if (db->connection != NULL) {
        return OK;
    }
    if (db->gave_up) {
        return fail(work, UNAVAILABLE, "the database cannot be reached");
    }
    if (db->in_transaction) {
        work->failure.again = true;
        return fail(work, UNAVAILABLE, "the connection to the database was lost");
    }
    if (!endpoints_parse(&hosts, work->arena, db->settings->database.hosts)) {
        return fail(work, BROKEN, "database.hosts was not checked");
    }
    db->unreachable = true;
    TRY(hosts.count == 0 ? connect_to_one(work) : connect_to_first_of(work, &hosts));
    db->unreachable = false;
    return pass_gate(work);
}

void db_return_to_better_host(struct db *db)
{
    if (db->connection != NULL && !db->in_transaction && hosts_has_better(db->host)) {
        db_disconnect(db);
    }
}

enum outcome db_catch_up(struct work *work)
{
    TRY(db_connect(work));
    MYSQL *connection = work->db->connection;
    return set_sync_wait(connection)
               ? OK
               : db_failed(work, mysql_errno(connection), mysql_error(connection), "SET SESSION");
}
