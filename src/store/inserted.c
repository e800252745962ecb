/* SPDX-License-Identifier: MIT */
#include "store/inserted.h"

#include "base/arena.h"
#include "base/work.h"
#include "db/many.h"

enum { BLOCK = 100 };

/* Where the numbers of some rows are looked for. */
struct place {
    struct work *work;
    const char *table;
    const char *key;
    const struct db_rows *rows;
};

static void add_name(struct db_rows *names, const struct db_rows *rows, size_t row)
{
    db_rows_add(names, (struct db_args){.at = &rows->at[row * rows->width], .count = 1});
}

static size_t block_size(const struct place *place, size_t first)
{
    const size_t left = place->rows->count - first;

    return left < BLOCK ? left : BLOCK;
}

/* In the order of the names, which is that of insertion. */
static enum outcome look_up(struct list *out, const struct place *place,
                            const struct db_rows *names)
{
    const struct db_many statement = {
        .begin = arena_printf(place->work->arena, "SELECT seq FROM %s WHERE %s IN (", place->table,
                              place->key),
        .each = "?",
        .end = ") ORDER BY seq",
    };

    TRY(db_all_many(out, place->work, &db_seq, &statement, names));
    return out->count == names->count
               ? OK
               : fail(place->work, BROKEN, "of %zu rows inserted into %s there are %zu",
                      names->count, place->table, out->count);
}

/* The first and the last row of each block. */
static struct db_rows ends_of_blocks(const struct place *place)
{
    const struct db_rows *rows = place->rows;
    struct db_rows ends = db_rows(place->work->arena, 2 * (rows->count / BLOCK + 1), 1);

    for (size_t first = 0; first < rows->count; first += BLOCK) {
        const size_t size = block_size(place, first);
        add_name(&ends, rows, first);
        if (size > 1) {
            add_name(&ends, rows, first + size - 1);
        }
    }
    return ends;
}

static enum outcome look_up_block(int64_t *out, const struct place *place, size_t first,
                                  size_t size)
{
    struct db_rows names = db_rows(place->work->arena, size, 1);
    struct list found;

    for (size_t i = first; i < first + size; i++) {
        add_name(&names, place->rows, i);
    }
    TRY(look_up(&found, place, &names));
    for (size_t i = 0; i < size; i++) {
        out[i] = ((const int64_t *)found.items)[i];
    }
    return OK;
}

/* As many rising numbers as there are from the first to the last are all of these. */
static enum outcome number_block(int64_t *out, const struct place *place, size_t first,
                                 const int64_t *ends)
{
    const size_t size = block_size(place, first);
    const int64_t last = ends[size > 1 ? 1 : 0];

    if (last - ends[0] + 1 != (int64_t)size) {
        return look_up_block(out, place, first, size);
    }
    for (size_t i = 0; i < size; i++) {
        out[i] = ends[0] + (int64_t)i;
    }
    return OK;
}

enum outcome inserted_numbers(struct list *out, struct work *work, const char *table,
                              const char *key, const struct db_rows *rows)
{
    const struct place place = {.work = work, .table = table, .key = key, .rows = rows};
    const struct db_rows names = ends_of_blocks(&place);
    int64_t *numbers = arena_array(work->arena, rows->count, sizeof(*numbers));
    struct list ends;

    TRY(look_up(&ends, &place, &names));
    for (size_t first = 0; first < rows->count; first += BLOCK) {
        TRY(number_block(&numbers[first], &place, first,
                         (const int64_t *)ends.items + 2 * (first / BLOCK)));
    }
    *out = (struct list){.items = numbers, .count = rows->count};
    return OK;
}
