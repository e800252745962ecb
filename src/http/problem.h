/* SPDX-License-Identifier: MIT */
/* Outcome → status and problem details (RFC 9457): the only place that knows both. */
#ifndef MENTORWATCH_HTTP_PROBLEM_H
#define MENTORWATCH_HTTP_PROBLEM_H

#include "base/outcome.h"

struct record;
struct request;

extern const struct record problem_record;

int problem_status(enum outcome outcome);
const char *problem_name(enum outcome outcome); /* the last part of its type */
const char *problem_title(enum outcome outcome);

/* Make the failure that the unit of work holds the request's answer. */
void problem_reply(struct request *request, enum outcome outcome);

#endif
