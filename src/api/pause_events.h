/* SPDX-License-Identifier: MIT */
/* Contract 2: the pause notification orchestrator. Handlers in the order of the route table. */
#ifndef MENTORWATCH_API_PAUSE_EVENTS_H
#define MENTORWATCH_API_PAUSE_EVENTS_H

#include "http/route.h"

extern const struct record responsible_coordinator;

handler pause_event_index;
handler pause_event_read;
handler pause_event_check;
handler pause_event_create;
handler pause_event_update;
handler pause_event_remove;
handler coordinator_resolve;

#endif
