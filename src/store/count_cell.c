/* SPDX-License-Identifier: MIT */
#include "store/count_cell.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/work.h"
#include "db/many.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_LEVELS = 4,
    VALUES_BEGIN = 2, /* which of the fields below is value_0 */
};

static const struct field countable_fields[] = {
    FIELD(struct countable, seq),     FIELD(struct countable, counted),
    FIELD(struct countable, value_0), FIELD(struct countable, value_1),
    FIELD(struct countable, value_2), FIELD(struct countable, value_3),
    FIELD(struct countable, value_4), FIELD(struct countable, value_5),
    FIELD(struct countable, value_6), FIELD(struct countable, value_7),
    FIELD(struct countable, value_8), FIELD(struct countable, value_9),
};
const struct record countable_row = RECORD(struct countable, countable_fields);

static const char *value_of(const struct countable *row, size_t filter)
{
    return *(const char *const *)field_at(&countable_fields[VALUES_BEGIN + filter], row);
}

static const char **value_at(struct countable *row, size_t filter)
{
    return field_in(&countable_fields[VALUES_BEGIN + filter], row);
}

const char *countable_columns(struct arena *arena, const struct counted_list *list)
{
    struct text sql = text_in(arena);

    text_add(&sql, "seq, counted");
    for (size_t i = 0; i < list->filter_count; i++) {
        const struct counted_filter *filter = &list->filters[i];
        if (counted_finest(filter->kept) > 0) {
            text_add_format(&sql, ", IF(%s AND %s, %s, NULL) AS value_%zu",
                            list->only != NULL ? list->only : "TRUE",
                            filter->only != NULL ? filter->only : "TRUE",
                            counted_cell(arena, filter), i);
        }
    }
    return text_done(&sql);
}

/* Which of the columns this is. */
static size_t column_place(const char *columns, const char *column)
{
    const size_t length = strlen(column);
    size_t place = 0;

    while (strncmp(columns, column, length) != 0 || strchr(", ", columns[length]) == NULL) {
        columns = strchr(columns, ',');
        assert(columns != NULL);
        columns += strlen(", ");
        place++;
    }
    return place;
}

/* What a filter looks at, and the number of its row. */
struct counted_value {
    const struct db_arg *arg;
    int64_t seq;
};

/* Rows that are inserted together are mostly of one moment, and of one thousand. */
static bool in_same_cell(enum kept_as kept, const struct counted_value *one,
                         const struct counted_value *other)
{
    const bool same_text = one->arg->type == FIELD_TEXT && one->arg->text == other->arg->text;

    switch (kept) {
    case BY_TIME:
        return one->arg->instant.ms == other->arg->instant.ms && one->arg->null == other->arg->null;
    case BY_SEQ:
        return one->seq / 1000 == other->seq / 1000;
    case BY_VALUE_SEQ:
        return same_text && one->seq / 10000 == other->seq / 10000;
    case BY_VALUE:
    case NOT_KEPT:
    case BY_DIFFERENCE:
        break;
    }
    return same_text;
}

static const char *value_with_seq(struct arena *arena, const char *value, int64_t seq)
{
    return arena_printf(arena, "%s%0*" PRId64, counted_padded(arena, value),
                        TEN_THOUSAND_OF_VALUE_LEVEL - VALUE_LEVEL, seq / 10000);
}

/* As counted_cell() says it. */
static const char *cell_of(struct arena *arena, enum kept_as kept,
                           const struct counted_value *value)
{
    const struct db_arg *arg = value->arg;

    if (kept == BY_SEQ) {
        return arena_printf(arena, "%0*" PRId64, THOUSAND_LEVEL, value->seq / 1000);
    }
    if (arg->null) {
        return NULL;
    }
    if (kept == BY_TIME) {
        const struct civil at = instant_civil(arg->instant);
        return arena_printf(arena, "%04d-%02d-%02d %02d", at.date.year, at.date.month, at.date.day,
                            at.hour);
    }
    const char *text =
        arg->type == FIELD_INT ? arena_printf(arena, "%" PRId64, arg->number) : arg->text;
    return kept == BY_VALUE_SEQ ? value_with_seq(arena, text, value->seq) : text;
}

/* The values of one filter: those of a column, one argument in `width`. */
static void fill_values(struct list rows, struct arena *arena, const struct counted_list *list,
                        size_t filter, const struct db_arg *args, size_t width)
{
    struct countable *row = rows.items;
    const enum kept_as kept = list->filters[filter].kept;
    struct counted_value before = {.arg = args};
    const char *cell = NULL;

    for (size_t i = 0; i < rows.count; i++) {
        const struct counted_value value = {.arg = &args[i * width], .seq = row[i].seq};
        if (i == 0 || !in_same_cell(kept, &value, &before)) {
            cell = cell_of(arena, kept, &value);
        }
        *value_at(&row[i], filter) = cell;
        before = value;
    }
}

