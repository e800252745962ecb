/* SPDX-License-Identifier: MIT */
#include "store/due.h"

#include "base/arena.h"
#include "base/work.h"
#include "db/many.h"
#include "db/query.h"
#include "store/certification.h"
#include "store/reminder.h"
#include "store/threshold.h"

#include <stdlib.h>
#include <string.h>

/* What the jobs need of a certification. */
#define COLUMNS "c.seq, c.certification_id, c.mentor_id, c.certification_type, c.expires_at"

static const struct field due_fields[] = {
    FIELD(struct certification, seq),        FIELD(struct certification, certification_id),
    FIELD(struct certification, mentor_id),  FIELD(struct certification, certification_type),
    FIELD(struct certification, expires_at), FIELD(struct certification, warned),
};
static const struct record due_row = RECORD(struct certification, due_fields);

/* The directory has the mentor of certification c. */
#define LISTED "EXISTS (SELECT 1 FROM mentors listed WHERE listed.mentor_id = c.mentor_id)"

/* Along this index in the order of (expires_at, seq), so that a page reads what is on it. */
#define BY_EXPIRY "certifications c FORCE INDEX (certifications_by_expiry)"
/* … past what was acted on, which is not in the part of it that is read. */
#define NOT_APPLIED "certifications c FORCE INDEX (certifications_due)"

/* … one by one. */
#define THESE "certifications c FORCE INDEX (PRIMARY)"

/* There is no row r of a table (with its index) that these conditions fit. The databases would turn
 * NOT EXISTS into one look through the whole table, for each page. */
#define NONE_BEGIN "(SELECT COUNT(*) FROM "
#define NONE_END   ") = 0"

#define DECISIONS "decisions r FORCE INDEX (decision_once) WHERE r.outcome <> 'failed'"
/* A deleted reminder counts, too: it was sent. */
#define REMINDERS "reminders r FORCE INDEX (reminder_once_a_cycle) WHERE TRUE"
#define OF_DUE_THRESHOLD                                                                           \
    "r.certification_id = c.certification_id AND r.expires_on = DATE(c.expires_at) AND "           \
    "r.threshold_days = "

/* A reminder of certification c's cycle has reached the mentor. */
#define WARNED                                                                                     \
    "(SELECT COUNT(*) FROM reminders r FORCE INDEX (reminders_of_mentor) WHERE " REMINDER_OF_CYCLE \
    " AND r.status IN ('delivered', 'acknowledged')) > 0"

#define EXPIRED "c.auto_pause_applied_at IS NULL AND c.revoked_at IS NULL AND c.expires_at <= ?"

/* The condition under which the expiry job acts on certification c; its argument is the moment by
 * which it must have expired. */
#define DUE EXPIRED " AND " CERTIFICATION_NOT_SUPERSEDED " AND " LISTED

/* The next ones, soonest first. Two ranges of an index that begins with expires_at and seq. */
static enum outcome take_next(struct list *out, struct db_query *query,
                              const struct certification *after, int64_t limit)
{
    if (after != NULL) {
        db_where_all(
            query, "(c.expires_at = ? AND c.seq > ?) OR c.expires_at > ?",
            DB_ARGS(db_time(after->expires_at), db_int(after->seq), db_time(after->expires_at)));
    }
    db_then(query, "ORDER BY c.expires_at, c.seq LIMIT ?", DB_ARGS(db_int(limit)));
    return db_query_all(out, query, &due_row);
}

static int by_number(const void *a, const void *b)
{
    const int64_t one = ((const struct db_arg *)a)->number;
    const int64_t other = ((const struct db_arg *)b)->number;

    return (one > other) - (one < other);
}

/* Rising, so that rows are read and locked in the order in which the table has them. */
static struct db_rows numbers_of(struct arena *arena, struct list certifications)
{
    const struct certification *certification = certifications.items;
    struct db_rows rows = db_rows(arena, certifications.count, 1);

