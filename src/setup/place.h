/* SPDX-License-Identifier: MIT */
/* Where the configuration of an unpacked hosting archive may lie: never where a web server shows
 * it. */
#ifndef MENTORWATCH_SETUP_PLACE_H
#define MENTORWATCH_SETUP_PLACE_H

#include "base/outcome.h"

struct work;

/* The absolute path of the configuration to write, below a folder that exists then (mode 0700 when
 * it was made). `wanted`: what was asked for; NULL or "": private-mentorwatch/mentorwatch.conf in
 * the user's home folder. `web_root`: DOCUMENT_ROOT, where a web server started us, or NULL.
 * INVALID: it would lie where the web may see it, or cannot be made. CONFLICT: it is there. */
enum outcome place_for_configuration(const char **out, struct work *work, const char *wanted,
                                     const char *web_root);

#endif
