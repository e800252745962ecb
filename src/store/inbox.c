/* SPDX-License-Identifier: MIT */
#include "store/inbox.h"

#include "base/work.h"
#include "db/query.h"

#define COLUMNS                                                                                    \
    "seq, kind, recipient_role, language, facts, mentor_id, certification_id, created_at, read_at"

#define OWN "channel = 'in_app' AND recipient_id = ? AND recipient_role = ? AND state = 'sent'"

enum outcome inbox_find(struct inbox_item **out, struct work *work, struct inbox_owner owner,
                        const char *id)
{
    const enum outcome outcome =
        db_one(out, work, &inbox_row, "SELECT " COLUMNS " FROM messages WHERE seq = ? AND " OWN,
               DB_ARGS(db_int(message_seq(work->arena, id)), db_text(owner.recipient_id),
                       db_text(owner.recipient_role)));

    if (outcome == NOT_FOUND) {
        return fail(work, NOT_FOUND, "there is no message %s for you", id);
    }
    return outcome;
}

enum outcome inbox_list(struct page *out, struct work *work, struct inbox_owner owner,
                        const struct inbox_filter *filter)
{
    struct db_query *query = db_query(work, COLUMNS, "messages");

    db_where_all(query, OWN, DB_ARGS(db_text(owner.recipient_id), db_text(owner.recipient_role)));
    if (filter->unread) {
        db_where_all(query, "read_at IS NULL", DB_NO_ARGS);
    }
    return db_query_page(out, query, &inbox_row, &filter->listing);
}

enum outcome inbox_mark_read(struct work *work, struct inbox_owner owner, const char *id)
{
    return db_run(NULL, work,
                  "UPDATE messages SET read_at = ? WHERE seq = ? AND " OWN " AND read_at IS NULL",
                  DB_ARGS(db_time(work->now), db_int(message_seq(work->arena, id)),
                          db_text(owner.recipient_id), db_text(owner.recipient_role)));
}
