/* SPDX-License-Identifier: MIT */
#include "store/counted_place.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/work.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* From here on, looking up is cheaper than walking. */
enum { DEEP = 512 };

/* A cell of counts, and how many rows are in it. */
struct cell {
    const char *value;
    int64_t number;
};
static const struct field cell_fields[] = {FIELD(struct cell, value), FIELD(struct cell, number)};
static const struct record cell_row = RECORD(struct cell, cell_fields);

/* Going down from level to level. */
struct descent {
    const struct counted_list *list;
    const struct counted_filter *filter;
    const char *column;
    bool descending;
    const char *cell; /* the one to look in, at first all; NULL: the list is shorter */
    int64_t skip;     /* rows of it that come first */
};

const char *counted_hour(struct arena *arena, struct instant moment)
{
    char *hour = instant_format(arena, moment, SECONDS);

    hour[HOUR_LEVEL] = '\0';
    hour[10] = ' ';
    return hour;
}

/* The cells of a level within the present one, in the order of the list. */
static enum outcome cells_within(struct list *out, struct work *work, const struct descent *descent,
                                 int level)
{
    const char *only = descent->list->only;
    struct arena *arena = work->arena;
    const char *sql = arena_printf(
        arena,
        "SELECT c.value, CAST(SUM(c.number) AS SIGNED) AS number FROM (SELECT value, number FROM "
        "counts WHERE list = ? AND filter = ? AND level = %d AND value >= ? AND value <= ? "
        "UNION ALL SELECT LEFT(%s, %d), 1 FROM %s FORCE INDEX (%s_uncounted) WHERE "
        "counted = FALSE%s%s) c WHERE c.value >= ? AND c.value <= ? "
        "GROUP BY c.value ORDER BY c.value %s",
        level, counted_cell(arena, descent->filter), level, descent->list->table,
        descent->list->table, only != NULL ? " AND " : "", only != NULL ? only : "",
        descent->descending ? "DESC" : "ASC");
    const struct db_arg first = db_text(descent->cell);
    const struct db_arg last = db_text(arena_printf(arena, "%s~", descent->cell));

    return db_all(out, work, &cell_row, sql,
                  DB_ARGS(db_text(descent->list->table), db_text(descent->filter->name), first,
                          last, first, last));
}

static void choose(struct descent *descent, struct list found)
{
    const struct cell *cells = found.items;

    descent->cell = NULL;
    for (size_t i = 0; i < found.count; i++) {
        if (descent->skip < cells[i].number) {
            descent->cell = cells[i].value;
            return;
        }
        descent->skip -= cells[i].number;
    }
}

static enum outcome descend(struct descent *descent, struct work *work)
{
    const int *levels = counted_levels(descent->filter->kept);

    for (size_t i = 0; levels[i] != LEVELS_END && descent->cell != NULL; i++) {
        struct list cells;
        if (levels[i] > 0) {
            TRY(cells_within(&cells, work, descent, levels[i]));
            choose(descent, cells);
        }
    }
    return OK;
}

/* The greatest number that begins with the last digits of the text, so many of them. */
static int64_t greatest(const char *text, int digits)
{
    int64_t number = strtoll(text + strlen(text) - digits, NULL, 10);

    for (int i = digits; i < SEQ_DIGITS; i++) {
        number = 10 * number + 9;
    }
    return number;
}

/* The edge of the cell at which the list enters it. */
static struct db_arg edge(struct arena *arena, const struct descent *descent)
{
    struct instant hour;

    if (descent->filter->kept == BY_SEQ) {
        assert(descent->descending);
        return db_int(greatest(descent->cell, THOUSAND_LEVEL));
    }
    if (descent->filter->kept == BY_VALUE_SEQ) {
        return db_int(greatest(descent->cell, TEN_THOUSAND_OF_VALUE_LEVEL - VALUE_LEVEL));
    }
    if (!instant_parse(&hour,
                       arena_printf(arena, "%.10sT%s:00:00Z", descent->cell, descent->cell + 11))) {
        abort();
    }
    return db_time((struct instant){descent->descending ? hour.ms + MS_PER_HOUR - 1 : hour.ms - 1});
}

static void begin(struct db_query *query, struct arena *arena, const struct descent *descent)
{
    if (descent->cell == NULL) {
        db_begin(query, "seq < ?", db_int(0), 0);
        return;
    }
    db_begin(query,
             arena_printf(arena, "%s %s ?", descent->column, descent->descending ? "<=" : ">"),
             edge(arena, descent), descent->skip);
}

/* The filter that is kept in the order of the list; NULL: there is none. */
static const struct counted_filter *in_order_of(const struct counted_list *list, const char *column)
{
    for (size_t i = 0; i < list->filter_count; i++) {
        const struct counted_filter *filter = &list->filters[i];
        if ((filter->kept == BY_TIME || filter->kept == BY_SEQ) &&
            strcmp(filter->name, column) == 0) {
            return filter;
        }
    }
    return NULL;
}

enum outcome counted_place(struct db_query *query, struct work *work, enum counted list,
                           const struct listing *listing)
{
    const char *sort = listing->sort != NULL ? listing->sort : "-seq";
    struct descent descent = {
        .list = &counted_lists[list],
        .column = sort[0] == '-' ? sort + 1 : sort,
        .descending = sort[0] == '-',
        .cell = "",
        .skip = (listing->page - 1) * listing->limit,
    };

    descent.filter = in_order_of(descent.list, descent.column);
    if (listing->cursor != NULL || descent.skip < DEEP || descent.filter == NULL) {
        return OK;
    }
    TRY(descend(&descent, work));
    begin(query, work->arena, &descent);
    return OK;
}

/* The filter that keeps the rows of one value in order; NULL: there is none. */
static const struct counted_filter *in_order(const struct counted_list *list, const char *column)
{
    for (size_t i = 0; i < list->filter_count; i++) {
        const struct counted_filter *filter = &list->filters[i];
        if (filter->kept == BY_VALUE_SEQ && strcmp(filter->column, column) == 0) {
            return filter;
        }
    }
    return NULL;
}

enum outcome counted_place_of_value(struct db_query *query, struct work *work, enum counted list,
                                    const struct listing *listing, const char *filter,
                                    const char *value)
{
    const struct counted_list *counted = &counted_lists[list];
    struct descent descent = {
        .list = counted,
        .filter = in_order(counted, counted_filter(list, filter)->column),
        .column = "seq",
        .descending = true,
        .skip = (listing->page - 1) * listing->limit,
    };

    if (listing->sort != NULL || descent.filter == NULL) {
        return OK;
    }
    db_through(query, descent.filter->index);
    if (listing->cursor != NULL || descent.skip < DEEP) {
        return OK;
    }
    descent.cell = counted_padded(work->arena, value);
    TRY(descend(&descent, work));
    begin(query, work->arena, &descent);
    return OK;
}
