/* SPDX-License-Identifier: MIT */
#include "wire/csv.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/work.h"

#include <csv.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

enum { FILE_MAX = 64 * 1024 * 1024, CHUNK = 16 * 1024, FIRST_ROOM = 16 };

static const char byte_order_mark[] = "\xEF\xBB\xBF";

/* The library tells of cells and of a row's end, but not where it stands, and it stops for good
 * at a broken quote. So it is fed line by line, and begins anew after a line it cannot read. */
struct reader {
    struct work *work;
    const char *name;
    struct csv_parser parser;
    struct csv_table *table;
    const char **cells; /* of the row in hand */
    size_t cell_count, cell_room;
    size_t row_line; /* where that row begins */
    struct csv_row *rows;
    size_t row_room;
    bool row_ended;
    bool unreadable; /* a cell of the row is not text */
};

static void note(const struct reader *reader, size_t line, const char *message)
{
    fault(reader->work, arena_printf(reader->work->arena, "%s:%zu", reader->name, line), "%s",
          message);
}

/* Room for one more item: the same array, or a copy twice as large. */
static void *with_room(struct arena *arena, void *items, size_t count, size_t *room, size_t size)
{
    if (count < *room) {
        return items;
    }
    *room = *room == 0 ? FIRST_ROOM : *room * 2;
    void *grown = arena_array(arena, *room, size);
    if (count > 0) {
        memcpy(grown, items, count * size);
    }
    return grown;
}

static void take_cell(void *bytes, size_t length, void *context)
{
    struct reader *reader = context;
    const char *cell = arena_bytes(reader->work->arena, bytes, length);
    size_t characters;

    if (strlen(cell) != length || !utf8_length(cell, &characters)) {
        reader->unreadable = true;
    }
    reader->cells = with_room(reader->work->arena, reader->cells, reader->cell_count,
                              &reader->cell_room, sizeof(*reader->cells));
    reader->cells[reader->cell_count++] = cell;
}

static void end_row(int end, void *context)
{
    (void)end;
    ((struct reader *)context)->row_ended = true;
}

static void forget_row(struct reader *reader)
{
    reader->cells = NULL;
    reader->cell_count = 0;
    reader->cell_room = 0;
    reader->row_ended = false;
    reader->unreadable = false;
}

static const char *wrong_with_header(const struct reader *reader)
{
    for (size_t i = 0; i < reader->cell_count; i++) {
        if (reader->cells[i][0] == '\0') {
            return "has a column without a name";
        }
        for (size_t j = 0; j < i; j++) {
            if (strcmp(reader->cells[i], reader->cells[j]) == 0) {
                return arena_printf(reader->work->arena, "has the column %s twice",
                                    reader->cells[i]);
            }
        }
    }
    return NULL;
}

static const char *keep_header(struct reader *reader)
{
    reader->table->columns = reader->cells;
    reader->table->column_count = reader->cell_count;
    return wrong_with_header(reader);
}

static const char *keep_row(struct reader *reader)
{
    struct csv_table *table = reader->table;

    if (reader->cell_count != table->column_count) {
        return arena_printf(reader->work->arena, "has %zu cells, but there are %zu columns",
                            reader->cell_count, table->column_count);
    }
    reader->rows = with_room(reader->work->arena, reader->rows, table->row_count, &reader->row_room,
                             sizeof(*reader->rows));
    reader->rows[table->row_count++] =
        (struct csv_row){.line = reader->row_line, .cells = reader->cells};
    table->rows = reader->rows;
    return NULL;
}

static void take_row(struct reader *reader)
{
    const char *wrong = "is not UTF-8 text";

    if (!reader->unreadable) {
        wrong = reader->table->columns == NULL ? keep_header(reader) : keep_row(reader);
    }
    if (wrong != NULL) {
        note(reader, reader->row_line, wrong);
    }
    forget_row(reader);
}

/* With its line end: LF, CR LF or CR. */
static size_t line_length(const char *at, const char *end)
{
    const char *byte = at;

    while (byte < end && *byte != '\n' && *byte != '\r') {
        byte++;
    }
    if (byte < end && byte[0] == '\r' && byte + 1 < end && byte[1] == '\n') {
        byte++;
    }
    return (size_t)(byte - at) + (byte < end);
}

static bool is_blank(struct reader *reader, const char *line, size_t length)
{
    const char delimiter = (char)csv_get_delim(&reader->parser);

    for (size_t i = 0; i < length; i++) {
        if (line[i] == delimiter || strchr(" \t\r\n", line[i]) == NULL || line[i] == '\0') {
            return false;
        }
    }
    return true;
}

