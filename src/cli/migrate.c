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
    size_t pending;
    const enum outcome outcome =
        line->plan ? upgrade_plan(&pending, work, print) : upgrade_run(&pending, work, name);

    if (outcome != OK) {
        return command_failed(work, outcome);
    }
    if (pending == 0) { /* a comment where SQL was asked for */
        (void)printf("%sup to date: version %zu\n", line->plan ? "-- " : "", migration_count);
    }
    return EX_OK;
}
