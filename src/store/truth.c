/* SPDX-License-Identifier: MIT */
#include "store/truth.h"

#include "base/work.h"
#include "db/many.h"

/* A reminder u of the same cycle as r. */
#define SAME_CYCLE "u.certification_id = r.certification_id AND u.expires_on = r.expires_on"

/* For a smaller threshold, with a message to the recipient of m. */
#define MORE_URGENT                                                                                \
    "EXISTS (SELECT 1 FROM reminders u JOIN messages o ON o.event_id = u.id WHERE " SAME_CYCLE     \
    " AND u.threshold_days < r.threshold_days AND o.recipient_role = m.recipient_role AND "        \
    "o.recipient_id = m.recipient_id AND o.state IN "

enum outcome truth_of_reminders(struct list *out, struct work *work, const struct db_rows *seqs)
{
    return db_all_many(
        out, work, &reminder_rank_row,
        &(struct db_many){
            .begin = "SELECT m.seq, r.threshold_days, " MORE_URGENT
                     "('sent')) AS outdone, " MORE_URGENT "('queued', 'sending')) AS followed, "
                     "(SELECT GROUP_CONCAT(u.threshold_days) FROM reminders u WHERE " SAME_CYCLE
                     ") AS made FROM messages m JOIN reminders r ON r.id = m.event_id "
                     "WHERE m.seq IN (",
            .each = "?",
            .end = ")",
        },
        seqs);
}

static const struct field subject_fields[] = {FIELD(struct truth_subject, id)};
static const struct record subject_row = RECORD(struct truth_subject, subject_fields);

enum outcome truth_of_pauses(struct list *out, struct work *work,
                             const struct db_rows *certification_ids)
{
    return db_all_many(out, work, &subject_row,
                       &(struct db_many){
                           .begin = "SELECT certification_id AS id FROM pauses WHERE "
                                    "closed_at IS NULL AND certification_id IN (",
                           .each = "?",
                           .end = ")",
                       },
                       certification_ids);
}

enum outcome truth_of_manual_pauses(struct list *out, struct work *work,
                                    const struct db_rows *mentor_ids)
{
    return db_all_many(out, work, &subject_row,
                       &(struct db_many){
                           .begin = "SELECT mentor_id AS id FROM pauses WHERE kind = 'manual' AND "
                                    "closed_at IS NULL AND mentor_id IN (",
                           .each = "?",
                           .end = ")",
                       },
                       mentor_ids);
}
