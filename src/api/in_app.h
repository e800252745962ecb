/* SPDX-License-Identifier: MIT */
/* What people read of their own in-app messages: those to the token's subject. */
#ifndef MENTORWATCH_API_IN_APP_H
#define MENTORWATCH_API_IN_APP_H

#include "base/outcome.h"

struct request;

enum outcome in_app_index(struct request *request);
enum outcome in_app_mark_read(struct request *request);

#endif
