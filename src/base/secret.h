/* SPDX-License-Identifier: MIT */
/* Secrets that are compared: tokens that somebody sends. */
#ifndef MENTORWATCH_BASE_SECRET_H
#define MENTORWATCH_BASE_SECRET_H

#include <stdbool.h>

/* In a time that does not tell where they differ. */
bool secret_is(const char *given, const char *secret);

#endif
