/* SPDX-License-Identifier: MIT */
/* What the files of db/ share among themselves. */
#ifndef MENTORWATCH_DB_INTERNAL_H
#define MENTORWATCH_DB_INTERNAL_H

#include "db/db.h"

#include <mysql.h>

struct statement;

/* By what a repeated unit finds out whether this transaction was committed. */
struct proof {
    const char *sql; /* finds the row with that id; NULL: the id is a mark in unit_marks */
    const char *id;  /* NULL: there is no proof yet */
};

enum { STATEMENT_BUCKETS = 256, MOST_STATEMENTS = 200 };

/* The arguments of the statement at hand, as the library wants them. */
struct arguments {
    MYSQL_BIND *binds;
    MYSQL_TIME *times; /* as many; those of the arguments that are moments */
    size_t room;
};

struct db {
    const struct settings *settings;
    MYSQL *connection;  /* NULL: not connected */
    size_t host;        /* of database.hosts: which one it goes to */
    struct arena *kept; /* what lives as long as the connection: its statements */
    struct statement *statements[STATEMENT_BUCKETS];
    size_t statement_count;
    unsigned error;
    bool in_transaction; /* a lost connection must not be replaced in its middle */
    bool asks_once;      /* who finds it away in this request is the last to look */
    bool unreachable;    /* the last try to connect has failed */
    bool gave_up;        /* so has a unit, for that reason */
    bool changed;        /* a statement of this transaction has changed a row */
    struct proof proof;  /* of this transaction */
    struct arguments arguments;
};

/* For db_asked(): one more is about to be asked for. */
void db_count_asked(void);
/* A statement that is not prepared: 0, or what the library says. */
int db_say(MYSQL *connection, const char *sql);

/* connect.c */
enum outcome db_connect(struct work *work); /* OK at once when connected */
void connect_gate(db_gate *asked);          /* what db_library_open() was given */
/* Before a unit: leave a host that was only the next best, when it is time to try a better one. */
void db_return_to_better_host(struct db *db);
/* Let the next transaction see all that was committed on any node of a cluster. */
enum outcome db_catch_up(struct work *work);

/* hosts.c: which of the hosts of a cluster are worth a try; the whole process remembers. */
/* Their places in the order in which to try them now. Those that failed seconds ago come last. */
void hosts_order(size_t order[], size_t count);
void hosts_failed(size_t host);
void hosts_worked(size_t host);
/* Whether one before it may work again. */
bool hosts_has_better(size_t host);

/* db.c */
void db_disconnect(struct db *db);
/* The client's library got none: BUSY, and the connection is closed. */
enum outcome db_no_memory(struct work *work);
/* Turn the error that the library reports into an outcome; closes a dead connection. */
enum outcome db_failed(struct work *work, unsigned error, const char *words, const char *sql);
/* Whether after this error the whole transaction is certainly not done, and may be repeated. */
bool db_is_rolled_back(unsigned error);
/* Whether the server has not even begun with the statement: the account has no query left. */
bool db_is_refused(unsigned error);
bool db_is_out_of_room(unsigned error, const char *words);
enum outcome db_no_room(struct work *work);

/* statement.c */
void statements_free(struct db *db);

/* row.c: arguments in, columns out */
struct columns;

/* Set up result buffers for a prepared statement, as long as the connection: column by column the
 * field of that name. */
enum outcome columns_new(struct columns **out, struct work *work, MYSQL_STMT *prepared,
                         const struct record *row, const char *sql);
const struct record *columns_row(const struct columns *columns);
bool columns_bind(struct columns *columns, MYSQL_STMT *prepared); /* false: library error */
/* Copy the fetched row into a new struct of the arena. False: library error. */
bool columns_read(struct columns *columns, MYSQL_STMT *prepared, void *object, struct arena *arena);

/* Execute with these arguments. False: library error. */
bool arguments_execute(MYSQL_STMT *prepared, struct db_args args, struct arguments *arguments);
void arguments_free(struct arguments *arguments);

#endif
