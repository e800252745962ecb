/* SPDX-License-Identifier: MIT */
/* CSV files (RFC 4180) with a header row. The only place that knows the CSV library. */
#ifndef MENTORWATCH_WIRE_CSV_H
#define MENTORWATCH_WIRE_CSV_H

#include "base/outcome.h"

#include <stddef.h>
#include <stdio.h>

struct work;

struct csv_row {
    size_t line;              /* where it begins, from 1 */
    const char *const *cells; /* as many as there are columns */
};

struct csv_table {
    const char *const *columns; /* the header row */
    size_t column_count;
    const struct csv_row *rows;
    size_t row_count;
};

/* Read the whole file into the work's arena. A UTF-8 byte order mark is skipped; comma,
 * semicolon or tab is recognised from the header row; blank lines do not count. INVALID with a
 * fault a bad line, its field being "NAME:LINE" (broken quotes, cells more or fewer than columns,
 * bad UTF-8, no header, a column twice); the good rows are there all the same. A line whose quotes
 * are broken is left behind and reading begins anew with the next. TOO_LARGE above 64 MiB. */
enum outcome csv_read(struct csv_table *out, struct work *work, FILE *file, const char *name);

#endif
