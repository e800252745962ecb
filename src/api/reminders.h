/* SPDX-License-Identifier: MIT */
/* Contract 4: certification reminders. Handlers in the order of the route table. */
#ifndef MENTORWATCH_API_REMINDERS_H
#define MENTORWATCH_API_REMINDERS_H

#include "http/route.h"

handler reminder_index;
handler reminder_read;
handler reminder_check_people;
handler reminder_create;
handler reminder_update;
handler reminder_remove;
handler upcoming_index;
handler reminders_job_start;
handler sent_check_people;
handler sent_check_read;

#endif
