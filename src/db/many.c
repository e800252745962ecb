/* SPDX-License-Identifier: MIT */
#include "db/many.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/work.h"

#include <assert.h>
#include <string.h>

/* How many rows a statement may have, largest first. A larger one would save little, and 100 rows
 * are far from the 65,535 arguments and from the bytes that a statement may have. Senders come back
 * with four each, so there are powers of two beside the round numbers. */
static const size_t group_sizes[] = {100, 64, 50, 32, 25, 16, 10, 8, 5, 4, 2, 1};

enum { GROUP_SIZES = sizeof(group_sizes) / sizeof(group_sizes[0]), MOST_EXACT = 16 };

struct numbered {
    int64_t seq;
};

static const struct field numbered_fields[] = {FIELD(struct numbered, seq)};
const struct record db_seq = RECORD(struct numbered, numbered_fields);

struct db_rows db_rows(struct arena *arena, size_t most, size_t width)
{
    return (struct db_rows){.at = arena_array(arena, most * width, sizeof(struct db_arg)),
                            .width = width};
}

void db_rows_add(struct db_rows *rows, struct db_args args)
{
    assert(args.count == rows->width);
    memcpy(&rows->at[rows->count * rows->width], args.at, args.count * sizeof(*args.at));
    rows->count++;
}

struct db_rows db_rows_of_texts(struct arena *arena, struct list texts)
{
    const char *const *text = texts.items;
    struct db_rows rows = db_rows(arena, texts.count, 1);

    for (size_t i = 0; i < texts.count; i++) {
        db_rows_add(&rows, DB_ARGS(db_text(text[i])));
    }
    return rows;
}

struct db_rows db_rows_of_numbers(struct arena *arena, struct list numbers)
{
    const int64_t *number = numbers.items;
    struct db_rows rows = db_rows(arena, numbers.count, 1);

    for (size_t i = 0; i < numbers.count; i++) {
        db_rows_add(&rows, DB_ARGS(db_int(number[i])));
    }
    return rows;
}

/* Some rows of one statement. */
struct group {
    const char *sql;
    struct db_args args;
};

static void take(struct db_arg **to, struct db_args args)
{
    if (args.count > 0) {
        memcpy(*to, args.at, args.count * sizeof(*args.at));
        *to += args.count;
    }
}

static const char *text_of(struct arena *arena, const struct db_many *statement, size_t size)
{
    struct text sql = text_in(arena);

    text_add(&sql, statement->begin);
    for (size_t i = 0; i < size; i++) {
        text_add(&sql, i == 0 ? "" : ", ");
        text_add(&sql, statement->each);
    }
    text_add(&sql, statement->end == NULL ? "" : statement->end);
    return text_done(&sql);
}

/* `size` rows from `first` on; where there are fewer, the last one stands for those that lack. */
static struct group group_of(struct arena *arena, const struct db_many *statement,
                             const struct db_rows *rows, size_t first, size_t size)
{
    const size_t width = rows->width;
    const size_t count = statement->begin_args.count + size * width + statement->end_args.count;
    struct db_arg *args = arena_array(arena, count, sizeof(*args));
    struct db_arg *at = args;

    take(&at, statement->begin_args);
    for (size_t i = first; i < first + size; i++) {
        const size_t row = i < rows->count ? i : rows->count - 1;
        take(&at, (struct db_args){.at = &rows->at[row * width], .count = width});
    }
    take(&at, statement->end_args);
    return (struct group){
        .sql = text_of(arena, statement, size), .args = {.at = args, .count = count}
    };
}

/* The largest group that so many rows fill. */
static size_t filled(size_t left)
{
    size_t i = 0;

    while (group_sizes[i] > left) {
        i++;
    }
    return group_sizes[i];
}

/* The smallest group that holds so many rows, or else the largest. */
static size_t holding(size_t left)
{
    size_t i = GROUP_SIZES - 1;

    while (i > 0 && group_sizes[i] < left) {
        i--;
    }
    return group_sizes[i];
}

static bool is_exact(const struct db_many *statement, size_t left)
{
    return statement->exact && left <= MOST_EXACT;
}

/* How many of the rows that are left a change takes. */
static size_t size_of_change(const struct db_many *statement, size_t left)
{
    if (is_exact(statement, left)) {
        return left;
    }
    return statement->repeatable ? holding(left) : filled(left);
}

enum outcome db_run_many(int64_t *affected, struct work *work, const struct db_many *statement,
                         const struct db_rows *rows)
{
    int64_t sum = 0;

    for (size_t first = 0; first < rows->count;) {
        const size_t size = size_of_change(statement, rows->count - first);
        const struct group group = group_of(work->arena, statement, rows, first, size);
        int64_t changed;
        TRY(db_run(&changed, work, group.sql, group.args));
        sum += changed;
        first += size;
    }
    if (affected != NULL) {
        *affected = sum;
    }
    return OK;
}

static void join(struct list *to, const struct list *more, struct arena *arena, size_t size)
{
    for (size_t i = 0; i < more->count; i++) {
        memcpy(list_append(to, arena, size), (const char *)more->items + i * size, size);
    }
}

enum outcome db_all_many(struct list *out, struct work *work, const struct record *row,
                         const struct db_many *statement, const struct db_rows *rows)
{
    *out = (struct list){0};
    for (size_t first = 0; first < rows->count;) {
        const size_t left = rows->count - first;
        const size_t size = is_exact(statement, left) ? left : holding(left);
        const struct group group = group_of(work->arena, statement, rows, first, size);
        struct list found;
        TRY(db_all(&found, work, row, group.sql, group.args));
        join(out, &found, work->arena, row->size);
        first += size;
    }
    return OK;
}
