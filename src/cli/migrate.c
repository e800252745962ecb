/* SPDX-License-Identifier: MIT */
/* mentorwatch migrate: bring the schema up to date, statement by statement. */
#include "base/work.h"
#include "cli/command.h"
#include "store/upgrade.h"

#include <stdio.h>
#include <sysexits.h>

static void name(struct work *work, const struct upgrade_task *task)
{
    (void)work;
    (void)printf("%s\n", task->migration->name);
}

static void print(struct work *work, const struct upgrade_task *task)
{
    const struct list statements = migration_statements(work, task->migration);
    const char *const *texts = statements.items;

    (void)printf("-- %s\n", task->migration->name);
    for (size_t i = (size_t)task->done; i < statements.count; i++) {
        (void)printf("%s;\n", texts[i]);
    }
}

int command_migrate(struct work *work, const struct command_line *line)
{
    const enum outcome outcome = line->plan ? upgrade_plan(work, print) : upgrade_run(work, name);

    return outcome == OK ? EX_OK : command_failed(work, outcome);
}
