/* SPDX-License-Identifier: MIT */
/* Contract 3: expiry notification records. Handlers in the order of the route table. */
#ifndef MENTORWATCH_API_EXPIRY_NOTIFICATIONS_H
#define MENTORWATCH_API_EXPIRY_NOTIFICATIONS_H

#include "http/route.h"

handler expiry_notification_index;
handler expiry_notification_read;
handler expiry_notification_check;
handler expiry_notification_create;
handler acknowledger_check;
handler expiry_notification_update;
handler expiry_notification_remove;

#endif
