/* SPDX-License-Identifier: MIT */
#include "store/sweep.h"

#include "base/text.h"
#include "base/work.h"
#include "db/db.h"

enum { SAYS_MAX = 500 }; /* characters that the table takes */

enum outcome sweep_begin(int64_t *seq, struct work *work, const char *host,
                         struct instant started_at)
{
    return db_insert(seq, work,
                     "INSERT INTO sweeps (host, started_at, result) VALUES (?, ?, 'running')",
                     DB_ARGS(db_text(host), db_time(started_at)));
}

enum outcome sweep_end(struct work *work, int64_t seq, enum sweep_result result, const char *says,
                       const char *figures, struct instant completed_at)
{
    static const char *const names[] = {
        [SWEEP_GOOD] = "good", [SWEEP_FAILURES] = "failures", [SWEEP_BRAKED] = "braked",
        [SWEEP_LEFT] = "left", [SWEEP_REFUSED] = "refused",   [SWEEP_FAILED] = "failed",
    };

    return db_run(NULL, work,
                  "UPDATE sweeps SET completed_at = ?, result = ?, says = ?, figures = ? "
                  "WHERE seq = ?",
                  DB_ARGS(db_time(completed_at), db_text(names[result]),
                          db_text(text_cut(work->arena, says, SAYS_MAX)), db_text(figures),
                          db_int(seq)));
}

enum outcome sweep_last_settled(struct instant *out, struct work *work)
{
    struct sweep_times *found;
    const enum outcome outcome =
        db_one(&found, work, &sweep_times,
               "SELECT started_at AS last_begun FROM sweeps WHERE "
               "result IN ('good', 'failures', 'braked', 'refused') ORDER BY seq DESC LIMIT 1",
               DB_NO_ARGS);

    *out = outcome == OK ? found->last_begun : (struct instant){0};
    return outcome == NOT_FOUND ? OK : outcome;
}

enum outcome sweep_last(struct sweep_times *out, struct work *work)
{
    struct sweep_times *found;

    TRY(db_one(&found, work, &sweep_times,
               "SELECT (SELECT started_at FROM sweeps WHERE result <> 'refused' "
               "ORDER BY seq DESC LIMIT 1) AS last_begun, "
               "(SELECT started_at FROM sweeps WHERE "
               "result IN ('good', 'failures', 'braked', 'left') "
               "ORDER BY seq DESC LIMIT 1) AS last_done",
               DB_NO_ARGS));
    *out = *found;
    return OK;
}
