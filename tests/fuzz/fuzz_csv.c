/* SPDX-License-Identifier: MIT */
/* Whatever file comes, wire/csv.h makes a table of it in which every row has as many cells as there
 * are columns, or names the lines that are wrong. The input is the file. */
#include "base/text.h"
#include "base/work.h"
#include "fuzz.h"
#include "wire/csv.h"

static size_t lines_in(const uint8_t *bytes, size_t length)
{
    size_t lines = 1;

    for (size_t i = 0; i < length; i++) {
        lines += bytes[i] == '\n' || bytes[i] == '\r';
    }
    return lines;
}

static void check_cells(const char *const *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t characters;
        MUST(cells[i] != NULL && utf8_length(cells[i], &characters));
    }
}

static void check_table(const struct csv_table *table, size_t lines)
{
    size_t last = 1;

    check_cells(table->columns, table->column_count);
    for (size_t i = 0; i < table->column_count; i++) {
        for (size_t j = 0; j < i; j++) {
            MUST(strcmp(table->columns[i], table->columns[j]) != 0);
        }
    }
    for (size_t i = 0; i < table->row_count; i++) {
        MUST(table->rows[i].line > last && table->rows[i].line <= lines);
        last = table->rows[i].line;
        check_cells(table->rows[i].cells, table->column_count);
    }
}

/* "people.csv:7" */
static void check_faults(const struct fault *fault, size_t lines)
{
    for (; fault != NULL; fault = fault->next) {
        MUST(text_starts(fault->field, "people.csv:") && fault->message[0] != '\0');
        const unsigned long line = strtoul(fault->field + strlen("people.csv:"), NULL, 10);
        MUST(line >= 1 && line <= lines);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct work work = {.arena = arena_new()};
    struct csv_table table = {.columns = NULL};
    char *copy =
        arena_bytes(work.arena, bytes, length); /* fmemopen() wants one that it may change */
    FILE *file = length == 0 ? fopen("/dev/null", "re") : fmemopen(copy, length, "r");

    MUST(file != NULL);
    const enum outcome outcome = csv_read(&table, &work, file, "people.csv");
    MUST(fclose(file) == 0);
    MUST(outcome == OK || outcome == INVALID);
    MUST((outcome == INVALID) == (work.failure.faults != NULL));
    MUST(outcome == INVALID || table.column_count > 0);
    check_faults(work.failure.faults, lines_in(bytes, length));
    if (outcome == OK) {
        check_table(&table, lines_in(bytes, length));
    }
    arena_free(work.arena);
    return 0;
}
