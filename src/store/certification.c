/* SPDX-License-Identifier: MIT */
#include "store/certification.h"

#include "base/work.h"
#include "db/lookup.h"
#include "db/many.h"
#include "db/query.h"
#include "store/count.h"
#include "store/counted_page.h"

#include <string.h>

#define COLUMNS                                                                                    \
    "seq, certification_id, mentor_id, certification_type, issued_at, expires_at, revoked_at, "    \
    "auto_pause_applied_at, created_at, updated_at"

enum outcome certification_find(struct certification **out, struct work *work, const char *id)
{
    static struct db_lookup by_id = {
        .sql = "SELECT " COLUMNS " FROM certifications WHERE certification_id IN (",
        .key = "certification_id",
        .row = &certification_row,
        .gathering = GATHERING(.most_leaders = 1),
    };
    const enum outcome outcome = db_look_up(out, work, &by_id, id);

    if (outcome == NOT_FOUND) {
        return fail(work, NOT_FOUND, "there is no certification %s", id);
    }
    if (outcome == OK) {
        certification_derive(*out, work->now);
    }
    return outcome;
}

/* The status is derived from the dates, and so is the filter. */
static struct ask ask_status(const char *status, struct instant now)
{
    if (status == NULL) {
        return (struct ask){"standing", ANY, db_text(NULL)};
    }
    if (strcmp(status, CERTIFICATION_REVOKED) == 0) {
        return (struct ask){"revoked", ANY, db_bool(true)};
    }
    return strcmp(status, CERTIFICATION_EXPIRED) == 0
               ? (struct ask){"standing", BEFORE, db_time((struct instant){now.ms + 1})}
               : (struct ask){"standing", AFTER, db_time(now)};
}

enum outcome certification_list(struct page *out, struct work *work,
                                const struct certification_filter *filter)
{
    TRY(counted_page(out, work, COUNTED_CERTIFICATIONS, COLUMNS, &certification_row,
                     &filter->listing,
                     ASKS({"mentor_id", EQUAL, db_text(filter->mentor_id)},
                          {"certification_type", EQUAL, db_text(filter->certification_type)},
                          {"expires_at", BEFORE, db_time(filter->expires_before)},
                          {"expires_at", AFTER, db_time(filter->expires_after)},
                          ask_status(filter->status, work->now))));
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

/* By the first of them a repeated unit finds out whether all were inserted. */
static void note_inserted(struct work *work, const struct certification *first, size_t count)
{
    db_proof(work, "SELECT 1 AS number FROM certifications WHERE certification_id = ? FOR UPDATE",
             first->certification_id);
    for (size_t i = 0; i < count; i++) {
        count_note(work, COUNTED_CERTIFICATIONS);
    }
}

#define INSERT                                                                                     \
    "INSERT INTO certifications (certification_id, mentor_id, certification_type, issued_at, "     \
    "expires_at, created_at, updated_at) VALUES "
#define COLUMNS_OF_NEW(c)                                                                          \
    db_text((c)->certification_id), db_text((c)->mentor_id), db_text((c)->certification_type),     \
        db_time((c)->issued_at), db_time((c)->expires_at), db_time((c)->created_at),               \
        db_time((c)->updated_at)

enum outcome certification_insert(struct certification *certification, struct work *work)
{
    TRY(db_insert(&certification->seq, work, INSERT "(?, ?, ?, ?, ?, ?, ?)",
                  DB_ARGS(COLUMNS_OF_NEW(certification))));
    note_inserted(work, certification, 1);
    return OK;
}

enum outcome certifications_insert(struct list certifications, struct work *work)
{
    struct certification *const *certification = certifications.items;
    struct db_rows rows = db_rows(work->arena, certifications.count, 7);
    const struct db_many statement = {
        .begin = INSERT, .each = "(?, ?, ?, ?, ?, ?, ?)", .exact = true};

    for (size_t i = 0; i < certifications.count; i++) {
        db_rows_add(&rows, DB_ARGS(COLUMNS_OF_NEW(certification[i])));
    }
    TRY(db_run_many(NULL, work, &statement, &rows));
    if (certifications.count > 0) {
        note_inserted(work, certification[0], certifications.count);
    }
    return OK;
}

enum outcome certification_save(const struct certification *certification, struct work *work)
{
    TRY(count_take_out(work, COUNTED_CERTIFICATIONS, certification->seq));
    return db_run(NULL, work,
                  "UPDATE certifications SET certification_type = ?, issued_at = ?, "
                  "expires_at = ?, revoked_at = ?, auto_pause_applied_at = ?, updated_at = ?, "
                  "counted = FALSE, version = version + 1 WHERE seq = ?",
                  DB_ARGS(db_text(certification->certification_type),
                          db_time(certification->issued_at), db_time(certification->expires_at),
                          db_time(certification->revoked_at),
                          db_time(certification->auto_pause_applied_at),
                          db_time(certification->updated_at), db_int(certification->seq)));
}

enum outcome certification_delete(const struct certification *certification, struct work *work)
{
    TRY(count_take_out(work, COUNTED_CERTIFICATIONS, certification->seq));
    return db_run(NULL, work, "DELETE FROM certifications WHERE seq = ?",
                  DB_ARGS(db_int(certification->seq)));
}
