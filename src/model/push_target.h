/* SPDX-License-Identifier: MIT */
/* Where a push message goes, as the directory has it in one text:
 *
 *     https://example.org/hook        a webhook, signed after Standard Webhooks
 *     ntfy:https://ntfy.sh/topic      what the template push/ntfy.txt makes of it
 */
#ifndef MENTORWATCH_MODEL_PUSH_TARGET_H
#define MENTORWATCH_MODEL_PUSH_TARGET_H

#include <stdbool.h>

struct arena;

struct push_target {
    const char *template; /* "ntfy": a name of small letters, digits, '-', '_'; NULL: a webhook */
    const char *url;
};

/* False: neither of the two. */
bool push_target_parse(struct push_target *out, struct arena *arena, const char *text);

/* NULL or why not, as the field checkers have it. */
const char *push_target_check(const char *text, struct arena *arena);

#endif
