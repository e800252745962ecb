/* SPDX-License-Identifier: MIT */
/* mentorwatch audit: who did what, when. */
#include "store/audit.h"

#include "base/text.h"
#include "base/work.h"
#include "cli/command.h"
#include "cli/listed.h"
#include "db/db.h"
#include "model/audit.h"
#include "wire/json.h"

#include <stdio.h>
#include <sysexits.h>

struct question {
    struct audit_filter filter;
    struct list lines;
};

static enum outcome look(struct work *work, void *context)
{
    struct question *question = context;

    return audit_list(&question->lines, work, &question->filter);
}

static const char *shown(const char *text)
{
    return text != NULL ? text : "-";
}

static void print_table(struct work *work, struct list lines)
{
    const struct audit_line *line = lines.items;

    if (lines.count == 0) {
        (void)fputs("mentorwatch: nothing like that is recorded\n", stderr);
    } else {
        (void)printf("%-24s %-24s %-12s %-15s %-22s %-50s %s\n", "TIME", "ACTOR", "ROLE", "FROM",
                     "ABOUT", "DEED", "REQUEST");
    }
    for (size_t i = 0; i < lines.count; i++) {
        (void)printf("%-24s %-24s %-12s %-15s %-22s %-50s %s\n",
                     instant_format(work->arena, line[i].done_at, MILLISECONDS), line[i].actor,
                     line[i].role, shown(line[i].address), shown(line[i].about), line[i].deed,
                     shown(line[i].request_id));
    }
}

int command_audit(struct work *work, const struct command_line *line)
{
    struct question question = {
        .filter = {.actor = line->actor, .about = line->about}
    };
    int64_t limit;

    if (!listed_limit(&limit, line)) {
        return EX_USAGE;
    }
    question.filter.limit = limit + 1;
    if (line->since != NULL && !instant_parse(&question.filter.since, line->since)) {
        (void)fputs("mentorwatch: --since takes a time such as 2026-03-01T00:00:00Z\n", stderr);
        return EX_USAGE;
    }
    const enum outcome outcome = db_reading(work, look, &question);
    if (outcome != OK) {
        return command_failed(work, outcome);
    }
    listed_cut(&question.lines, limit);
    if (line->json) {
        listed_print_json(work->arena, &audit_line, question.lines);
    } else {
        print_table(work, question.lines);
    }
    return EX_OK;
}
