/* SPDX-License-Identifier: MIT */
#include "store/certification.h"

#include "base/arena.h"
#include "base/work.h"
#include "db/query.h"
#include "store/threshold.h"

#include <string.h>

#define COLUMNS                                                                                    \
    "seq, certification_id, mentor_id, certification_type, issued_at, expires_at, revoked_at, "    \
    "auto_pause_applied_at, created_at, updated_at"

/* The directory has the mentor of certification c. */
#define LISTED "EXISTS (SELECT 1 FROM mentors listed WHERE listed.mentor_id = c.mentor_id)"

/* The condition under which the job acts on certification c; its argument is the moment by which
 * it must have expired. */
#define DUE                                                                                        \
    "c.auto_pause_applied_at IS NULL AND c.revoked_at IS NULL AND c.expires_at <= ? "              \
    "AND " CERTIFICATION_NOT_SUPERSEDED " AND " LISTED

enum outcome certification_find(struct certification **out, struct work *work, const char *id)
{
    const enum outcome outcome = db_one(
        out, work, &certification_row,
        "SELECT " COLUMNS " FROM certifications WHERE certification_id = ?", DB_ARGS(db_text(id)));

    if (outcome == NOT_FOUND) {
        return fail(work, NOT_FOUND, "there is no certification %s", id);
    }
    if (outcome == OK) {
        certification_derive(*out, work->now);
    }
    return outcome;
}

static void narrow(struct db_query *query, const struct certification_filter *filter,
                   struct instant now)
{
    db_where(query, "mentor_id = ?", db_text(filter->mentor_id));
    db_where(query, "certification_type = ?", db_text(filter->certification_type));
    db_where(query, "expires_at < ?", db_time(filter->expires_before));
    db_where(query, "expires_at > ?", db_time(filter->expires_after));
    if (filter->status == NULL) {
        return;
    }
    if (strcmp(filter->status, CERTIFICATION_REVOKED) == 0) {
        db_where_all(query, "revoked_at IS NOT NULL", DB_NO_ARGS);
        return;
    }
    db_where_all(query, "revoked_at IS NULL", DB_NO_ARGS);
    db_where(query,
             strcmp(filter->status, CERTIFICATION_EXPIRED) == 0 ? "expires_at <= ?"
                                                                : "expires_at > ?",
             db_time(now));
}

enum outcome certification_list(struct page *out, struct work *work,
                                const struct certification_filter *filter)
{
    struct db_query *query = db_query(work, COLUMNS, "certifications");

    narrow(query, filter, work->now);
    TRY(db_query_page(out, query, &certification_row, &filter->listing));
    struct certification *items = out->items.items;
    for (size_t i = 0; i < out->items.count; i++) {
        certification_derive(&items[i], work->now);
    }
    return OK;
}

enum outcome certification_of_mentor(struct list *out, struct work *work, const char *mentor_id)
{
    return db_all(out, work, &certification_row,
                  "SELECT " COLUMNS " FROM certifications WHERE mentor_id = ?",
                  DB_ARGS(db_text(mentor_id)));
}

enum outcome certification_insert(struct certification *certification, struct work *work)
{
    TRY(db_insert(&certification->seq, work,
                  "INSERT INTO certifications (certification_id, mentor_id, "
                  "certification_type, issued_at, expires_at, created_at, updated_at) "
                  "VALUES (?, ?, ?, ?, ?, ?, ?)",
                  DB_ARGS(db_text(certification->certification_id),
                          db_text(certification->mentor_id),
                          db_text(certification->certification_type),
                          db_time(certification->issued_at), db_time(certification->expires_at),
                          db_time(certification->created_at), db_time(certification->updated_at))));
    db_proof(work, "SELECT 1 AS number FROM certifications WHERE certification_id = ? FOR UPDATE",
             certification->certification_id);
    return OK;
}

enum outcome certification_save(const struct certification *certification, struct work *work)
{
    return db_run(NULL, work,
                  "UPDATE certifications SET certification_type = ?, issued_at = ?, "
                  "expires_at = ?, revoked_at = ?, auto_pause_applied_at = ?, updated_at = ?, "
                  "version = version + 1 WHERE seq = ?",
                  DB_ARGS(db_text(certification->certification_type),
                          db_time(certification->issued_at), db_time(certification->expires_at),
                          db_time(certification->revoked_at),
                          db_time(certification->auto_pause_applied_at),
                          db_time(certification->updated_at), db_int(certification->seq)));
}

enum outcome certification_delete(const struct certification *certification, struct work *work)
{
    return db_run(NULL, work, "DELETE FROM certifications WHERE seq = ?",
                  DB_ARGS(db_int(certification->seq)));
}

/* The next ones, soonest first. */
static enum outcome take_next(struct list *out, struct db_query *query,
                              const struct certification *after, int64_t limit)
{
    if (after != NULL) {
        db_where_all(
            query, "c.expires_at >= ? AND (c.expires_at > ? OR c.seq > ?)",
            DB_ARGS(db_time(after->expires_at), db_time(after->expires_at), db_int(after->seq)));
    }
    db_then(query, "ORDER BY c.expires_at, c.seq LIMIT ?", DB_ARGS(db_int(limit)));
    return db_query_all(out, query, &certification_row);
}

enum outcome certification_due(struct list *out, struct work *work, struct instant until,
                               const struct certification *after, int64_t limit)
{
    struct db_query *query = db_query(work, COLUMNS, "certifications c");

    db_where_all(query, DUE, DB_ARGS(db_time(until)));
    return take_next(out, query, after, limit);
}

