/* SPDX-License-Identifier: MIT */
/* Reads the files of the template folder. For several letters one after the other they may be kept
 * on a shelf. */
#ifndef MENTORWATCH_NOTIFY_TEMPLATE_FILE_H
#define MENTORWATCH_NOTIFY_TEMPLATE_FILE_H

#include "base/outcome.h"

struct arena;
struct work;

/* Its lines end with LF. NOT_FOUND, without a sentence: there is no such file. BROKEN: it cannot be
 * read, is not UTF-8, or has 64 KiB and more; the sentence names it. */
enum outcome template_file_read(char **out, struct work *work, const char *path);

/* What was read or found missing, in the arena and for as long as that. */
struct template_shelf;
struct template_shelf *template_shelf_new(struct arena *arena);

/* As template_file_read(), but what is on the shelf is not read again. shelf may be NULL. Nobody
 * may change the text. */
enum outcome template_shelf_read(char **out, struct work *work, struct template_shelf *shelf,
                                 const char *path);

#endif
