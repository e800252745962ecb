/* SPDX-License-Identifier: MIT */
/* Secrets: tokens that somebody sends, and what this process holds. */
#ifndef MENTORWATCH_BASE_SECRET_H
#define MENTORWATCH_BASE_SECRET_H

#include <stdbool.h>

/* In a time that does not tell where they differ. */
bool secret_is(const char *given, const char *secret);

/* Should this process crash, no core file shows what it holds; nor can others of the same user look
 * into it. A build with sanitizers must look into itself, and leaves this out. */
void secrets_out_of_dumps(void);

#endif