/* The one that the header row has most of, outside quotes. */
static unsigned char delimiter_of(const char *line, size_t length)
{
    static const char delimiters[] = {CSV_COMMA, ';', CSV_TAB};
    size_t counts[sizeof(delimiters)] = {0};
    size_t best = 0;
    bool quoted = false;

    for (size_t i = 0; i < length; i++) {
        quoted ^= line[i] == CSV_QUOTE;
        for (size_t j = 0; j < sizeof(delimiters); j++) {
            counts[j] += !quoted && line[i] == delimiters[j];
        }
    }
    for (size_t j = 1; j < sizeof(delimiters); j++) {
        best = counts[j] > counts[best] ? j : best;
    }
    return (unsigned char)delimiters[best];
}

static enum outcome begin_parser(struct reader *reader, unsigned char delimiter)
{
    if (csv_init(&reader->parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        return fail(reader->work, BROKEN, "the CSV library did not start");
    }
    csv_set_delim(&reader->parser, delimiter);
    return OK;
}

static enum outcome begin_parser_anew(struct reader *reader)
{
    const unsigned char delimiter = csv_get_delim(&reader->parser);

    csv_free(&reader->parser);
    forget_row(reader);
    return begin_parser(reader, delimiter);
}

/* Read the row that begins at `line`, on as many lines as its quotes span. Moves both past it,
 * or, when its quotes are broken, past its first line only: a quote that is never closed must
 * not hide what is wrong further down. */
static enum outcome read_row(struct reader *reader, const char **at, const char *end, size_t *line)
{
    const char *const second_line = *at + line_length(*at, end);
    const char *here = *at;
    size_t here_line = *line;
    bool readable = true;

    reader->row_line = *line;
    while (readable && !reader->row_ended && here < end) {
        const size_t length = line_length(here, end);
        readable = csv_parse(&reader->parser, here, length, take_cell, end_row, reader) == length;
        here += length;
        here_line++;
    }
    if (readable && !reader->row_ended) {
        readable = csv_fini(&reader->parser, take_cell, end_row, reader) == 0;
    }
    if (readable) {
        take_row(reader);
        *at = here;
        *line = here_line;
        return OK;
    }
    if (csv_error(&reader->parser) != CSV_EPARSE) {
        return fail(reader->work, BROKEN, "%s", csv_strerror(csv_error(&reader->parser)));
    }
    note(reader, *line, "has broken quotes");
    *at = second_line;
    (*line)++;
    return begin_parser_anew(reader);
}

static enum outcome read_rows(struct reader *reader, const char *at, const char *end)
{
    for (size_t line = 1; at < end;) {
        const size_t length = line_length(at, end);
        if (is_blank(reader, at, length)) {
            at += length;
            line++;
            continue;
        }
        if (reader->table->columns == NULL) {
            csv_set_delim(&reader->parser, delimiter_of(at, length));
        }
        TRY(read_row(reader, &at, end, &line));
        if (reader->table->columns == NULL) {
            return OK; /* without a header nothing can be said of the rest */
        }
    }
    if (reader->table->columns == NULL) {
        note(reader, 1, "must be a header row");
    }
    return OK;
}

static enum outcome read_file(struct text *out, struct work *work, FILE *file, const char *name)
{
    char chunk[CHUNK];
    size_t length;

    while ((length = fread(chunk, 1, sizeof(chunk), file)) > 0) {
        text_add_bytes(out, chunk, length);
        if (out->length > FILE_MAX) {
            return fail(work, TOO_LARGE, "%s is larger than %d bytes", name, FILE_MAX);
        }
    }
    if (ferror(file) != 0) {
        return fail(work, INVALID, "cannot read %s: %s", name, strerror(errno));
    }
    return OK;
}

enum outcome csv_read(struct csv_table *out, struct work *work, FILE *file, const char *name)
{
    struct reader reader = {.work = work, .name = name, .table = out};
    struct text content = text_in(work->arena);

    *out = (struct csv_table){0};
    TRY(read_file(&content, work, file, name));
    TRY(begin_parser(&reader, CSV_COMMA));

    const char *at = text_done(&content);
    const char *end = at + content.length;
    if (text_starts(at, byte_order_mark)) {
        at += strlen(byte_order_mark);
    }
    const enum outcome outcome = read_rows(&reader, at, end);
    csv_free(&reader.parser);
    TRY(outcome);
    return work_verdict(work);
}