struct list countables(struct arena *arena, const struct counted_list *list, const char *columns,
                       const struct db_rows *rows, struct list numbers)
{
    struct countable *row = arena_array(arena, rows->count, sizeof(*row));
    const struct list all = {.items = row, .count = rows->count};

    for (size_t i = 0; i < all.count; i++) {
        row[i].seq = ((const int64_t *)numbers.items)[i];
    }
    for (size_t i = 0; i < list->filter_count; i++) {
        const struct counted_filter *filter = &list->filters[i];
        const bool of_column = filter->kept != BY_SEQ;
        if (counted_finest(filter->kept) > 0) {
            fill_values(all, arena, list, i,
                        &rows->at[of_column ? column_place(columns, filter->column) : 0],
                        rows->width);
        }
    }
    return all;
}

struct cell {
    const char *filter;
    int level;
    const char *value; /* the first `level` characters of it */
    int64_t number;
    int64_t newest;
};

static int compare(const void *left, const void *right)
{
    const struct cell *a = left;
    const struct cell *b = right;
    const int filters = strcmp(a->filter, b->filter);

    if (filters != 0) {
        return filters;
    }
    return a->level != b->level ? a->level - b->level : strcmp(a->value, b->value);
}

static size_t cells_of_value(struct cell *out, struct arena *arena,
                             const struct counted_filter *filter, const char *value, int64_t seq)
{
    const int *levels = counted_levels(filter->kept);
    size_t count = 0;

    for (; levels[count] != LEVELS_END; count++) {
        out[count] = (struct cell){filter->name, levels[count],
                                   text_cut(arena, value, (size_t)levels[count]), 1, seq};
    }
    return count;
}

/* One more row of the same value, as most of a batch are. */
static void count_once_more(struct cell *cells, size_t levels, int64_t seq)
{
    for (size_t i = 0; i < levels; i++) {
        cells[i].number++;
        cells[i].newest = cells[i].newest < seq ? seq : cells[i].newest;
    }
}

/* In the order in which everybody locks them; equal ones are added up. */
static size_t add_up(struct cell *cells, size_t count)
{
    size_t kept = 0;

    qsort(cells, count, sizeof(*cells), compare);
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && compare(&cells[kept - 1], &cells[i]) == 0) {
            cells[kept - 1].number += cells[i].number;
            if (cells[kept - 1].newest < cells[i].newest) {
                cells[kept - 1].newest = cells[i].newest;
            }
        } else {
            cells[kept++] = cells[i];
        }
    }
    return kept;
}

static struct list cells_of(struct arena *arena, const struct counted_list *list, struct list rows)
{
    const struct countable *row = rows.items;
    struct cell *cells =
        arena_array(arena, rows.count * list->filter_count * MOST_LEVELS, sizeof(*cells));
    size_t count = 0;

    for (size_t filter = 0; filter < list->filter_count; filter++) {
        const char *before = NULL;
        size_t levels = 0;
        for (size_t i = 0; i < rows.count; i++) {
            const char *value = value_of(&row[i], filter);
            if (value != NULL && before != NULL && strcmp(value, before) == 0) {
                count_once_more(&cells[count - levels], levels, row[i].seq);
            } else if (value != NULL) {
                levels =
                    cells_of_value(&cells[count], arena, &list->filters[filter], value, row[i].seq);
                count += levels;
                before = value;
            }
        }
    }
    return (struct list){.items = cells, .count = add_up(cells, count)};
}

enum outcome count_cells_add(struct work *work, const struct counted_list *list, struct list rows,
                             int64_t part, int64_t sign)
{
    const struct list cells = cells_of(work->arena, list, rows);
    const struct cell *cell = cells.items;
    struct db_rows values = db_rows(work->arena, cells.count, 7);
    const struct db_many statement = {
        .begin = "INSERT INTO counts (list, filter, level, value, part, number, newest) VALUES ",
        .each = "(?, ?, ?, ?, ?, ?, ?)",
        .end = " ON DUPLICATE KEY UPDATE number = counts.number + VALUES(number), "
               "newest = GREATEST(newest, VALUES(newest))",
    };

    for (size_t i = 0; i < cells.count; i++) {
        db_rows_add(&values, DB_ARGS(db_text(list->table), db_text(cell[i].filter),
                                     db_int(cell[i].level), db_text(cell[i].value), db_int(part),
                                     db_int(sign * cell[i].number), db_int(cell[i].newest)));
    }
    return db_run_many(NULL, work, &statement, &values);
}
