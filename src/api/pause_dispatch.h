/* SPDX-License-Identifier: MIT */
/* Contract 1: pause notification dispatch. Handlers in the order of the route table. */
#ifndef MENTORWATCH_API_PAUSE_DISPATCH_H
#define MENTORWATCH_API_PAUSE_DISPATCH_H

#include "http/route.h"

handler dispatch_check;
handler dispatch_pause_activated;
handler dispatch_pause_lifted;
handler dispatch_cert_expiry;
handler dispatch_cert_expiry_reminder;

#endif
