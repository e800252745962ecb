/* SPDX-License-Identifier: MIT */
#include "store/retention.h"

#include "base/arena.h"
#include "base/work.h"
#include "db/many.h"
#include "store/count.h"

#include <stddef.h>

enum { BATCH = 1000 }; /* rows */

/* What may be removed of a table, and when. */
struct rule {
    const char *table;
    const char *made;  /* the column that says when */
    const char *older; /* SQL: what must be past; '?' is the moment */
    const char *only;  /* SQL: what else must hold */
    const char *parts; /* a table of what belongs to a row … */
    const char *of;    /* … by this column; NULL: there is none */
    bool is_counted;
    enum counted list; /* where it is */
    bool unordered;    /* made does not rise with seq, so that old ones may come after new ones */
};

#define ENDED "state IN ('sent', 'failed', 'superseded')"

/* The expiry that it is about must be past, too: until then it says that nobody is to be told once
 * more. */
#define PAST(made, expiry) "GREATEST(" made ", COALESCE(" expiry ", " made ")) < ?"

/* Of a certification that expired and on which the job did not act, the job would decide again. */
#define FINAL_DECISION                                                                             \
    "(threshold_days > 0 OR outcome = 'paused' OR NOT EXISTS (SELECT 1 FROM certifications c "     \
    "WHERE c.certification_id = decisions.certification_id))"

/* The brakes and status look at the last one that was done. */
#define NOT_LAST_SWEEP                                                                             \
    "seq < (SELECT MAX(s.seq) FROM sweeps s WHERE "                                                \
    "s.result IN ('good', 'failures', 'braked', 'left'))"

#define UNNAMED_RUN                                                                                \
    "NOT EXISTS (SELECT 1 FROM expiry_logs l WHERE l.job_run_id = job_runs.job_run_id)"

/* clang-format off */
static const struct rule rules[KEPT_KINDS] = {
    [KEPT_MESSAGES] = {"messages", "created_at", "created_at < ?", "channel <> 'in_app' AND " ENDED, "message_attempts", "message_seq", false, 0, false},
    [KEPT_IN_APP] = {"messages", "created_at", "created_at < ?", "channel = 'in_app' AND " ENDED, "message_attempts", "message_seq", false, 0, false},
    [KEPT_REMINDERS] = {"reminders", "sent_at", PAST("sent_at", "expires_at"), "TRUE", NULL, NULL, true, COUNTED_REMINDERS, false},
    [KEPT_EXPIRY_NOTIFICATIONS] = {"expiry_notifications", "sent_at", PAST("sent_at", "expiry_date"), "TRUE", NULL, NULL, true, COUNTED_EXPIRY_NOTIFICATIONS, false},
    [KEPT_PAUSES] = {"pauses", "opened_at", "closed_at < ?", "TRUE", NULL, NULL, false, 0, false},
    [KEPT_PAUSE_EVENTS] = {"pause_events", "created_at", "created_at < ?", "TRUE", NULL, NULL, true, COUNTED_PAUSE_EVENTS, false},
    [KEPT_EXPIRY_LOG] = {"expiry_logs", "applied_at", "applied_at < ?", "TRUE", NULL, NULL, true, COUNTED_EXPIRY_LOGS, false},
    [KEPT_DECISIONS] = {"decisions", "decided_at", PAST("decided_at", "expires_at"), FINAL_DECISION, NULL, NULL, false, 0, true},
    [KEPT_RUNS] = {"job_runs", "started_at", "started_at < ?", UNNAMED_RUN, NULL, NULL, false, 0, false},
    [KEPT_SWEEPS] = {"sweeps", "started_at", "started_at < ?", NOT_LAST_SWEEP, NULL, NULL, false, 0, false},
    [KEPT_AUDIT] = {"audit", "done_at", "done_at < ?", "TRUE", NULL, NULL, false, 0, false},
};
/* clang-format on */

const char *const kept_words[] = {
    "messages", "in_app",       "reminders",  "expiry_notifications",
    "pauses",   "pause_events", "expiry_log", "decisions",
    "runs",     "sweeps",       "audit",      NULL,
};

/* The next rows. */
struct window {
    int64_t last; /* 0: there are none */
    int64_t old;  /* how many were made long enough ago */
};

static const struct field window_fields[] = {
    FIELD(struct window, last),
    FIELD(struct window, old),
};
static const struct record window_row = RECORD(struct window, window_fields);

static enum outcome look_ahead(struct window **out, struct work *work, const struct rule *rule,
                               const struct retention *this)
{
    const char *sql = arena_printf(
        work->arena,
        "SELECT COALESCE(MAX(seq), 0) AS last, COUNT(CASE WHEN made < ? THEN 1 END) AS old "
        "FROM (SELECT seq, %s AS made FROM %s WHERE seq > ? ORDER BY seq LIMIT ?) next",
        rule->made, rule->table);

    return db_one(out, work, &window_row, sql,
                  DB_ARGS(db_time(this->before), db_int(this->after), db_int(BATCH)));
}

static enum outcome find(struct list *out, struct work *work, const struct rule *rule,
                         const struct retention *this)
{
    const char *sql = arena_printf(work->arena,
                                   "SELECT seq FROM %s WHERE seq > ? AND seq <= ? AND %s AND %s "
                                   "ORDER BY seq FOR UPDATE SKIP LOCKED",
                                   rule->table, rule->older, rule->only);

    return db_all(out, work, &db_seq, sql,
                  DB_ARGS(db_int(this->after), db_int(this->last), db_time(this->before)));
}

static enum outcome remove_from(struct work *work, const char *table, const char *column,
                                const struct db_rows *numbers)
{
    return db_run_many(
        NULL, work,
        &(struct db_many){
            .begin = arena_printf(work->arena, "DELETE FROM %s WHERE %s IN (", table, column),
            .each = "?",
            .end = ")",
            .repeatable = true},
        numbers);
}

static enum outcome remove_all(struct work *work, const struct rule *rule,
                               const struct db_rows *numbers)
{
    if (rule->is_counted) {
        TRY(count_take_out_many(work, rule->list, numbers));
    }
    if (rule->parts != NULL) {
        TRY(remove_from(work, rule->parts, rule->of, numbers));
    }
    return remove_from(work, rule->table, "seq", numbers);
}

enum outcome retention_batch(struct retention *this, struct work *work)
{
    const struct rule *rule = &rules[this->kind];
    struct window *window;
    struct list found;

    TRY(look_ahead(&window, work, rule, this));
    this->last = window->last;
    this->removed = 0;
    this->done = window->last == 0 || (window->old == 0 && !rule->unordered);
    if (this->done) {
        return OK;
    }
    TRY(find(&found, work, rule, this));
    const struct db_rows numbers = db_rows_of_numbers(work->arena, found);
    this->removed = (int64_t)found.count;
    return remove_all(work, rule, &numbers);
}
