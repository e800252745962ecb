/* SPDX-License-Identifier: MIT */
/* What commands that list something have in common. */
#ifndef MENTORWATCH_CLI_LISTED_H
#define MENTORWATCH_CLI_LISTED_H

#include "base/record.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct command_line;

/* What --limit says, or 50. False: it is told on stderr what it takes. */
bool listed_limit(int64_t *out, const struct command_line *line);

/* Of one more than the limit: leave that one out, and say on stderr that there are more. */
void listed_cut(struct list *items, int64_t limit);

/* On stdout, as a JSON list. */
void listed_print_json(struct arena *arena, const struct record *record, struct list items);

#endif
