/* SPDX-License-Identifier: MIT */
#include "cli/listed.h"

#include "base/text.h"
#include "cli/command.h"
#include "wire/json.h"

#include <inttypes.h>
#include <stdio.h>

enum { LISTED = 50, LISTED_MOST = 100000 };

bool listed_limit(int64_t *out, const struct command_line *line)
{
    *out = LISTED;
    if (line->limit == NULL ||
        (text_to_int(line->limit, out) && *out >= 1 && *out <= LISTED_MOST)) {
        return true;
    }
    (void)fputs("mentorwatch: --limit takes a whole number from 1 to 100000\n", stderr);
    return false;
}

void listed_cut(struct list *items, int64_t limit)
{
    if (items->count > (size_t)limit) {
        items->count = (size_t)limit;
        (void)fprintf(stderr, "mentorwatch: there are more than these %" PRId64 ": see --limit\n",
                      limit);
    }
}

void listed_print_json(struct arena *arena, const struct record *record, struct list items)
{
    const char *item = items.items;

    (void)fputs("[", stdout);
    for (size_t i = 0; i < items.count; i++, item += record->size) {
        (void)printf("%s%s", i == 0 ? "" : ",\n ", json_write(arena, record, item));
    }
    (void)puts("]");
}
