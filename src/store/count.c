/* SPDX-License-Identifier: MIT */
#include "store/count.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/text.h"
#include "base/work.h"
#include "db/many.h"
#include "store/count_cell.h"
#include "store/inserted.h"

#include <stdatomic.h>
#include <string.h>

enum {
    BLOCK = 256,     /* rows that are taken in together */
    PARTS = 64,      /* changes that are added up together */
    TOGETHER = 100,  /* new rows that are taken in at once */
    FROM_FIRST = 16, /* one in so many times, a request looks for rows from the first one on */
    ROUNDS = 8,      /* blocks that one request takes in at most */
};

/* By this process, of each list: the last row that it took in. */
static atomic_int_least64_t reached[COUNTED_LISTS];

/* So much of a block there is now. */
static void note(struct work *work, enum counted list, size_t rows)
{
    static atomic_size_t noted[COUNTED_LISTS]; /* by all threads of this process */
    const size_t before = atomic_fetch_add_explicit(&noted[list], rows, memory_order_relaxed);

    if (before % BLOCK + rows >= BLOCK) {
        work->to_count |= 1U << list;
    }
}

void count_note(struct work *work, enum counted list)
{
    note(work, list, 1);
}

bool count_takes_in(size_t rows)
{
    return rows >= TOGETHER;
}

/* A name for a part that nobody else has: 60 random bits. */
static int64_t new_part(struct arena *arena)
{
    return 1 + (int64_t)(text_hash(id_new_long(arena, "")) >> 4);
}

/* A change that is a part, and waits to be added up. */
static enum outcome write_part(struct work *work, enum counted list, struct list rows, int64_t sign)
{
    note(work, list, BLOCK / PARTS);
    return count_cells_add(work, &counted_lists[list], rows, new_part(work->arena), sign);
}

enum outcome count_numbered(struct work *work, enum counted list, const char *columns,
                            const struct db_rows *rows, struct list numbers)
{
    const struct counted_list *counted = &counted_lists[list];

    if (!count_takes_in(rows->count)) {
        note(work, list, rows->count);
        return OK;
    }
    return write_part(work, list, countables(work->arena, counted, columns, rows, numbers), 1);
}

enum outcome count_inserted(struct work *work, enum counted list, const char *columns,
                            const struct db_rows *rows)
{
    const char *key = arena_bytes(work->arena, columns, strcspn(columns, ","));
    struct list numbers = {0};

    if (count_takes_in(rows->count)) {
        TRY(inserted_numbers(&numbers, work, counted_lists[list].table, key, rows));
    }
    return count_numbered(work, list, columns, rows, numbers);
}

/* Leaves those that are in counts. */
static void keep_counted(struct list *rows)
{
    struct countable *row = rows->items;
    size_t kept = 0;

    for (size_t i = 0; i < rows->count; i++) {
        if (row[i].counted) {
            row[kept++] = row[i];
        }
    }
    rows->count = kept;
}

/* Rows that are not in counts are locked, too: nobody may take them in before they are changed. */
enum outcome count_take_out_many(struct work *work, enum counted list, const struct db_rows *seqs)
{
    const struct counted_list *counted = &counted_lists[list];
    const struct db_many statement = {
        .begin = arena_printf(work->arena, "SELECT %s FROM %s WHERE seq IN (",
                              countable_columns(work->arena, counted), counted->table),
        .each = "?",
        .end = ") FOR UPDATE",
    };
    struct list rows;

    TRY(db_all_many(&rows, work, &countable_row, &statement, seqs));
    keep_counted(&rows);
    if (rows.count == 0) {
        return OK;
    }
    return write_part(work, list, rows, -1);
}

enum outcome count_take_out(struct work *work, enum counted list, int64_t seq)
{
    const struct db_rows one =
        db_rows_of_numbers(work->arena, (struct list){.items = &seq, .count = 1});

    return count_take_out_many(work, list, &one);
}

enum outcome count_lock(struct work *work, const struct counted_list *list)
{
    return db_run(NULL, work,
                  "INSERT INTO counts (list, filter, level, value, number) "
                  "VALUES (?, 'lock', 0, '', 1) ON DUPLICATE KEY UPDATE number = number + 1",
                  DB_ARGS(db_text(list->table)));
}

/* One transaction of folding. */
struct folding {
    const struct counted_list *list;
    int64_t after; /* the last row of the block before: entries of it that wait for the purge would
                    * be walked past */
    int64_t last;  /* the last row of this one */
    bool full;     /* there was a block; perhaps there is another one */
    bool more;     /* perhaps there are many */
};

/* Rows that somebody is changing now are left for the next time. */
static enum outcome fold_rows(struct work *work, void *context)
{
    struct folding *folding = context;
    const struct counted_list *list = folding->list;
    struct arena *arena = work->arena;
    struct list rows;

    TRY(db_all(&rows, work, &countable_row,
               arena_printf(arena,
                            "SELECT %s FROM %s FORCE INDEX (%s_uncounted) WHERE counted = FALSE "
                            "AND seq > ? ORDER BY seq LIMIT ? FOR UPDATE SKIP LOCKED",
                            countable_columns(arena, list), list->table, list->table),
               DB_ARGS(db_int(folding->after), db_int(BLOCK))));
    folding->full = rows.count == BLOCK;
    if (!folding->full) {
        return OK;
    }
    const struct countable *row = rows.items;
    struct db_rows numbers = db_rows(arena, rows.count, 1);
    for (size_t i = 0; i < rows.count; i++) {
        db_rows_add(&numbers, DB_ARGS(db_int(row[i].seq)));
    }
    folding->last = row[rows.count - 1].seq;
    TRY(count_cells_add(work, list, rows, 0, 1));
    return db_run_many(
        NULL, work,
        &(struct db_many){.begin = arena_printf(
                              arena, "UPDATE %s SET counted = TRUE WHERE seq IN (", list->table),
                          .each = "?",
                          .end = ")",
                          .repeatable = true},
        &numbers);
}

