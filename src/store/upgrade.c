/* SPDX-License-Identifier: MIT */
#include "store/upgrade.h"

#include "base/id.h"
#include "base/work.h"
#include "store/schema_lock.h"

/* How far the database is with this migration. */
static enum outcome look_up(struct upgrade_task *out, struct work *work,
                            const struct migration *migration)
{
    struct migration_state *state;
    const enum outcome outcome = migration_state(&state, work, migration);

    *out = (struct upgrade_task){.migration = migration};
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

static enum outcome run_statements(struct work *work, const struct upgrade_task *task,
                                   const char *holder)
{
    const struct list statements = migration_statements(work, task->migration);
    const char *const *texts = statements.items;

    for (size_t i = (size_t)task->done; i < statements.count; i++) {
        const bool resumed = task->begun && (int64_t)i == task->done;
        TRY(schema_lock_keep(work, holder));
        TRY(migration_step(work, task->migration, (int64_t)i, texts[i], resumed));
    }
    return migration_finish(work, task->migration);
}

static enum outcome run(struct work *work, const struct upgrade_task *task, const char *holder)
{
    if (!task->begun) {
        TRY(migration_begin(work, task->migration));
    }
    return run_statements(work, task, holder);
}

/* holder: NULL only plans. */
static enum outcome for_each_pending(size_t *pending, struct work *work, const char *holder,
                                     upgrade_told *told)
{
    *pending = 0;
    for (size_t i = 0; i < migration_count; i++) {
        struct upgrade_task task;
        TRY(look_up(&task, work, &migrations[i]));
        if (task.finished) {
            continue;
        }
        ++*pending;
        if (holder != NULL) {
            TRY(run(work, &task, holder));
        }
        if (told != NULL) {
            told(work, &task);
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

enum outcome upgrade_plan(size_t *pending, struct work *work, upgrade_told *told)
{
    TRY(check_version(work));
    return for_each_pending(pending, work, NULL, told);
}

static enum outcome run_all(size_t *pending, struct work *work, const char *holder,
                            upgrade_told *told)
{
    TRY(migration_prepare(work));
    return for_each_pending(pending, work, holder, told);
}

enum outcome upgrade_run(size_t *pending, struct work *work, upgrade_told *told)
{
    const char *holder = id_new_long(work->arena, "");

    TRY(check_version(work));
    TRY(schema_lock_take(work, holder));
    const enum outcome outcome = run_all(pending, work, holder, told);
    const struct failure failure = work->failure;
    const enum outcome released = schema_lock_release(work, holder);
    if (outcome == OK) {
        return released;
    }
    work->failure = failure;
    return outcome;
}
