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
/* Which of these mentors (ids: texts) the directory has, and who of them has such a pause (struct
 * listed_mentor), in no order. */
enum outcome pause_open_of_all(struct list *out, struct work *work, struct list ids);
/* … of any kind, in the order in which they were opened, for people to read (struct open_pause). */
enum outcome pause_open_all(struct list *out, struct work *work, const char *mentor_id);
/* Whether any pause of the mentor is open, whatever its kind. */
enum outcome pause_is_open(bool *out, struct work *work, const char *mentor_id);

/* Open these (struct due_pause), unless one is open already for the same certification. */
enum outcome pauses_open(struct work *work, struct list due);
/* Close these (struct pause) and take the marks of their certifications back. */
enum outcome pauses_close(struct work *work, struct list open, enum pause_end end);
/* Those of these mentors that are open for a certification that still exists (struct
 * certified_pause), in no order. */
enum outcome pauses_of_certifications(struct list *out, struct work *work, struct list mentor_ids);
/* Let go of a certification that is about to be removed: pauses stay, without its name. */
enum outcome pause_forget_certification(struct work *work, const char *certification_id);

/* Open the mentor's manual pause, or bring the one that is open up to date. */
enum outcome pause_open_manual(struct work *work, const char *mentor_id, const char *reason,
                               struct instant expected_return_date);
enum outcome pause_close_manual(struct work *work, const char *mentor_id);

/* An event of which people were told; "coordinator_email,peer_mentor_email" becomes its list. */
struct announced_event {
    struct pause_event *event;
    const char *notifications_sent;
};

/* Without their seq. */
enum outcome pause_events_insert(struct work *work, struct list announced);
/* Those of the actor's organisation only, as in all that follows. */
enum outcome pause_event_find(struct pause_event **out, struct work *work, const char *id);
enum outcome pause_event_list(struct page *out, struct work *work,
                              const struct pause_event_filter *filter);
enum outcome pause_event_lock(struct work *work, const char *id);
enum outcome pause_event_save(const struct pause_event *event, struct work *work);
enum outcome pause_event_delete(const struct pause_event *event, struct work *work);

#endif
