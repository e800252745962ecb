/* SPDX-License-Identifier: MIT */
/* Every statement about reminders. Failures as in db/db.h; unknown ids are NOT_FOUND. A record that
 * was removed is not found or listed any more, but keeps the same reminder from being sent again.
 */
#ifndef MENTORWATCH_STORE_REMINDER_H
#define MENTORWATCH_STORE_REMINDER_H

#include "base/listing.h"
#include "base/outcome.h"
#include "model/certification.h"
#include "model/reminder.h"

#include <stdbool.h>

struct work;

/* SQL: reminder r belongs to the present cycle of certification c. */
#define REMINDER_OF_CYCLE                                                                          \
    "r.mentor_id = c.mentor_id AND r.expires_on = DATE(c.expires_at) AND "                         \
    "COALESCE(r.certification_id, c.certification_id) = c.certification_id"

enum outcome reminder_find(struct reminder **out, struct work *work, const char *id);
enum outcome reminder_list(struct page *out, struct work *work,
                           const struct reminder_filter *filter);

/* All of one mentor, removed ones too, in the order in which they were made (struct reminder). */
enum outcome reminder_of_mentor(struct list *out, struct work *work, const char *mentor_id);

/* All of these (struct reminder), which get their numbers and their ids; the id comes from the
 * number. CONFLICT: a certification has one for this cycle and threshold already
 * (reminder_is_taken). */
enum outcome reminders_insert(struct list reminders, struct work *work);
/* Whether its certification has a reminder for the same cycle and threshold, removed ones
 * included. The mentor must be locked. */
enum outcome reminder_is_taken(bool *out, struct work *work, const struct reminder *reminder);

/* Hold others off it until the transaction ends; without effect where there is none. */
enum outcome reminder_lock(struct work *work, const char *id);
enum outcome reminder_save(const struct reminder *reminder, struct work *work);
/* Remove it from every answer. */
enum outcome reminder_hide(const struct reminder *reminder, struct work *work);

/* After a change of a message's state: let the reminder of this id follow it. Without effect when
 * the id is not a reminder's. */
enum outcome reminder_follow(struct work *work, const char *id);
/* … those of these ids (texts). */
enum outcome reminders_follow(struct work *work, struct list ids);

/* Fill reminder_sent and sent_at: the latest for the present cycle of any certification of that
 * mentor which nothing supersedes. One that was ordered when there was no valid certification
 * counts until there is one. */
enum outcome reminder_sent_check(struct sent_check *check, struct work *work);

/* Valid certifications that nothing supersedes and that expire within filter->days (struct
 * upcoming_expiration). Derived fields are filled. */
enum outcome upcoming_list(struct page *out, struct work *work,
                           const struct upcoming_filter *filter);

#endif
