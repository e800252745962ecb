/* SPDX-License-Identifier: MIT */
/* mentorwatch import: the directory from CSV files, all of it or nothing. */
#include "base/arena.h"
#include "base/record.h"
#include "base/work.h"
#include "cli/command.h"
#include "db/db.h"
#include "model/person.h"
#include "store/audit.h"
#include "store/directory.h"
#include "wire/csv.h"
#include "wire/mail.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

/* What a file can hold; in the order in which they depend on each other. */
struct kind {
    const char *id_column;
    const struct record *record;
    enum outcome (*put)(struct work *work, const void *object);
    /* Notes references to nobody, and then sets *good to false. NULL: it refers to nothing. */
    enum outcome (*check)(bool *good, struct work *work, const char *where, const void *object);
};

struct file {
    const char *name;
    const struct kind *kind;
    struct csv_table table;
    const struct field **columns; /* the field of each column */
    void *objects;                /* one for each row */
};

struct import {
    struct file *files;
    size_t count;
};

static enum outcome put_organisation(struct work *work, const void *object)
{
    return organisation_put(work, object);
}

static enum outcome put_coordinator(struct work *work, const void *object)
{
    return coordinator_put(work, object);
}

static enum outcome put_mentor(struct work *work, const void *object)
{
    return mentor_put(work, object);
}

static enum outcome check_organisation(bool *good, struct work *work, const char *where,
                                       const char *id)
{
    bool listed;

    TRY(organisation_exists(&listed, work, id));
    if (!listed) {
        fault(work, where, "organisation_id %s is not an organisation of the directory", id);
        *good = false;
    }
    return OK;
}

static enum outcome check_coordinator(bool *good, struct work *work, const char *where,
                                      const void *object)
{
    const struct coordinator *coordinator = object;

    return check_organisation(good, work, where, coordinator->organisation_id);
}

static enum outcome check_mentor(bool *good, struct work *work, const char *where,
                                 const void *object)
{
    const struct mentor *mentor = object;
    bool listed = true;

    TRY(check_organisation(good, work, where, mentor->organisation_id));
    if (mentor->coordinator_id != NULL) {
        TRY(coordinator_is_in(&listed, work, mentor->coordinator_id, mentor->organisation_id));
    }
    if (!listed) {
        fault(work, where, "coordinator_id %s is not a coordinator of the organisation %s",
              mentor->coordinator_id, mentor->organisation_id);
        *good = false;
    }
    return OK;
}

static const struct kind kinds[] = {
    {"organisation_id", &organisation_record, put_organisation, NULL             },
    {"coordinator_id",  &coordinator_record,  put_coordinator,  check_coordinator},
    {"mentor_id",       &mentor_record,       put_mentor,       check_mentor     },
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static const char *place(struct work *work, const struct file *file, size_t line)
{
    return arena_printf(work->arena, "%s:%zu", file->name, line);
}

static void *object_at(const struct file *file, size_t row)
{
    return (char *)file->objects + row * file->kind->record->size;
}

static enum outcome read_file(struct file *file, struct work *work)
{
    const bool standard = strcmp(file->name, "-") == 0;
    FILE *open = standard ? stdin : fopen(file->name, "re");

    if (open == NULL) {
        return fail(work, INVALID, "cannot read %s: %s", file->name, strerror(errno));
    }
    const enum outcome outcome = csv_read(&file->table, work, open, file->name);
    if (!standard) {
        (void)fclose(open);
    }
    return outcome;
}

/* The first column names the kind, the others its fields. False: a fault was noted. */
static bool read_header(struct file *file, struct work *work)
{
    const char *where = place(work, file, 1);
    bool good = true;

    for (size_t i = 0; i < KINDS; i++) {
        if (strcmp(file->table.columns[0], kinds[i].id_column) == 0) {
            file->kind = &kinds[i];
        }
    }
    if (file->kind == NULL) {
        fault(work, where, "the first column must be organisation_id, coordinator_id or mentor_id");
        return false;
    }
    file->columns =
        arena_array(work->arena, file->table.column_count, sizeof(const struct field *));
    for (size_t i = 0; i < file->table.column_count; i++) {
        file->columns[i] = record_field(file->kind->record, file->table.columns[i]);
        if (file->columns[i] == NULL) {
            fault(work, where, "the column %s is not known here", file->table.columns[i]);
            good = false;
        }
    }
    return good;
}

static bool has_column(const struct file *file, const struct field *field)
{
    for (size_t i = 0; i < file->table.column_count; i++) {
        if (file->columns[i] == field) {
            return true;
        }
    }
    return false;
}

static bool has_required_columns(const struct file *file, struct work *work)
{
    const struct record *record = file->kind->record;
    bool good = true;

    for (size_t i = 0; i < record->count; i++) {
        if ((record->fields[i].is & FIELD_REQUIRED) != 0 && !has_column(file, &record->fields[i])) {
            fault(work, place(work, file, 1), "the column %s is missing", record->fields[i].name);
            good = false;
        }
    }
    return good;
}

/* What a cell must be beyond what its field says. */
static const char *check_cell(const struct field *field, const char *text)
{
    if (strcmp(field->name, "email") == 0) {
        return mail_address_valid(text) ? NULL : "is not an address that we can send to";
    }
    return strcmp(field->name, "channels") == 0 ? channels_check(text) : NULL;
}

static void read_cell(const struct field *field, void *object, struct work *work, const char *where,
                      const char *text)
{
    const char *wrong = NULL;

    if (text[0] == '\0') {
        wrong = (field->is & FIELD_REQUIRED) != 0 ? "must not be empty" : NULL;
    } else {
        wrong = field_parse(field, object, text, work->arena);
        if (wrong == NULL) {
            wrong = check_cell(field, text);
        }
    }
    if (wrong != NULL) {
        fault(work, where, "%s %s", field->name, wrong);
    }
}

static void read_rows(struct file *file, struct work *work)
{
    const struct record *record = file->kind->record;

    file->objects = arena_array(work->arena, file->table.row_count, record->size);
    for (size_t row = 0; row < file->table.row_count; row++) {
        const char *where = place(work, file, file->table.rows[row].line);
        record_defaults(record, object_at(file, row), work->arena);
        for (size_t i = 0; i < file->table.column_count; i++) {
            read_cell(file->columns[i], object_at(file, row), work, where,
                      file->table.rows[row].cells[i]);
        }
    }
}

/* A row's name: its first column. */
struct named_row {
    const char *id;
    size_t line;
};

static int by_id(const void *left, const void *right)
{
    const struct named_row *a = left;
    const struct named_row *b = right;
    const int order = strcmp(a->id, b->id);

    return order != 0 ? order : (a->line > b->line) - (a->line < b->line);
}

static void refuse_repetitions(const struct file *file, struct work *work)
{
    const size_t count = file->table.row_count;
    struct named_row *rows = arena_array(work->arena, count + 1, sizeof(*rows));

    for (size_t i = 0; i < count; i++) {
        rows[i] = (struct named_row){file->table.rows[i].cells[0], file->table.rows[i].line};
    }
    qsort(rows, count, sizeof(*rows), by_id);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(rows[i - 1].id, rows[i].id) == 0) {
            fault(work, place(work, file, rows[i].line), "%s %s stands in line %zu already",
                  file->kind->id_column, rows[i].id, rows[i - 1].line);
        }
    }
}

