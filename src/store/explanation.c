/* SPDX-License-Identifier: MIT */
#include "store/explanation.h"

#include "base/work.h"
#include "db/db.h"
#include "model/certification.h"
#include "store/certification.h"
#include "store/decision.h"
#include "store/directory.h"
#include "store/pause.h"
#include "store/reminder.h"

static enum outcome find_messages(struct list *out, struct work *work, const char *mentor_id)
{
    return db_all(out, work, &told_row,
                  "SELECT seq, kind, channel, recipient_role, certification_id, event_id, state, "
                  "last_error, attempts, created_at, sent_at, next_attempt_at FROM messages "
                  "WHERE mentor_id = ? AND kind IN ('certification_expiring', "
                  "'certification_expired') ORDER BY seq",
                  DB_ARGS(db_text(mentor_id)));
}

static enum outcome find_certifications(struct list *out, struct work *work, const char *mentor_id)
{
    TRY(certification_of_mentor(out, work, mentor_id));
    struct certification *items = out->items;
    for (size_t i = 0; i < out->count; i++) {
        certification_derive(&items[i], work->now);
    }
    return OK;
}

enum outcome explanation_facts_find(struct explanation_facts *out, struct work *work,
                                    const char *mentor_id)
{
    struct mentor *mentor = NULL;

    *out = (struct explanation_facts){
        .mentor_id = mentor_id, .now = work->now, .settings = work->settings};
    const enum outcome listed = mentor_find(&mentor, work, mentor_id);
    if (listed != OK && listed != NOT_FOUND) {
        return listed;
    }
    out->mentor_name = mentor != NULL ? mentor->name : NULL;
    TRY(find_certifications(&out->certifications, work, mentor_id));
    if (listed == NOT_FOUND && out->certifications.count == 0) {
        return NOT_FOUND; /* the sentence is mentor_find's */
    }
    TRY(pause_open_all(&out->pauses, work, mentor_id));
    TRY(reminder_of_mentor(&out->reminders, work, mentor_id));
    TRY(decision_of_mentor(&out->decisions, work, mentor_id));
    return find_messages(&out->messages, work, mentor_id);
}
