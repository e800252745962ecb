/* SPDX-License-Identifier: MIT */
/* What the checks of several routes have in common: whether people whom the input names are there.
 * NULL is nobody, and no fault: the field was missing, or wrong already. */
#ifndef MENTORWATCH_API_CHECK_H
#define MENTORWATCH_API_CHECK_H

#include "base/outcome.h"
#include "base/record.h"

struct request;

/* Note the fault of the field mentor_id. */
enum outcome check_mentor(struct request *request, const char *mentor_id);
/* The same, once the mentor is locked. *pauses gets what is open of theirs (struct pause), for
 * pause_review_open(). */
enum outcome check_mentor_locked(struct list *pauses, struct request *request,
                                 const char *mentor_id);
/* coordinator_id, when given, must be a coordinator of the mentor's own organisation. */
enum outcome check_responsible(struct request *request, const char *mentor_id,
                               const char *coordinator_id);

/* Note the fault of that field. */
enum outcome check_coordinator(struct request *request, const char *field,
                               const char *coordinator_id);

#endif
