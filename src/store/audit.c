/* SPDX-License-Identifier: MIT */
#include "store/audit.h"

#include "base/text.h"
#include "base/work.h"
#include "db/many.h"
#include "db/query.h"
#include "model/audit.h"

/* Characters that the table takes of what others have named. */
enum { ACTOR_MAX = 255, ADDRESS_MAX = 64, ABOUT_MAX = 64 };

static enum outcome write_lines(struct work *work, struct list changes)
{
    static const struct db_many statement = {
        .begin = "INSERT INTO audit (done_at, actor, role, address, request_id, deed, about) "
                 "VALUES ",
        .each = "(UTC_TIMESTAMP(3), ?, ?, ?, ?, ?, ?)",
        .exact = true,
    };
    struct db_rows rows = db_rows(work->arena, changes.count, 6);

    for (size_t i = 0; i < changes.count; i++) {
        const struct audited *change = (const struct audited *)changes.items + i;
        const struct work *by = change->by;
        db_rows_add(&rows,
                    DB_ARGS(db_text(text_cut(work->arena, actor_name(&by->actor), ACTOR_MAX)),
                            db_text(actor_role(&by->actor)),
                            db_text(text_cut(work->arena, by->actor.address, ADDRESS_MAX)),
                            db_text(by->request_id), db_text(by->deed),
                            db_text(text_cut(work->arena, change->about, ABOUT_MAX))));
    }
    return db_run_many(NULL, work, &statement, &rows);
}

enum outcome audit_add_all(struct work *work, struct list changes)
{
    return db_has_changed(work) ? write_lines(work, changes) : OK;
}

static enum outcome write_line(struct work *work, const char *about)
{
    struct audited line = {.by = work, .about = about};

    return write_lines(work, (struct list){.items = &line, .count = 1});
}

enum outcome audit_add(struct work *work, const char *about)
{
    return db_has_changed(work) ? write_line(work, about) : OK;
}

enum outcome audit_add_reading(struct work *work, const char *about)
{
    return write_line(work, about);
}

/* The last line came first, so what is too old stands at the end: that spares an index by time,
 * which each change would have to pay for. */
static void leave_out_older(struct list *lines, struct instant since)
{
    const struct audit_line *line = lines->items;

    while (lines->count > 0 && line[lines->count - 1].done_at.ms < since.ms) {
        lines->count--;
    }
}

enum outcome audit_list(struct list *out, struct work *work, const struct audit_filter *filter)
{
    struct db_query *query =
        db_query(work, "done_at, actor, role, address, request_id, deed, about", "audit");

    db_where(query, "actor = ?", db_text(filter->actor));
    db_where(query, "about = ?", db_text(filter->about));
    db_then(query, "ORDER BY seq DESC LIMIT ?", DB_ARGS(db_int(filter->limit)));
    TRY(db_query_all(out, query, &audit_line));
    if (instant_given(filter->since)) {
        leave_out_older(out, filter->since);
    }
    return OK;
}
