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

enum outcome reminder_find(struct reminder **out, struct work *work, const char *id);
enum outcome reminder_list(struct page *out, struct work *work,
                           const struct reminder_filter *filter);

/* All of one mentor, removed ones too, in the order in which they were made (struct reminder). */
enum outcome reminder_of_mentor(struct list *out, struct work *work, const char *mentor_id);

/* Its id comes from its number. CONFLICT: its certification has one for this cycle and threshold
 * already (reminder_is_taken). */
enum outcome reminder_insert(struct reminder *reminder, struct work *work);
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

/* Whether a reminder of this certification's present cycle had reached the mentor. */
enum outcome reminder_was_delivered(bool *out, struct work *work,
                                    const struct certification *certification);
/* Fill reminder_sent and sent_at: the latest for the present cycle of any certification of that
 * mentor which nothing supersedes. One that was ordered when there was no valid certification
 * counts until there is one. */
enum outcome reminder_sent_check(struct sent_check *check, struct work *work);

/* Valid certifications that nothing supersedes and that expire within filter->days (struct
 * upcoming_expiration). Derived fields are filled. */
enum outcome upcoming_list(struct page *out, struct work *work,
                           const struct upcoming_filter *filter);

#endif
