/* SPDX-License-Identifier: MIT */
/* Units of work: one transaction each, repeated where that helps, done once. */
#include "base/clock.h"
#include "base/crash_point.h"
#include "base/id.h"
#include "base/work.h"
#include "db/db.h"
#include "db/internal.h"

#include <errmsg.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

enum {
    TRIES = 5,
    FIRST_WAIT_MS = 50,
    MOST_DOUBLINGS = 4,      /* of the wait before the next try */
    PATIENCE_MS = 10000,     /* after which no other try begins */
    PATIENCE_AWAY_MS = 3000, /* the same where nothing can be reached */
    GREAT_PATIENCE_MS = 20000,
};

/* A unit over all its tries. */
struct unit {
    db_body *body;
    void *context;
    const char *mark;           /* NULL: none was needed yet */
    bool in_doubt;              /* a COMMIT was not answered, and nobody has looked since */
    struct proof proofs[TRIES]; /* of the transactions whose COMMIT was not answered */
    size_t proof_count;
    struct list enqueued; /* of struct work, as the body left it before the last of them */
    bool lost;            /* it had a connection, and lost it */
    bool patient;         /* it waits for a database that is away, and for memory */
    bool sees_all;        /* what was committed on other nodes, too */
};

/* db/ knows this one table: a unit and its mark are one thing. */
static enum outcome leave_mark(struct work *work, const char *mark)
{
    work->db->proof = (struct proof){.id = mark};
    return db_run(NULL, work,
                  "INSERT INTO unit_marks (token, created_at) VALUES (?, UTC_TIMESTAMP(3))",
                  DB_ARGS(db_text(mark)));
}

void db_proof(struct work *work, const char *sql, const char *id)
{
    work->db->proof = (struct proof){.sql = sql, .id = id};
}

bool db_has_changed(const struct work *work)
{
    return work->db->changed;
}

static enum outcome start(struct work *work)
{
    static const char sql[] = "START TRANSACTION";
    struct db *db = work->db;

    TRY(db_connect(work));
    CRASH_POINT("before a transaction");
    if (db_say(db->connection, sql) != 0) {
        return db_failed(work, mysql_errno(db->connection), mysql_error(db->connection), sql);
    }
    CRASH_POINT("after the start of a transaction");
    db->in_transaction = true;
    db->changed = false;
    db->proof = (struct proof){0};
    return OK;
}

static void roll_back(struct db *db)
{
    CRASH_POINT("before a rollback");
    /* A connection that cannot even roll back is of no use; closing it rolls back as well. */
    if (db->connection != NULL && db_say(db->connection, "ROLLBACK") != 0) {
        db_disconnect(db);
    }
    CRASH_POINT("after a rollback");
}

/* A mark is the same in each try, and must be looked for once. */
static void note_doubt(struct unit *unit, const struct proof *proof)
{
    const size_t count = unit->proof_count;

    unit->in_doubt = true;
    if (proof->id != NULL && count < TRIES &&
        (count == 0 || strcmp(unit->proofs[count - 1].id, proof->id) != 0)) {
        unit->proofs[unit->proof_count++] = *proof;
    }
}

/* Whatever went wrong on COMMIT, unless it is known that the transaction was rolled back: it may
 * have been done. A new connection finds out. */
static enum outcome commit(struct work *work, struct unit *unit)
{
    struct db *db = work->db;

    CRASH_POINT("before a commit");
    const bool good = db_say(db->connection, "COMMIT") == 0;
    CRASH_POINT("after a commit");
    if (good) {
        return OK;
    }
    const unsigned error = mysql_errno(db->connection);
    const enum outcome outcome = db_failed(work, error, mysql_error(db->connection), "COMMIT");
    if (db_is_rolled_back(error) || db_is_refused(error)) {
        return outcome;
    }
    db_disconnect(db);
    note_doubt(unit, &db->proof);
    unit->enqueued = work->enqueued;
    work->failure.again = true;
    return fail(work, UNAVAILABLE, "the connection to the database was lost");
}

/* A row of that id is looked for with a lock, a mark by leaving it: both wait for a COMMIT that is
 * still going on in the server. */
static enum outcome look_for(bool *found, struct work *work, const struct proof *proof)
{
    int64_t there;
    const enum outcome outcome =
        proof->sql != NULL ? db_number(&there, work, proof->sql, DB_ARGS(db_text(proof->id)))
                           : leave_mark(work, proof->id);

    *found = outcome == (proof->sql != NULL ? OK : CONFLICT);
    return *found || outcome == NOT_FOUND ? OK : outcome;
}

/* Was it done? Asked at the beginning of each further try. On a cluster this may be another node;
 * it was told to wait for what the first one has committed. */
