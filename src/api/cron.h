/* SPDX-License-Identifier: MIT */
/* POST /api/v1/cron: what a host without a cron lets somebody else's call. */
#ifndef MENTORWATCH_API_CRON_H
#define MENTORWATCH_API_CRON_H

#include "base/record.h"
#include "http/route.h"

extern const struct record cron_slice;

handler cron_start;

#endif
