/* SPDX-License-Identifier: MIT */
/* Reads the files of the template folder. */
#ifndef MENTORWATCH_NOTIFY_TEMPLATE_FILE_H
#define MENTORWATCH_NOTIFY_TEMPLATE_FILE_H

#include "base/outcome.h"

struct work;

/* Its lines end with LF. NOT_FOUND, without a sentence: there is no such file. BROKEN: it cannot be
 * read, is not UTF-8, or has 64 KiB and more; the sentence names it. */
enum outcome template_file_read(char **out, struct work *work, const char *path);

#endif
