/* SPDX-License-Identifier: MIT */
/* Every statement about pauses and their events. The mentor must be locked (mentor_lock) by whoever
 * changes pauses. */
#ifndef MENTORWATCH_STORE_PAUSE_H
#define MENTORWATCH_STORE_PAUSE_H

#include "base/outcome.h"
#include "model/pause.h"

#include <stdbool.h>

struct work;

/* The mentor's open pauses for expired certifications (struct pause). */
enum outcome pause_open_of_mentor(struct list *out, struct work *work, const char *mentor_id);
/* The same, and whether the directory has the mentor, by one statement. */
enum outcome pause_open_of_listed(bool *listed, struct list *out, struct work *work,
                                  const char *mentor_id);
/* … of any kind, in the order in which they were opened, for people to read (struct open_pause). */
enum outcome pause_open_all(struct list *out, struct work *work, const char *mentor_id);
/* Whether any pause of the mentor is open, whatever its kind. */
enum outcome pause_is_open(bool *out, struct work *work, const char *mentor_id);

/* Open a pause for this certification, unless one is open already. */
enum outcome pause_open(struct work *work, const struct certification *certification,
                        const char *reason, bool warned);
enum outcome pause_close(struct work *work, const struct pause *pause, enum pause_end end);
/* Close those of the same mentor's certifications that this one supersedes, whose place its own
 * pause has taken, and take their marks back. */
enum outcome pause_hand_over(struct work *work, const struct certification *certification);
/* Let go of a certification that is about to be removed: pauses stay, without its name. */
enum outcome pause_forget_certification(struct work *work, const char *certification_id);

/* Open the mentor's manual pause, or bring the one that is open up to date. */
enum outcome pause_open_manual(struct work *work, const char *mentor_id, const char *reason,
                               struct instant expected_return_date);
enum outcome pause_close_manual(struct work *work, const char *mentor_id);

/* notifications_sent: "coordinator_email,peer_mentor_email"; it becomes the event's list. */
enum outcome pause_event_insert(struct pause_event *event, struct work *work,
                                const char *notifications_sent);
/* Those of the actor's organisation only, as in all that follows. */
enum outcome pause_event_find(struct pause_event **out, struct work *work, const char *id);
enum outcome pause_event_list(struct page *out, struct work *work,
                              const struct pause_event_filter *filter);
enum outcome pause_event_lock(struct work *work, const char *id);
enum outcome pause_event_save(const struct pause_event *event, struct work *work);
enum outcome pause_event_delete(const struct pause_event *event, struct work *work);

#endif
