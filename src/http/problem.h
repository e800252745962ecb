/* SPDX-License-Identifier: MIT */
/* Outcome → status and problem details (RFC 9457): the only place that knows both. */
#ifndef MENTORWATCH_HTTP_PROBLEM_H
#define MENTORWATCH_HTTP_PROBLEM_H

#include "base/outcome.h"

struct request;

int problem_status(enum outcome outcome);

/* Make the failure that the unit of work holds the request's answer. */
void problem_reply(struct request *request, enum outcome outcome);

#endif