    for (size_t i = 0; i < certifications.count; i++) {
        db_rows_add(&rows, DB_ARGS(db_int(certification[i].seq)));
    }
    qsort(rows.at, rows.count, sizeof(*rows.at), by_number);
    return rows;
}

/* `begin`, which ends in "… c.seq IN (", of these. */
static enum outcome among(struct list *out, struct work *work, const struct record *row,
                          struct sql_part begin, const char *end, struct list certifications)
{
    const struct db_rows rows = numbers_of(work->arena, certifications);
    const struct db_many statement = {
        .begin = begin.sql, .begin_args = begin.args, .each = "?", .end = end};

    return db_all_many(out, work, row, &statement, &rows);
}

enum outcome certification_due(struct list *out, struct work *work, struct instant until,
                               const struct certification *after, int64_t limit)
{
    struct db_query *query = db_query(work, COLUMNS, NOT_APPLIED);

    db_where_all(query, DUE, DB_ARGS(db_time(until)));
    return take_next(out, query, after, limit);
}

enum outcome certification_still_due(struct list *out, struct work *work, struct instant until,
                                     struct list certifications)
{
    const struct sql_part begin = {
        .sql =
            "SELECT " COLUMNS ", " WARNED " AS warned FROM " THESE " WHERE " DUE " AND c.seq IN (",
        .args = DB_ARGS(db_time(until)),
    };

    return among(out, work, &due_row, begin, ") ORDER BY c.seq", certifications);
}

enum outcome certification_count_due(int64_t *out, struct work *work, struct instant until)
{
    return db_number(out, work, "SELECT COUNT(*) AS number FROM certifications c WHERE " DUE,
                     DB_ARGS(db_time(until)));
}

enum outcome certification_count_mentors_due(int64_t *out, struct work *work, struct instant until)
{
    return db_number(out, work,
                     "SELECT COUNT(DISTINCT c.mentor_id) AS number FROM certifications c "
                     "STRAIGHT_JOIN mentors m ON m.mentor_id = c.mentor_id WHERE " DUE
                     " AND NOT EXISTS (SELECT 1 FROM pauses p WHERE p.mentor_id = c.mentor_id AND "
                     "p.closed_at IS NULL AND p.kind = 'certification_expiry')",
                     DB_ARGS(db_time(until)));
}

enum outcome certification_count_holders(int64_t *out, struct work *work)
{
    return db_number(out, work, "SELECT COUNT(DISTINCT mentor_id) AS number FROM certifications",
                     DB_NO_ARGS);
}

enum outcome certification_mark_applied(struct work *work, struct list certifications)
{
    const struct db_rows rows = numbers_of(work->arena, certifications);
    const struct db_many statement = {
        .begin = "UPDATE certifications SET auto_pause_applied_at = ?, version = version + 1 "
                 "WHERE seq IN (",
        .begin_args = DB_ARGS(db_time(work->now)),
        .each = "?",
        .end = ")",
        .repeatable = true,
    };

    return db_run_many(NULL, work, &statement, &rows);
}

/* `before`, this part, `after`, with the arguments of both parts. */
static struct sql_part wrap(struct arena *arena, struct sql_part first, const char *before,
                            struct sql_part part, const char *after)
{
    const size_t count = first.args.count + part.args.count;
    struct db_arg *args = arena_array(arena, count, sizeof(*args));

    if (first.args.count > 0) {
        memcpy(args, first.args.at, first.args.count * sizeof(*args));
    }
    memcpy(args + first.args.count, part.args.at, part.args.count * sizeof(*args));
    return (struct sql_part){
        .sql = arena_printf(arena, "%s%s%s%s", first.sql, before, part.sql, after),
        .args = {.at = args, .count = count},
    };
}

/* c is valid, so near its expiry that a threshold is due. */
static struct sql_part reached(struct work *work)
{
    const struct sql_part valid = {.sql = "c.revoked_at IS NULL AND c.expires_at > ?",
                                   .args = DB_ARGS(db_time(work->now))};

