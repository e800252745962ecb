/* SPDX-License-Identifier: MIT */
#include "store/server.h"

#include "base/arena.h"
#include "base/work.h"
#include "db/db.h"
#include "store/right.h"

#include <stdlib.h>
#include <string.h>

enum {
    SCHEMA_DENIED = 1044,
    TABLE_DENIED = 1142,
    COLUMN_DENIED = 1143,
    RIGHT_MISSING = 1227,
};

struct told {
    const char *words;
    struct instant moment;
};

static const struct field words_fields[] = {FIELD(struct told, words)};
static const struct record words_row = RECORD(struct told, words_fields);

static const struct field moment_fields[] = {FIELD(struct told, moment)};
static const struct record moment_row = RECORD(struct told, moment_fields);

enum outcome server_version(const char **out, struct work *work)
{
    struct told *told;

    TRY(db_one(&told, work, &words_row, "SELECT VERSION() AS words", DB_NO_ARGS));
    *out = told->words;
    return OK;
}

enum outcome server_clock(struct instant *out, struct work *work)
{
    struct told *told;

    TRY(db_one(&told, work, &moment_row, "SELECT UTC_TIMESTAMP(3) AS moment", DB_NO_ARGS));
    *out = told->moment;
    return OK;
}

struct status {
    const char *name;
    const char *value;
};

static const struct field status_fields[] = {
    FIELD_AS(Variable_name, struct status, name),
    FIELD_AS(Value, struct status, value),
};
static const struct record status_row = RECORD(struct status, status_fields);

enum outcome server_asked(int64_t *out, struct work *work)
{
    struct status *asked;

    TRY(db_one(&asked, work, &status_row, "SHOW GLOBAL STATUS LIKE 'Questions'", DB_NO_ARGS));
    *out = strtoll(asked->value, NULL, 10);
    return OK;
}

struct probe {
    const char *right;
    const char *sql;
    bool reads;       /* one number */
    bool comes_first; /* without it the others cannot be tried */
};

static const struct probe probes[] = {
    {.right = "DROP",          .comes_first = true,                                              .sql = "DROP TABLE IF EXISTS doctor_probe"},
    {.right = "CREATE",
     .comes_first = true,
     .sql = "CREATE TABLE doctor_probe (id INT NOT NULL, other INT NULL, PRIMARY KEY (id)) "
            "ENGINE = InnoDB"},
    {.right = "SELECT", .reads = true,                                                                 .sql = "SELECT COUNT(*) AS number FROM doctor_probe"},
    {.right = "INSERT",           .sql = "INSERT INTO doctor_probe (id, other) VALUES (1, 1)"},
    {.right = "UPDATE",        .sql = "UPDATE doctor_probe SET other = NULL"  },
    {.right = "DELETE",        .sql = "DELETE FROM doctor_probe"                   },
    {.right = "INDEX",        .sql = "CREATE INDEX doctor_probe_others ON doctor_probe (other)"                               },
    {.right = "ALTER",         .sql = "ALTER TABLE doctor_probe ADD COLUMN more INT NULL"},
    {.right = "REFERENCES",
     .sql = "ALTER TABLE doctor_probe ADD CONSTRAINT doctor_probe_other FOREIGN KEY (other) "
            "REFERENCES doctor_probe (id)"      },
    {.right = "DROP",    .sql = "DROP TABLE doctor_probe"                                                     },
};

static bool is_denied(unsigned error)
{
    return error == SCHEMA_DENIED || error == TABLE_DENIED || error == COLUMN_DENIED ||
           error == RIGHT_MISSING;
}

static enum outcome run(struct work *work, const struct probe *probe)
{
    int64_t rows;

    return probe->reads ? db_number(&rows, work, probe->sql, DB_NO_ARGS)
                        : db_run(NULL, work, probe->sql, DB_NO_ARGS);
}

static enum outcome try_right(bool *denied, struct work *work, const struct probe *probe)
{
    const enum outcome outcome = run(work, probe);

    *denied = outcome == BROKEN && is_denied(db_error_number(work));
    if (*denied) {
        work_clear(work);
        return OK;
    }
    return outcome;
}

static void note(struct list *missing, struct work *work, const char *right)
{
    *(const char **)list_append(missing, work->arena, sizeof(right)) = right;
}

enum outcome server_missing_schema_rights(struct list *out, struct work *work)
{
    *out = (struct list){0};
    for (size_t i = 0; i < sizeof(probes) / sizeof(probes[0]); i++) {
        bool denied;
        TRY(try_right(&denied, work, &probes[i]));
        if (!denied) {
            continue;
        }
        note(out, work, probes[i].right);
        if (probes[i].comes_first) {
            return OK;
        }
    }
    return OK;
}

/* Any column will do, and only those are seen that the account has some right on. */
static enum outcome a_column(const char **out, struct work *work, const char *table)
{
    struct told *told;
    const enum outcome outcome =
        db_one(&told, work, &words_row,
               "SELECT column_name AS words FROM information_schema.columns WHERE table_schema = "
               "DATABASE() AND table_name = ? ORDER BY ordinal_position LIMIT 1",
               DB_ARGS(db_text(table)));

    *out = outcome == OK ? told->words : NULL;
    return outcome == NOT_FOUND ? OK : outcome;
}

/* Rows that there are not: only the right to do it is looked at. */
static enum outcome try_table(struct list *missing, struct work *work, const char *table,
                              const char *column, const char *rights)
{
    struct arena *arena = work->arena;
    const struct probe table_probes[] = {
        {.right = "SELECT",
         .reads = true,
         .sql = arena_printf(arena,                                                                                            "SELECT COUNT(*) AS number FROM %s WHERE FALSE",                                                     table)},
        {.right = "INSERT",
         .sql = arena_printf(arena,                                            "INSERT IGNORE INTO %s (%s) SELECT %s FROM %s WHERE FALSE",
         table,                                                                                          column, column, table)},
        {.right = "UPDATE",
         .sql = arena_printf(arena,                                                "UPDATE %s SET %s = %s WHERE FALSE",                                                                                              table,                                                                                                        column, column)},
        {.right = "DELETE", .sql = arena_printf(arena,"DELETE FROM %s WHERE FALSE",table)},
    };

    for (size_t i = 0; i < sizeof(table_probes) / sizeof(table_probes[0]); i++) {
        bool denied = false;
        if (strstr(rights, table_probes[i].right) != NULL) {
            TRY(try_right(&denied, work, &table_probes[i]));
        }
        if (denied) {
            note(missing, work, arena_printf(arena, "%s on %s", table_probes[i].right, table));
        }
    }
    return OK;
}

enum outcome server_missing_table_rights(struct list *out, struct work *work, bool app)
{
    *out = (struct list){0};
    for (size_t i = 0; i < table_right_count; i++) {
        const struct table_right *right = &table_rights[i];
        const char *rights = app ? right->app : right->sweep;
        const char *column;
        TRY(a_column(&column, work, right->table));
        if (column == NULL) {
            note(out, work, arena_printf(work->arena, "%s on %s", rights, right->table));
        } else {
            TRY(try_table(out, work, right->table, column, rights));
        }
    }
    return OK;
}
