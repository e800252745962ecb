/* SPDX-License-Identifier: MIT */
/* How the commands that deliver say what came of it. */
#ifndef MENTORWATCH_CLI_DELIVERY_H
#define MENTORWATCH_CLI_DELIVERY_H

#include "notify/deliver.h"

/* One line on stdout: "messages: 2 sent, 1 put off, …". */
void delivery_print(const struct delivery_count *count);
/* What went wrong, on stderr; the exit status that it means. */
int delivery_status(const struct delivery_count *count);

#endif
