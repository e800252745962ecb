/* SPDX-License-Identifier: MIT */
#include "store/job.h"

#include "base/arena.h"
#include "base/host.h"
#include "base/id.h"
#include "base/work.h"
#include "db/many.h"
#include "store/count.h"
#include "store/counted_page.h"

#include <string.h>
#include <unistd.h>

const char JOB_EXPIRY[] = "expiry";
const char JOB_REMINDERS[] = "reminders";
const char LEASE_SWEEP[] = "sweep";
const char LEASE_CRON[] = "cron";

static struct db_arg db_day(struct work *work, struct date day)
{
    return db_text(arena_printf(work->arena, "%04d-%02d-%02d", day.year, day.month, day.day));
}

enum outcome job_run_next_number(int64_t *out, struct work *work, struct date day)
{
    return db_number(out, work,
                     "SELECT COALESCE(MAX(number), 0) + 1 AS number FROM job_runs "
                     "WHERE run_day = ?",
                     DB_ARGS(db_day(work, day)));
}

enum outcome job_run_insert(struct work *work, const char *job, const struct job_run *run,
                            int64_t number)
{
    return db_run(NULL, work,
                  "INSERT INTO job_runs (job_run_id, job, run_day, number, started_at) "
                  "VALUES (?, ?, ?, ?, ?)",
                  DB_ARGS(db_text(run->job_run_id), db_text(job),
                          db_day(work, instant_civil(run->started_at).date), db_int(number),
                          db_time(run->started_at)));
}

enum outcome job_run_finish(struct work *work, const struct job_run *run, const char *failures)
{
    return db_run(NULL, work,
                  "UPDATE job_runs SET completed_at = ?, mentors_scanned = ?, found = ?, "
                  "acted = ?, failures = ? WHERE job_run_id = ?",
                  DB_ARGS(db_time(run->completed_at), db_int(run->mentors_scanned),
                          db_int(run->found), db_int(run->acted), db_text(failures),
                          db_text(run->job_run_id)));
}

#define INSERTED "log_id, mentor_id, certification_id, reason, job_run_id, applied_at, counted"

enum outcome expiry_logs_insert(struct work *work, struct list lines)
{
    const struct expiry_log *line = lines.items;
    const bool counted = count_takes_in(lines.count);
    struct db_rows rows = db_rows(work->arena, lines.count, 7);
    const struct db_many statement = {
        .begin = "INSERT INTO expiry_logs (" INSERTED ") VALUES ",
        .each = "(?, ?, ?, ?, ?, ?, ?)",
    };

    for (size_t i = 0; i < lines.count; i++, line++) {
        db_rows_add(&rows, DB_ARGS(db_text(line->log_id), db_text(line->mentor_id),
                                   db_text(line->certification_id), db_text(line->reason),
                                   db_text(line->job_run_id), db_time(line->applied_at),
                                   db_bool(counted)));
    }
    TRY(db_run_many(NULL, work, &statement, &rows));
    return count_inserted(work, COUNTED_EXPIRY_LOGS, INSERTED, &rows);
}

enum outcome expiry_log_list(struct page *out, struct work *work,
                             const struct expiry_log_filter *filter)
{
    return counted_page(out, work, COUNTED_EXPIRY_LOGS,
                        "seq, log_id, mentor_id, reason, job_run_id, applied_at", &expiry_log_row,
                        &filter->listing,
                        ASKS({"mentor_id", EQUAL, db_text(filter->mentor_id)},
                             {"job_run_id", EQUAL, db_text(filter->job_run_id)},
                             {"applied_at", BEFORE, db_time(filter->applied_before)},
                             {"applied_at", AFTER, db_time(filter->applied_after)}));
}

/* "host/4711/09WX5AK7Q2ZD": who it is, for people, and random enough to be nobody else. */
struct lease lease_for(struct arena *arena, const char *name)
{
    return (struct lease){
        .name = name,
        .holder =
            arena_printf(arena, "%s/%ld/%s", host_name(arena), (long)getpid(), id_new(arena, "")),
    };
}

static enum outcome is_held(struct work *work, const struct lease *lease)
{
    return fail(work, CONFLICT, "another run of the %s job is going on", lease->name);
}

/* In an assignment list the later ones see what the earlier ones set, so until_at comes last, and
 * holder before it. */
enum outcome lease_take(struct lease *lease, struct work *work, int64_t seconds)
{
    int64_t held;

    /* Asked without a lock first: the holder's batches lock the row for a while. */
    TRY(db_number(&held, work,
                  "SELECT EXISTS (SELECT 1 FROM leases WHERE name = ? AND holder <> ? AND "
                  "until_at >= UTC_TIMESTAMP(3)) AS number",
                  DB_ARGS(db_text(lease->name), db_text(lease->holder))));
    if (held != 0) {
        return is_held(work, lease);
    }
    TRY(db_run(NULL, work,
               "INSERT INTO leases (name, holder, token, taken_at, heartbeat_at, until_at) "
               "VALUES (?, ?, 1, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), "
               "UTC_TIMESTAMP(3) + INTERVAL ? SECOND) ON DUPLICATE KEY UPDATE "
               "token = IF(until_at < UTC_TIMESTAMP(3), token + 1, token), "
               "taken_at = IF(until_at < UTC_TIMESTAMP(3), VALUES(taken_at), taken_at), "
               "heartbeat_at = IF(until_at < UTC_TIMESTAMP(3), VALUES(heartbeat_at), "
               "heartbeat_at), "
               "holder = IF(until_at < UTC_TIMESTAMP(3), VALUES(holder), holder), "
               "until_at = IF(until_at < UTC_TIMESTAMP(3), VALUES(until_at), until_at)",
               DB_ARGS(db_text(lease->name), db_text(lease->holder), db_int(seconds))));
    const enum outcome ours = db_number(
        &lease->token, work, "SELECT token AS number FROM leases WHERE name = ? AND holder = ?",
        DB_ARGS(db_text(lease->name), db_text(lease->holder)));
    return ours == NOT_FOUND ? is_held(work, lease) : ours;
}

static enum outcome lock_lease(struct work *work, const struct lease *lease, const char *sql)
{
    int64_t token;
    const enum outcome held =
        db_number(&token, work, sql, DB_ARGS(db_text(lease->name), db_text(lease->holder)));

    return held == NOT_FOUND
               ? fail(work, CONFLICT, "another run has taken over the %s job", lease->name)
               : held;
}

enum outcome lease_share(struct work *work, const struct lease *lease)
{
    return lock_lease(work, lease,
                      "SELECT token AS number FROM leases WHERE name = ? AND holder = ? "
                      "LOCK IN SHARE MODE");
}

enum outcome lease_keep(struct work *work, const struct lease *lease, int64_t seconds)
{
    TRY(lock_lease(work, lease,
                   "SELECT token AS number FROM leases WHERE name = ? AND holder = ? FOR UPDATE"));
    return db_run(NULL, work,
                  "UPDATE leases SET heartbeat_at = UTC_TIMESTAMP(3), "
                  "until_at = UTC_TIMESTAMP(3) + INTERVAL ? SECOND WHERE name = ? AND token = ?",
                  DB_ARGS(db_int(seconds), db_text(lease->name), db_int(lease->token)));
}

enum outcome lease_release(struct work *work, const struct lease *lease)
{
    return db_run(NULL, work,
                  "UPDATE leases SET until_at = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND "
                  "WHERE name = ? AND token = ?",
                  DB_ARGS(db_text(lease->name), db_int(lease->token)));
}
