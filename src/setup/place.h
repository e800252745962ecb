/* SPDX-License-Identifier: MIT */
/* Where a configuration may lie: never where a web server shows it. */
#ifndef MENTORWATCH_SETUP_PLACE_H
#define MENTORWATCH_SETUP_PLACE_H

#include "base/outcome.h"

#include <stdbool.h>

struct arena;
struct work;

/* The absolute path of the configuration to write, below a folder that exists then (mode 0700 when
 * it was made). `wanted`: what was asked for; NULL or "": private-mentorwatch/mentorwatch.conf in
 * the user's home folder. `web_root`: DOCUMENT_ROOT, where a web server started us, or NULL.
 * INVALID: it would lie where the web may see it, or cannot be made. CONFLICT: it is there. */
enum outcome place_for_configuration(const char **out, struct work *work, const char *wanted,
                                     const char *web_root);

/* The folder that the web sees and in which this file lies; NULL: none, as far as can be told from
 * here. `path` must be absolute. */
const char *place_seen_by_web(struct arena *arena, const char *path);

/* Whether somebody else may write there. */
bool place_is_open_to_others(const char *path);

#endif