enum outcome certification_count_due(int64_t *out, struct work *work, struct instant until)
{
    return db_number(out, work, "SELECT COUNT(*) AS number FROM certifications c WHERE " DUE,
                     DB_ARGS(db_time(until)));
}

enum outcome certification_count_holders(int64_t *out, struct work *work)
{
    return db_number(out, work, "SELECT COUNT(DISTINCT mentor_id) AS number FROM certifications",
                     DB_NO_ARGS);
}

/* c is valid, so near its expiry that a threshold is due. */
static void where_reached(struct db_query *query, struct work *work)
{
    const struct sql_part reached = threshold_reached_sql(work);

    db_where_all(query, "c.revoked_at IS NULL AND c.expires_at > ?", DB_ARGS(db_time(work->now)));
    db_where_all(query, reached.sql, reached.args);
}

/* Nothing in the table `about` (r) for the threshold that is due. */
static void where_none_for_due(struct db_query *query, struct work *work, const char *about)
{
    const struct sql_part due = threshold_due_sql(work);

    db_where_all(query,
                 arena_printf(work->arena,
                              "NOT EXISTS (SELECT 1 FROM %s AND "
                              "r.certification_id = c.certification_id AND "
                              "r.expires_on = DATE(c.expires_at) AND r.threshold_days = %s)",
                              about, due.sql),
                 due.args);
}

/* A deleted reminder counts, too: it was sent. */
static struct db_query *query_to_remind(struct work *work, const char *columns)
{
    struct db_query *query = db_query(work, columns, "certifications c");

    where_reached(query, work);
    db_where_all(query, CERTIFICATION_NOT_SUPERSEDED, DB_NO_ARGS);
    db_where_all(query, LISTED, DB_NO_ARGS);
    where_none_for_due(query, work, "reminders r WHERE TRUE");
    return query;
}

enum outcome certification_to_remind(struct list *out, struct work *work,
                                     const struct certification *after, int64_t limit)
{
    return take_next(out, query_to_remind(work, COLUMNS), after, limit);
}

enum outcome certification_count_to_remind(int64_t *out, struct work *work)
{
    return db_query_number(out, query_to_remind(work, "COUNT(*) AS number"));
}

enum outcome certification_is_to_remind(bool *out, struct work *work,
                                        const struct certification *certification)
{
    struct db_query *query = query_to_remind(work, "COUNT(*) AS number");
    int64_t found;

    db_where(query, "c.seq = ?", db_int(certification->seq));
    db_where(query, "c.expires_at = ?", db_time(certification->expires_at));
    db_where(query, "c.certification_type = ?", db_text(certification->certification_type));
    TRY(db_query_number(&found, query));
    *out = found != 0;
    return OK;
}

enum outcome certification_undecided_expired(struct list *out, struct work *work,
                                             struct instant until,
                                             const struct certification *after, int64_t limit)
{
    struct db_query *query = db_query(work, COLUMNS, "certifications c");

    db_where_all(query,
                 "c.auto_pause_applied_at IS NULL AND c.revoked_at IS NULL AND c.expires_at <= ?",
                 DB_ARGS(db_time(until)));
    db_where_all(query,
                 "NOT EXISTS (SELECT 1 FROM decisions r WHERE r.outcome <> 'failed' AND "
                 "r.certification_id = c.certification_id AND "
                 "r.expires_on = DATE(c.expires_at) AND r.threshold_days = 0)",
                 DB_NO_ARGS);
    return take_next(out, query, after, limit);
}

enum outcome certification_undecided_expiring(struct list *out, struct work *work,
                                              const struct certification *after, int64_t limit)
{
    struct db_query *query = db_query(work, COLUMNS, "certifications c");

    where_reached(query, work);
    where_none_for_due(query, work, "decisions r WHERE r.outcome <> 'failed'");
    return take_next(out, query, after, limit);
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

enum outcome certification_find_newer(struct certification **out, struct work *work,
                                      const struct certification *certification)
{
    return db_one(out, work, &certification_row,
                  "SELECT " COLUMNS " FROM certifications WHERE mentor_id = ? AND "
                  "certification_type = ? AND revoked_at IS NULL AND expires_at > ? "
                  "ORDER BY expires_at DESC LIMIT 1",
                  DB_ARGS(db_text(certification->mentor_id),
                          db_text(certification->certification_type),
                          db_time(certification->expires_at)));
}

enum outcome certification_mark_applied(bool *done, struct work *work,
                                        const struct certification *certification)
{
    struct certification *newer;
    int64_t marked;

    *done = false;
    const enum outcome superseded = certification_find_newer(&newer, work, certification);
    if (superseded != NOT_FOUND) {
        return superseded;
    }
    TRY(db_run(&marked, work,
               "UPDATE certifications SET auto_pause_applied_at = ?, version = version + 1 "
               "WHERE seq = ? AND expires_at = ? AND certification_type = ? AND "
               "auto_pause_applied_at IS NULL AND revoked_at IS NULL",
               DB_ARGS(db_time(work->now), db_int(certification->seq),
                       db_time(certification->expires_at),
                       db_text(certification->certification_type))));
    *done = marked == 1;
    return OK;
}

enum outcome certification_unmark_applied(struct work *work, const char *id)
{
    return db_run(NULL, work,
                  "UPDATE certifications SET auto_pause_applied_at = NULL, version = version + 1 "
                  "WHERE certification_id = ? AND auto_pause_applied_at IS NOT NULL",
                  DB_ARGS(db_text(id)));
}
