/* SPDX-License-Identifier: MIT */
/* The configuration as a file that is written once, from answers. */
#ifndef MENTORWATCH_SETUP_CONFIGURATION_H
#define MENTORWATCH_SETUP_CONFIGURATION_H

#include "base/outcome.h"
#include "base/record.h"

struct settings;
struct work;

/* Write a new file with mode 0600. */
enum outcome configuration_write(struct work *work, const char *path, struct list answers);
/* Read it back. INVALID: a setting is wrong, or a value does not come out as it went in. */
enum outcome configuration_read(struct settings *out, struct work *work, const char *path,
                                struct list answers);

#endif
