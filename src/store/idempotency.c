/* SPDX-License-Identifier: MIT */
#include "store/idempotency.h"

#include "base/work.h"
#include "db/db.h"

enum {
    LOCK_WAIT_TIMEOUT = 1205, /* how MariaDB answers NOWAIT */
    LOCK_NOWAIT = 3572,       /* how MySQL does */
};

static const struct field answer_fields[] = {
    FIELD(struct kept_answer, status),   FIELD(struct kept_answer, pending),
    FIELD(struct kept_answer, location), FIELD(struct kept_answer, body),
    FIELD(struct kept_answer, same),     FIELD(struct kept_answer, old),
};
static const struct record answer_row = RECORD(struct kept_answer, answer_fields);

static enum outcome find(struct kept_answer **out, struct work *work,
                         const struct keyed_request *request)
{
    const enum outcome outcome =
        db_one(out, work, &answer_row,
               "SELECT status, location, body, request_digest = SHA2(?, 256) AS same, "
               "COALESCE(pending_until > UTC_TIMESTAMP(3), FALSE) AS pending, "
               "expires_at < UTC_TIMESTAMP(3) OR (status = 0 AND "
               "created_at < UTC_TIMESTAMP(3) - INTERVAL 10 MINUTE) AS old "
               "FROM idempotency_keys WHERE scope = SHA2(?, 256) AND idempotency_key = ? FOR "
               "UPDATE NOWAIT",
               DB_ARGS(db_text(request->content), db_text(request->scope), db_text(request->key)));

    if (outcome != OK && outcome != NOT_FOUND &&
        (db_error_number(work) == LOCK_WAIT_TIMEOUT || db_error_number(work) == LOCK_NOWAIT)) {
        work_clear(work);
        return fail(work, CONFLICT, "the first request with this Idempotency-Key is still running");
    }
    return outcome;
}

static enum outcome insert(struct work *work, const struct keyed_request *request)
{
    const enum outcome outcome =
        db_run(NULL, work,
               "INSERT INTO idempotency_keys (scope, idempotency_key, request_digest, status, "
               "body, created_at, expires_at) VALUES (SHA2(?, 256), ?, SHA2(?, 256), 0, '', "
               "UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) + INTERVAL 1 DAY)",
               DB_ARGS(db_text(request->scope), db_text(request->key), db_text(request->content)));

    /* Somebody was faster by a moment: look again, then there is an answer. */
    if (outcome == CONFLICT) {
        work->failure.again = true;
    }
    return outcome;
}

enum outcome idempotency_take(struct kept_answer **out, struct work *work,
                              const struct keyed_request *request)
{
    const enum outcome found = find(out, work, request);

    if (found == OK && !(*out)->old) {
        return OK;
    }
    if (found == OK) {
        TRY(idempotency_release(work, request));
    } else if (found != NOT_FOUND) {
        return found;
    }
    *out = NULL;
    return insert(work, request);
}

enum outcome idempotency_keep(struct work *work, const struct keyed_request *request,
                              const struct kept_answer *answer, int64_t pending_seconds)
{
    return db_run(NULL, work,
                  "UPDATE idempotency_keys SET status = ?, location = ?, body = ?, "
                  "pending_until = UTC_TIMESTAMP(3) + INTERVAL ? SECOND "
                  "WHERE scope = SHA2(?, 256) AND idempotency_key = ?",
                  DB_ARGS(db_int(answer->status), db_text(answer->location), db_text(answer->body),
                          db_int(pending_seconds), db_text(request->scope), db_text(request->key)));
}

enum outcome idempotency_release(struct work *work, const struct keyed_request *request)
{
    return db_run(NULL, work,
                  "DELETE FROM idempotency_keys WHERE scope = SHA2(?, 256) AND idempotency_key = ?",
                  DB_ARGS(db_text(request->scope), db_text(request->key)));
}

enum outcome idempotency_purge(int64_t *removed, struct work *work)
{
    return db_run(removed, work,
                  "DELETE FROM idempotency_keys WHERE expires_at < UTC_TIMESTAMP(3) "
                  "ORDER BY expires_at LIMIT 1000",
                  DB_NO_ARGS);
}
