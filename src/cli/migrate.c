/* SPDX-License-Identifier: MIT */
/* mentorwatch migrate: bring the schema up to date, statement by statement. */
#include "base/config.h"
#include "base/work.h"
#include "cli/command.h"
#include "db/db.h"
#include "store/migration.h"

#include <stdio.h>
#include <sysexits.h>

struct task {
    const struct migration *migration;
    bool begun;   /* by an earlier run that was cut off */
    int64_t done; /* statements that are recorded as done */
    bool finished;
};

/* How far the database is with this migration. */
static enum outcome look_up(struct task *out, struct work *work, const struct migration *migration)
{
    struct migration_state *state;
    const enum outcome outcome = migration_state(&state, work, migration);

    *out = (struct task){.migration = migration};
    if (outcome == NOT_FOUND) {
        return OK;
    }
    TRY(outcome);
    if (!state->same) {
        return fail(work, INVALID,
                    "%s is not the one that this database was migrated with: restore it, and put "
                    "changes into a new migration",
                    migration->name);
    }
    out->begun = true;
    out->done = state->statements;
    out->finished = state->finished;
    return OK;
}

static enum outcome run_statements(struct work *work, const struct task *task)
{
    const struct list statements = migration_statements(work, task->migration);
    const char *const *texts = statements.items;

    for (size_t i = (size_t)task->done; i < statements.count; i++) {
        const bool resumed = task->begun && (int64_t)i == task->done;
        TRY(migration_step(work, task->migration, (int64_t)i, texts[i], resumed));
    }
    return migration_finish(work, task->migration);
}

static enum outcome run(struct work *work, const struct task *task)
{
    if (!task->begun) {
        TRY(migration_begin(work, task->migration));
    }
    TRY(run_statements(work, task));
    (void)printf("%s\n", task->migration->name);
    return OK;
}

static void print(struct work *work, const struct task *task)
{
    const struct list statements = migration_statements(work, task->migration);
    const char *const *texts = statements.items;

    (void)printf("-- %s\n", task->migration->name);
    for (size_t i = (size_t)task->done; i < statements.count; i++) {
        (void)printf("%s;\n", texts[i]);
    }
}

static enum outcome for_each_pending(struct work *work, bool plan)
{
    for (size_t i = 0; i < migration_count; i++) {
        struct task task;
        TRY(look_up(&task, work, &migrations[i]));
        if (task.finished) {
            continue;
        }
        if (plan) {
            print(work, &task);
        } else {
            TRY(run(work, &task));
        }
    }
    return OK;
}

/* A database newer than this program is left alone: it is not ours to judge. */
static enum outcome check_version(struct work *work)
{
    int64_t version;

    TRY(schema_version(&version, work));
    if (version > (int64_t)migration_count) {
        return fail(work, INVALID,
                    "the database has schema version %lld, this program knows only %zu",
                    (long long)version, migration_count);
    }
    return OK;
}

static enum outcome migrate(struct work *work)
{
    TRY(migration_lock(work));
    TRY(migration_prepare(work));
    TRY(for_each_pending(work, false));
    return migration_unlock(work);
}

int command_migrate(struct work *work, const struct command_line *line)
{
    enum outcome outcome = check_version(work);

    if (outcome == OK) {
        outcome = line->plan ? for_each_pending(work, true) : migrate(work);
    }
    return outcome == OK ? EX_OK : command_failed(work, outcome);
}
