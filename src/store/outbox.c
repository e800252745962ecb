/* SPDX-License-Identifier: MIT */
#include "store/outbox.h"

#include "base/work.h"
#include "db/query.h"
#include "model/message.h"
#include "store/message.h"

#define COLUMNS                                                                                    \
    "seq, state, kind, channel, recipient_id AS `to`, attempts, last_error AS why, event_id, "     \
    "address IS NOT NULL AS has_address, "                                                         \
    "CASE WHEN state = 'queued' THEN next_attempt_at END AS next_attempt_at"

static void name_all(struct list *items, struct work *work)
{
    struct outbox_item *item = items->items;

    for (size_t i = 0; i < items->count; i++) {
        item[i].id = message_id(work->arena, item[i].seq);
    }
}

enum outcome outbox_list(struct list *out, struct work *work, const char *state, int64_t limit)
{
    struct db_query *query = db_query(work, COLUMNS, "messages");

    db_where_all(query, ANY_CHANNEL, DB_NO_ARGS);
    db_where(query, "state = ?", db_text(state));
    if (state == NULL) {
        db_where_all(query, "state IN ('queued', 'sending', 'failed', 'held')", DB_NO_ARGS);
    }
    db_then(query, "ORDER BY seq LIMIT ?", DB_ARGS(db_int(limit)));
    TRY(db_query_all(out, query, &outbox_item_row));
    name_all(out, work);
    return OK;
}

enum outcome outbox_list_failed(struct list *out, struct work *work)
{
    TRY(db_all(out, work, &outbox_item_row,
               "SELECT " COLUMNS " FROM messages WHERE " ANY_CHANNEL " AND state = 'failed' AND "
               "address IS NOT NULL ORDER BY seq FOR UPDATE",
               DB_NO_ARGS));
    name_all(out, work);
    return OK;
}

enum outcome outbox_find(struct outbox_item **out, struct work *work, int64_t seq)
{
    TRY(db_one(out, work, &outbox_item_row,
               "SELECT " COLUMNS " FROM messages WHERE seq = ? FOR UPDATE", DB_ARGS(db_int(seq))));
    (*out)->id = message_id(work->arena, seq);
    return OK;
}

#define AFRESH                                                                                     \
    "state = 'queued', attempts = 0, interruptions = 0, last_error = NULL, "                       \
    "next_attempt_at = UTC_TIMESTAMP(3)"

enum outcome outbox_retry(struct work *work, int64_t seq)
{
    return db_run(NULL, work, "UPDATE messages SET " AFRESH " WHERE seq = ?", DB_ARGS(db_int(seq)));
}

enum outcome outbox_hold(struct work *work, int64_t seq)
{
    return db_run(NULL, work, "UPDATE messages SET state = 'held' WHERE seq = ?",
                  DB_ARGS(db_int(seq)));
}

enum outcome outbox_hold_all(int64_t *changed, struct work *work)
{
    return db_run(changed, work,
                  "UPDATE messages SET state = 'held' WHERE " CARRIED " AND state = 'queued'",
                  DB_NO_ARGS);
}

enum outcome outbox_release_all(int64_t *changed, struct work *work)
{
    return db_run(changed, work,
                  "UPDATE messages SET " AFRESH " WHERE " CARRIED " AND state = 'held'",
                  DB_NO_ARGS);
}