    return wrap(work->arena, valid, " AND ", threshold_reached_sql(work), "");
}

/* … and there is nothing in the table `about` (r) for that threshold. */
static struct sql_part reached_without(struct work *work, const char *about)
{
    return wrap(work->arena, reached(work),
                arena_printf(work->arena, " AND " NONE_BEGIN "%s AND " OF_DUE_THRESHOLD, about),
                threshold_due_sql(work), NONE_END);
}

static struct sql_part to_remind(struct work *work, const char *before, const char *after)
{
    const struct sql_part condition = reached_without(work, REMINDERS);

    return (struct sql_part){
        .sql =
            arena_printf(work->arena, "%s%s AND " CERTIFICATION_NOT_SUPERSEDED " AND " LISTED "%s",
                         before, condition.sql, after),
        .args = condition.args,
    };
}

enum outcome certification_to_remind(struct list *out, struct work *work,
                                     const struct certification *after, int64_t limit)
{
    const struct sql_part condition = to_remind(work, "", "");
    struct db_query *query = db_query(work, COLUMNS, BY_EXPIRY);

    db_where_all(query, condition.sql, condition.args);
    return take_next(out, query, after, limit);
}

enum outcome certification_still_to_remind(struct list *out, struct work *work,
                                           struct list certifications)
{
    return among(out, work, &due_row,
                 to_remind(work, "SELECT " COLUMNS " FROM " THESE " WHERE ", " AND c.seq IN ("),
                 ") ORDER BY c.seq", certifications);
}

enum outcome certification_count_to_remind(int64_t *out, struct work *work)
{
    const struct sql_part count =
        to_remind(work, "SELECT COUNT(*) AS number FROM certifications c WHERE ", "");

    return db_number(out, work, count.sql, count.args);
}

enum outcome certification_undecided_expired(struct list *out, struct work *work,
                                             struct instant until,
                                             const struct certification *after, int64_t limit)
{
    struct db_query *query = db_query(work, COLUMNS, NOT_APPLIED);

    db_where_all(query, EXPIRED, DB_ARGS(db_time(until)));
    db_where_all(query, NONE_BEGIN DECISIONS " AND " OF_DUE_THRESHOLD "0" NONE_END, DB_NO_ARGS);
    return take_next(out, query, after, limit);
}

enum outcome certification_undecided_expiring(struct list *out, struct work *work,
                                              const struct certification *after, int64_t limit)
{
    const struct sql_part condition = reached_without(work, DECISIONS);
    struct db_query *query = db_query(work, COLUMNS, BY_EXPIRY);

    db_where_all(query, condition.sql, condition.args);
    return take_next(out, query, after, limit);
}

static const struct field superseding_fields[] = {
    FIELD(struct superseding, seq),
    FIELD(struct superseding, certification_id),
};
static const struct record superseding_row = RECORD(struct superseding, superseding_fields);

enum outcome certification_superseding(struct list *out, struct work *work,
                                       struct list certifications)
{
    const struct sql_part begin = {
        .sql =
            "SELECT c.seq, newer.certification_id FROM certifications c "
            "JOIN certifications newer ON " CERTIFICATION_SUPERSEDED_BY_NEWER " WHERE c.seq IN (",
        .args = DB_NO_ARGS,
    };

    return among(out, work, &superseding_row, begin, ") ORDER BY c.seq, newer.expires_at",
                 certifications);
}

enum outcome certification_reminded(struct list *out, struct work *work, struct list certifications)
{
    const struct sql_part nothing = {.sql = "", .args = DB_NO_ARGS};
    const struct sql_part begin =
        wrap(work->arena, nothing,
             "SELECT STRAIGHT_JOIN DISTINCT c.seq FROM certifications c JOIN reminders r "
             "FORCE INDEX (reminder_once_a_cycle) ON " OF_DUE_THRESHOLD,
             threshold_due_sql(work), " WHERE c.seq IN (");

    return among(out, work, &db_seq, begin, ") ORDER BY c.seq", certifications);
}
