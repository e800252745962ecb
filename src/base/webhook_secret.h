/* SPDX-License-Identifier: MIT */
/* The form of the secrets that sign webhooks, as Standard Webhooks has it. */
#ifndef MENTORWATCH_BASE_WEBHOOK_SECRET_H
#define MENTORWATCH_BASE_WEBHOOK_SECRET_H

#include "base/record.h"

struct arena;

#define WEBHOOK_SECRET_PREFIX "whsec_"

/* The prefix and 24 to 64 bytes in base64; several with spaces between, or none. NULL or why not,
 * as the field checkers have it. */
const char *webhook_secrets_check(const char *text, struct arena *arena);

/* The secrets one by one (const char *), as they stand between the spaces. */
struct list webhook_secrets(struct arena *arena, const char *text);

#endif
