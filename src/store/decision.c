/* SPDX-License-Identifier: MIT */
#include "store/decision.h"

#include "base/text.h"
#include "base/work.h"
#include "db/many.h"

enum { DETAIL_MAX = 500 }; /* characters that the table takes */

enum outcome decisions_put(struct work *work, struct list decisions, const char *job_run_id)
{
    const struct decision *decision = decisions.items;
    struct db_rows rows = db_rows(work->arena, decisions.count, 8);
    const struct db_many statement = {
        .begin = "INSERT INTO decisions (certification_id, expires_at, threshold_days, "
                 "mentor_id, outcome, detail, job_run_id, decided_at) VALUES ",
        .each = "(?, ?, ?, ?, ?, ?, ?, ?)",
        .end = " ON DUPLICATE KEY UPDATE expires_at = VALUES(expires_at), "
               "mentor_id = VALUES(mentor_id), outcome = VALUES(outcome), "
               "detail = VALUES(detail), job_run_id = VALUES(job_run_id), "
               "decided_at = VALUES(decided_at)",
    };

    for (size_t i = 0; i < decisions.count; i++, decision++) {
        db_rows_add(&rows, DB_ARGS(db_text(decision->certification_id),
                                   db_time(decision->expires_at), db_int(decision->threshold_days),
                                   db_text(decision->mentor_id), db_text(decision->outcome),
                                   db_text(text_cut(work->arena, decision->detail, DETAIL_MAX)),
                                   db_text(job_run_id), db_time(work->now)));
    }
    return db_run_many(NULL, work, &statement, &rows);
}

enum outcome decision_of_mentor(struct list *out, struct work *work, const char *mentor_id)
{
    return db_all(out, work, &decision_row,
                  "SELECT certification_id, expires_at, threshold_days, mentor_id, outcome, "
                  "detail, job_run_id, decided_at FROM decisions WHERE mentor_id = ? "
                  "ORDER BY decided_at DESC, seq DESC",
                  DB_ARGS(db_text(mentor_id)));
}
