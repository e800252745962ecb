/* SPDX-License-Identifier: MIT */
/* The senders of one process: threads that run errands side by side, each with a connection to the
 * mail relay and one to push targets of its own, kept from tour to tour. They ask nothing of the
 * database. Whoever leads them is one thread. */
#ifndef MENTORWATCH_NOTIFY_CREW_H
#define MENTORWATCH_NOTIFY_CREW_H

#include "base/clock.h"

#include <stddef.h>

struct errand;
struct settings;

struct crew;
struct crew *crew_new(const struct settings *settings); /* settings must outlive it */
void crew_free(struct crew *crew);

/* Start up to so many; how many could be. Their letters are of that moment. */
size_t crew_start(struct crew *crew, size_t wanted, struct instant now);
/* Wait until each has ended the errand that it has in hand. What was not collected is forgotten. */
void crew_stop(struct crew *crew);

enum { ARMFUL = 4 };

size_t crew_idle(const struct crew *crew);
/* Share them among the idle ones, up to an armful for each. A sender runs one after the other, and
 * brings the rest back unrun (errand->was_run) when it has taken more than a moment or found the
 * relay away: so what a process that dies has handed over and not settled is one errand for each
 * sender, or what it hands over in that moment. They must not be touched until they come back. */
void crew_give(struct crew *crew, struct errand *const *errands, size_t count);
/* Wait until one has ended, unless all are idle; then all that came back, at most an armful for
 * each sender. What the errands remember lives until more are given. */
size_t crew_collect(struct crew *crew, struct errand **back);

#endif