static enum outcome look(bool *done, struct work *work, struct unit *unit)
{
    *done = false;
    for (size_t i = 0; i < unit->proof_count && !*done; i++) {
        TRY(look_for(done, work, &unit->proofs[i]));
    }
    unit->in_doubt = false;
    return OK;
}

static enum outcome run_body(struct work *work, struct unit *unit)
{
    struct db *db = work->db;

    work_clear(work);
    TRY(unit->body(work, unit->context));
    TRY(db_connect(work)); /* a body that passed over a lost connection has done nothing */
    if (db->changed && db->proof.id == NULL) {
        unit->mark = unit->mark != NULL ? unit->mark : id_new_long(work->arena, "");
        TRY(leave_mark(work, unit->mark));
    }
    return commit(work, unit);
}

static enum outcome in_transaction(struct work *work, struct unit *unit)
{
    bool done;

    if (unit->in_doubt || unit->sees_all) {
        TRY(db_catch_up(work));
    }
    TRY(start(work));
    enum outcome outcome = look(&done, work, unit);
    if (outcome == OK && !done) {
        outcome = run_body(work, unit);
    }
    work->db->in_transaction = false;
    if (outcome != OK || done) {
        roll_back(work->db);
    }
    if (done) {
        work_clear(work);
        work->enqueued = unit->enqueued;
    }
    return outcome;
}

static enum outcome as_it_is(struct work *work, struct unit *unit)
{
    work_clear(work);
    return unit->body(work, unit->context);
}

/* Jittered, so that those who were in each other's way do not meet again. */
static void wait_before_repeating(int attempt)
{
    const int doublings = attempt - 1 < MOST_DOUBLINGS ? attempt - 1 : MOST_DOUBLINGS;
    const long ms = (long)FIRST_WAIT_MS << doublings;
    unsigned short chance = 0;

    (void)!getrandom(&chance, sizeof(chance), GRND_NONBLOCK);
    const long jittered = ms * 3 / 4 + ms * chance / (2L * (UINT16_MAX + 1));
    (void)nanosleep(&(struct timespec){.tv_nsec = jittered * 1000000L}, NULL);
}

/* A database that was there a moment ago may be starting again; one that was away before is not
 * waited for, since there is a queue of others who ask. Nor is memory, which more tries make
 * scarcer, unless the unit tells of something that has happened. */
static bool is_worth_repeating(const struct work *work, const struct unit *unit,
                               enum outcome outcome)
{
    const bool away = outcome == UNAVAILABLE && work->db->connection == NULL;
    const bool no_memory = outcome == BUSY && work->db->error == CR_OUT_OF_MEMORY;

    return work->failure.again || unit->in_doubt || (away && unit->lost) ||
           (unit->patient && (away || no_memory));
}

static bool is_spent(const struct work *work, const struct unit *unit, int attempt,
                     int64_t began_ms)
{
    const int64_t waited_ms = clock_monotonic_ms() - began_ms;

    if (unit->patient) {
        return waited_ms > GREAT_PATIENCE_MS;
    }
    return attempt == TRIES || waited_ms > (work->db->unreachable ? PATIENCE_AWAY_MS : PATIENCE_MS);
}

static enum outcome repeated(struct work *work, struct unit *unit,
                             enum outcome once(struct work *, struct unit *))
{
    const int64_t began_ms = clock_monotonic_ms();
    enum outcome outcome;

    db_return_to_better_host(work->db);
    for (int attempt = 1;; attempt++) {
        work->failure = (struct failure){0};
        outcome = once(work, unit);
        if (outcome == OK || is_spent(work, unit, attempt, began_ms) ||
            !is_worth_repeating(work, unit, outcome)) {
            break;
        }
        unit->lost = unit->lost || work->db->connection == NULL;
        wait_before_repeating(attempt);
    }
    work->db->gave_up |= work->db->asks_once && outcome_is_away(outcome) && work->db->unreachable;
    if (outcome != OK && unit->in_doubt) {
        return fail(work, UNAVAILABLE,
                    "the connection to the database was lost at the end: look whether the change "
                    "was made before repeating it");
    }
    return outcome;
}

enum outcome db_unit(struct work *work, db_body *body, void *context)
{
    struct unit unit = {.body = body, .context = context};

    return repeated(work, &unit, in_transaction);
}

enum outcome db_unit_patient(struct work *work, db_body *body, void *context)
{
    struct unit unit = {.body = body, .context = context, .patient = true};

    return repeated(work, &unit, in_transaction);
}

enum outcome db_unit_seeing_all(struct work *work, db_body *body, void *context)
{
    struct unit unit = {.body = body, .context = context, .sees_all = true};

    return repeated(work, &unit, in_transaction);
}

enum outcome db_reading(struct work *work, db_body *body, void *context)
{
    struct unit unit = {.body = body, .context = context};

    return repeated(work, &unit, as_it_is);
}
