/* SPDX-License-Identifier: MIT */
#include "store/migration.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/work.h"
#include "db/db.h"

#include <string.h>

enum {
    TABLE_EXISTS = 1050,
    COLUMN_EXISTS = 1060,
    KEY_EXISTS = 1061,
    NOTHING_TO_DROP = 1091,
    CONSTRAINT_EXISTS = 1826,
    /* MySQL's own: */
    CHECK_MISSING = 3821,
    CHECK_EXISTS = 3822,
    CONSTRAINT_MISSING = 3940,
};

static enum outcome is_recorded(bool *out, struct work *work)
{
    int64_t tables;

    TRY(db_number(&tables, work,
                  "SELECT COUNT(*) AS number FROM information_schema.tables "
                  "WHERE table_schema = DATABASE() AND table_name = 'schema_migrations'",
                  DB_NO_ARGS));
    *out = tables > 0;
    return OK;
}

static enum outcome finished_version(int64_t *out, struct work *work)
{
    return db_number(out, work,
                     "SELECT COALESCE(MIN(version) - 1, (SELECT COALESCE(MAX(version), 0) FROM "
                     "schema_migrations)) AS number FROM schema_migrations "
                     "WHERE finished_at IS NULL",
                     DB_NO_ARGS);
}

enum outcome schema_version(int64_t *out, struct work *work)
{
    bool recorded;

    *out = 0;
    TRY(is_recorded(&recorded, work));
    return recorded ? finished_version(out, work) : OK;
}

static enum outcome judge_version(int64_t version, struct work *work)
{
    if (version >= (int64_t)migration_count) {
        return OK;
    }
    return fail(work, OUTDATED,
                "the database schema has version %lld, but %zu is needed: run "
                "\"mentorwatch migrate\"",
                (long long)version, migration_count);
}

enum outcome schema_is_current(int64_t *out, struct work *work)
{
    TRY(schema_version(out, work));
    return judge_version(*out, work);
}

enum outcome schema_ready(struct work *work)
{
    int64_t version;

    TRY(finished_version(&version, work));
    return judge_version(version, work);
}

enum outcome migration_prepare(struct work *work)
{
    return db_run(NULL, work,
                  "CREATE TABLE IF NOT EXISTS schema_migrations ("
                  "version INT UNSIGNED NOT NULL, "
                  "name VARCHAR(255) NOT NULL, "
                  "checksum CHAR(64) NOT NULL, "
                  "statements INT UNSIGNED NOT NULL DEFAULT 0, "
                  "started_at DATETIME(3) NOT NULL, "
                  "finished_at DATETIME(3) NULL, "
                  "PRIMARY KEY (version)) "
                  "ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci",
                  DB_NO_ARGS);
}

static const struct field state_fields[] = {
    FIELD(struct migration_state, version),
    FIELD(struct migration_state, statements),
    FIELD(struct migration_state, finished),
    FIELD(struct migration_state, same),
};
static const struct record state_row = RECORD(struct migration_state, state_fields);

enum outcome migration_state(struct migration_state **out, struct work *work,
                             const struct migration *migration)
{
    bool recorded;

    TRY(is_recorded(&recorded, work));
    if (!recorded) {
        return NOT_FOUND;
    }
    return db_one(out, work, &state_row,
                  "SELECT version, statements, finished_at IS NOT NULL AS finished, "
                  "checksum = SHA2(?, 256) AS same FROM schema_migrations WHERE version = ?",
                  DB_ARGS(db_text(migration->sql), db_int(migration->version)));
}

enum outcome migration_begin(struct work *work, const struct migration *migration)
{
    return db_run(
        NULL, work,
        "INSERT INTO schema_migrations (version, name, checksum, started_at) "
        "VALUES (?, ?, SHA2(?, 256), UTC_TIMESTAMP(3))",
        DB_ARGS(db_int(migration->version), db_text(migration->name), db_text(migration->sql)));
}

static bool says_already_done(unsigned error)
{
    switch (error) {
    case TABLE_EXISTS:
    case COLUMN_EXISTS:
    case KEY_EXISTS:
    case NOTHING_TO_DROP:
    case CONSTRAINT_EXISTS:
    case CHECK_MISSING:
    case CHECK_EXISTS:
    case CONSTRAINT_MISSING:
        return true;
    default:
        return false;
    }
}

enum outcome migration_step(struct work *work, const struct migration *migration, int64_t index,
                            const char *statement, bool resumed)
{
    const enum outcome outcome = db_run(NULL, work, statement, DB_NO_ARGS);

    if (outcome != OK && !(resumed && says_already_done(db_error_number(work)))) {
        return outcome;
    }
    work_clear(work);
    return db_run(NULL, work,
                  "UPDATE schema_migrations SET statements = GREATEST(statements, ?) "
                  "WHERE version = ?",
                  DB_ARGS(db_int(index + 1), db_int(migration->version)));
}

enum outcome migration_finish(struct work *work, const struct migration *migration)
{
    return db_run(NULL, work,
                  "UPDATE schema_migrations SET finished_at = UTC_TIMESTAMP(3) WHERE version = ?",
                  DB_ARGS(db_int(migration->version)));
}

/* Length of the comment, quoted text or single character at `at`. */
static size_t token_length(const char *at, bool *comment)
{
    *comment = at[0] == '-' && at[1] == '-';
    if (*comment) {
        return strcspn(at, "\n");
    }
    if (at[0] != '\'' && at[0] != '`') {
        return 1;
    }
    const char *close = strchr(at + 1, at[0]);
    return close == NULL ? strlen(at) : (size_t)(close - at) + 1;
}

static void add_statement(struct list *list, struct work *work, struct text *statement)
{
    const char *text = text_done(statement);
    const size_t blank = strspn(text, " \n");

    if (text[blank] != '\0') {
        ((const char **)list->items)[list->count++] = arena_text(work->arena, text + blank);
    }
    *statement = text_in(work->arena);
}

struct list migration_statements(struct work *work, const struct migration *migration)
{
    size_t most = 1;
    for (const char *at = migration->sql; *at != '\0'; at++) {
        most += *at == ';';
    }
    struct list list = {.items = arena_array(work->arena, most, sizeof(const char *))};
    struct text statement = text_in(work->arena);

    for (const char *at = migration->sql; *at != '\0';) {
        bool comment;
        const size_t length = token_length(at, &comment);
        if (*at == ';') {
            add_statement(&list, work, &statement);
        } else if (!comment) {
            text_add_bytes(&statement, at, length);
        }
        at += length;
    }
    add_statement(&list, work, &statement);
    return list;
}
