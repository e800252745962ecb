/* SPDX-License-Identifier: MIT */
#include "store/certification.h"

#include "base/work.h"
#include "db/many.h"
#include "db/query.h"

#include <string.h>

#define COLUMNS                                                                                    \
    "seq, certification_id, mentor_id, certification_type, issued_at, expires_at, revoked_at, "    \
    "auto_pause_applied_at, created_at, updated_at"

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

enum outcome certification_of_mentors(struct list *out, struct work *work,
                                      const struct db_rows *mentor_ids)
{
    return db_all_many(
        out, work, &certification_row,
        &(struct db_many){.begin = "SELECT " COLUMNS " FROM certifications WHERE mentor_id IN (",
                          .each = "?",
                          .end = ")"},
        mentor_ids);
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