/* Faults are noted and reading goes on; only what stops everything is an outcome. */
static enum outcome read_all(struct import *import, struct work *work)
{
    for (size_t i = 0; i < import->count; i++) {
        struct file *file = &import->files[i];
        const enum outcome outcome = read_file(file, work);
        if (outcome != OK && work->failure.faults == NULL) {
            return outcome;
        }
        if (file->table.column_count > 0 && read_header(file, work) &&
            has_required_columns(file, work)) {
            read_rows(file, work);
            refuse_repetitions(file, work);
        }
    }
    return work_verdict(work);
}

static enum outcome put_row(struct work *work, const struct file *file, size_t row)
{
    const void *object = object_at(file, row);
    bool good = true;

    if (file->kind->check != NULL) {
        const char *where = place(work, file, file->table.rows[row].line);
        TRY(file->kind->check(&good, work, where, object));
    }
    return good ? file->kind->put(work, object) : OK;
}

/* Kind by kind, so that a row finds what it refers to. A row that refers to nobody is left out,
 * to find the others like it; then nothing is committed. */
static enum outcome put_all(struct work *work, void *context)
{
    const struct import *import = context;

    for (size_t kind = 0; kind < KINDS; kind++) {
        for (size_t i = 0; i < import->count; i++) {
            const struct file *file = &import->files[i];
            for (size_t row = 0; file->kind == &kinds[kind] && row < file->table.row_count; row++) {
                TRY(put_row(work, file, row));
            }
        }
    }
    TRY(work_verdict(work));
    return audit_add(work, NULL);
}

static void print_counts(const struct import *import)
{
    for (size_t i = 0; i < import->count; i++) {
        const struct file *file = &import->files[i];
        (void)printf("%s: %zu %.*ss\n", file->name, file->table.row_count,
                     (int)(strlen(file->kind->id_column) - strlen("_id")), file->kind->id_column);
    }
}

int command_import(struct work *work, const struct command_line *line)
{
    struct import import = {.count = (size_t)line->argument_count};

    import.files = arena_array(work->arena, import.count, sizeof(*import.files));
    for (size_t i = 0; i < import.count; i++) {
        import.files[i].name = line->arguments[i];
    }
    enum outcome outcome = read_all(&import, work);
    if (outcome == OK) {
        outcome = db_unit(work, put_all, &import);
    }
    if (outcome != OK) {
        return command_failed(work, outcome);
    }
    print_counts(&import);
    return EX_OK;
}