/* The changes that wait in counts: int64_t. */
static enum outcome find_parts(struct list *out, struct work *work, struct folding *folding)
{
    TRY(db_all(out, work, &db_seq,
               "SELECT part AS seq FROM counts WHERE list = ? AND part > 0 GROUP BY part LIMIT ?",
               DB_ARGS(db_text(folding->list->table), db_int(PARTS))));
    folding->full = out->count == PARTS;
    return OK;
}

static enum outcome add_parts(struct work *work, const struct counted_list *list, struct list parts)
{
    const struct db_rows numbers = db_rows_of_numbers(work->arena, parts);
    const struct db_args of_list = DB_ARGS(db_text(list->table));
    const struct db_many add = {
        .begin = "INSERT INTO counts (list, filter, level, value, part, number, newest) "
                 "SELECT c.list, c.filter, c.level, c.value, 0, c.number, c.newest FROM (SELECT "
                 "list, filter, level, value, SUM(number) AS number, MAX(newest) AS newest "
                 "FROM counts WHERE list = ? AND part IN (",
        .begin_args = of_list,
        .each = "?",
        .end = ") GROUP BY list, filter, level, value) c ORDER BY c.filter, c.level, c.value "
               "ON DUPLICATE KEY UPDATE number = counts.number + VALUES(number), "
               "newest = GREATEST(counts.newest, VALUES(newest))",
        .repeatable = true,
    };
    const struct db_many forget = {
        .begin = "DELETE FROM counts WHERE list = ? AND part IN (",
        .begin_args = of_list,
        .each = "?",
        .end = ")",
        .repeatable = true,
    };

    TRY(db_run_many(NULL, work, &add, &numbers));
    return db_run_many(NULL, work, &forget, &numbers);
}

/* A part is written at once and never changed, so what can be seen of it is all of it. Only who
 * holds the lock adds parts up, so that no two add the same ones; nobody waits for it. */
static enum outcome fold_parts(struct work *work, void *context)
{
    struct folding *folding = context;
    struct list locked;
    struct list parts;

    TRY(find_parts(&parts, work, folding));
    if (!folding->full) {
        return OK;
    }
    TRY(db_all(&locked, work, &db_seq,
               "SELECT number AS seq FROM counts WHERE list = ? AND filter = 'lock' AND level = 0 "
               "AND value = '' AND part = 0 FOR UPDATE SKIP LOCKED",
               DB_ARGS(db_text(folding->list->table))));
    folding->full = locked.count > 0;
    if (folding->full) {
        TRY(find_parts(&parts, work, folding));
    }
    return folding->full ? add_parts(work, folding->list, parts) : OK;
}

/* How many whole blocks wait after a row, up to `most`: a look that locks nobody out. */
static enum outcome blocks_waiting(int64_t *out, struct work *work, const struct counted_list *list,
                                   int64_t after, int64_t most)
{
    TRY(db_number(out, work,
                  arena_printf(work->arena,
                               "SELECT COUNT(*) AS number FROM (SELECT 1 FROM %s "
                               "FORCE INDEX (%s_uncounted) WHERE counted = FALSE AND seq > ? "
                               "LIMIT ?) w",
                               list->table, list->table),
                  DB_ARGS(db_int(after), db_int(most * BLOCK))));
    *out /= BLOCK;
    return OK;
}

static enum outcome fold_some(struct work *work, struct folding *folding)
{
    int64_t blocks;

    TRY(blocks_waiting(&blocks, work, folding->list, folding->after, ROUNDS));
    folding->more = blocks == ROUNDS;
    folding->full = true;
    for (int64_t i = 0; i < blocks && folding->full; i++) {
        TRY(db_unit(work, fold_rows, folding));
        folding->after = folding->last;
        arena_reset(work->arena);
    }
    folding->more = folding->more && folding->full;
    for (folding->full = true; folding->full;) {
        TRY(db_unit(work, fold_parts, folding));
        arena_reset(work->arena);
    }
    return OK;
}

/* Where to begin. What was taken in leaves traces in the index until the server has cleaned up, so
 * mostly behind the last row of the time before; rows that were changed since lie before it. */
static int64_t beginning(enum counted list, bool all)
{
    static atomic_uint begun[COUNTED_LISTS];

    return all || atomic_fetch_add(&begun[list], 1) % FROM_FIRST == 0 ? 0
                                                                      : atomic_load(&reached[list]);
}

/* Some blocks, or all. */
static enum outcome fold(struct work *work, enum counted list, bool all)
{
    struct folding folding = {.list = &counted_lists[list], .after = beginning(list, all)};
    struct work own = *work;
    enum outcome outcome;

    own.arena = arena_new();
    do {
        outcome = fold_some(&own, &folding);
    } while (outcome == OK && all && folding.more);
    atomic_store(&reached[list], folding.after);
    arena_free(own.arena);
    return outcome == OK ? OK : fail(work, outcome, "rows could not be taken into the counts");
}

enum outcome count_fold(struct work *work, enum counted list)
{
    return fold(work, list, true);
}

void count_fold_due(struct work *work)
{
    for (unsigned list = 0; list < COUNTED_LISTS; list++) {
        if ((work->to_count & 1U << list) != 0) {
            (void)fold(work, list, false);
        }
    }
    work->to_count = 0;
}
