/* SPDX-License-Identifier: MIT */
/* The database: one connection with its prepared statements, and the unit of work around them.
 *
 * Each thread has a struct db of its own. It connects when first asked and again after a lost
 * connection, so a database that comes back is simply used again. Every statement is prepared
 * once for each connection and kept. Times are UTC, the session is strict, transactions are READ
 * COMMITTED: a statement sees what was committed before it began.
 *
 * Failures: CONFLICT for a duplicate key; UNAVAILABLE when the database is away or chose this
 * transaction to break a deadlock (work->failure.again says that repeating the whole unit makes
 * sense); BUSY when it takes no more connections, queries or bytes;
 * OUTDATED when it lacks a table or a column; BROKEN for anything else, with
 * the database's words in the log.
 */
#ifndef MENTORWATCH_DB_DB_H
#define MENTORWATCH_DB_DB_H

#include "base/clock.h"
#include "base/outcome.h"
#include "base/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct db;
struct settings;
struct work;

/* Asked over each new connection until it has said OK once in this process: is this a database that
 * we can work with? What it says else is what a statement then ends with. */
typedef enum outcome db_gate(struct work *work);

void db_library_open(db_gate *gate); /* once, before the first thread starts; NULL: any will do */
void db_library_close(void);

struct db *db_new(const struct settings *settings); /* does not connect; settings must outlive it */
void db_free(struct db *db);                        /* in the thread that used it; NULL is fine */

/* Close the connection, if there is one: the next statement opens another. */
void db_rest(struct db *db);

/* A request begins. Once a unit has found the database away and waited, the others of this request
 * fail at once: the client has waited enough. */
void db_ask_once(struct db *db);

/* Whether the last statement left a connection. */
bool db_is_connected(const struct work *work);
/* Whether the last try to connect has failed. */
bool db_is_unreachable(const struct work *work);

/* One argument of a statement. */
struct db_arg {
    enum field_type type;
    bool null;
    const char *text;
    int64_t number;
    struct instant instant;
};

struct db_args {
    const struct db_arg *at;
    size_t count;
};

struct db_arg db_text(const char *text); /* NULL is NULL */
struct db_arg db_int(int64_t number);
struct db_arg db_int_given(int64_t number); /* 0 is NULL */
struct db_arg db_bool(bool value);
struct db_arg db_time(struct instant instant); /* absent is NULL */

#define DB_ARGS(...)                                                                               \
    ((struct db_args){                                                                             \
        .at = (const struct db_arg[]){__VA_ARGS__},                                                \
        .count = sizeof((const struct db_arg[]){__VA_ARGS__}) / sizeof(struct db_arg),             \
    })
#define DB_NO_ARGS ((struct db_args){.at = NULL, .count = 0})

/* The first row, as a struct in the work's arena; `out` is a pointer to a pointer to that struct.
 * Columns go to the fields of the same name. NOT_FOUND without a sentence: the caller knows what
 * was looked for. */
enum outcome db_one(void *out, struct work *work, const struct record *row, const char *sql,
                    struct db_args args);
/* All rows, side by side in the arena. */
enum outcome db_all(struct list *out, struct work *work, const struct record *row, const char *sql,
                    struct db_args args);
/* A single whole number: a count, a flag. NOT_FOUND when there is no row; NULL counts as 0. */
enum outcome db_number(int64_t *out, struct work *work, const char *sql, struct db_args args);
/* A change. *affected (may be NULL) gets how many rows it really changed. */
enum outcome db_run(int64_t *affected, struct work *work, const char *sql, struct db_args args);
/* An INSERT into a table with AUTO_INCREMENT; *seq gets the number of the new row. */
enum outcome db_insert(int64_t *seq, struct work *work, const char *sql, struct db_args args);

/* How many statements this process has asked for so far, as a server counts them ("Questions"):
 * begin and commit count, preparing does not. */
int64_t db_asked(void);

/* The database's own number of the last failure on this connection; 0: none. For callers to whom
 * a certain error is an answer. */
unsigned db_error_number(const struct work *work);

/* A unit of work: `body` runs inside one transaction that is committed when it returns OK and
 * rolled back otherwise. After a deadlock or a lost connection everything is repeated, a few times
 * and for about a second, so `body` must be a function of its context and the database only.
 *
 * It happens once. A COMMIT whose answer was lost is not repeated blindly: a transaction that
 * changes something leaves a proof, and the repetition looks for it first. Found, the unit is done,
 * and what `body` left in its context stands. When the database stays away, the outcome is
 * UNAVAILABLE and the sentence says that the change may have been made. */
typedef enum outcome db_body(struct work *work, void *context);
enum outcome db_unit(struct work *work, db_body *body, void *context);
/* The same for what has happened elsewhere already, and would happen again if it were not written
 * down: it waits some 20 seconds for a database that is away, or for memory of its own. */
enum outcome db_unit_patient(struct work *work, db_body *body, void *context);
/* The same, seeing all that was committed on any node of a cluster before it began. */
enum outcome db_unit_seeing_all(struct work *work, db_body *body, void *context);
/* The same without a transaction, for bodies that only read. */
enum outcome db_reading(struct work *work, db_body *body, void *context);

/* Within a unit of work: whether a statement of it has changed a row. */
bool db_has_changed(const struct work *work);

/* The unit has inserted a row under a new random id: that is its proof. Without one, db_unit()
 * leaves a mark in unit_marks, with one more statement. `sql` selects a number from the row with
 * that id, FOR UPDATE. Only for units that have changed another row before that their repetition
 * changes as well, as the lock of a mentor: on a cluster, this keeps both from being done. */
void db_proof(struct work *work, const char *sql, const char *id);

#endif
