/* SPDX-License-Identifier: MIT */
/* What a row adds to counts: in each filter one cell of each level. */
#ifndef MENTORWATCH_STORE_COUNT_CELL_H
#define MENTORWATCH_STORE_COUNT_CELL_H

#include "base/outcome.h"
#include "base/record.h"
#include "store/counted_list.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct db_rows;
struct work;

/* A row of a list, as far as counting goes. */
struct countable {
    int64_t seq;
    bool counted;
    const char *value_0; /* its finest cells in the list's filters; NULL: counted nowhere */
    const char *value_1;
    const char *value_2;
    const char *value_3;
    const char *value_4;
    const char *value_5;
    const char *value_6;
    const char *value_7;
    const char *value_8;
    const char *value_9;
};
extern const struct record countable_row;

/* SQL: the columns of a countable. */
const char *countable_columns(struct arena *arena, const struct counted_list *list);

/* The same of rows that were inserted: what `columns` says ("id, sent_at") of each, and its number
 * (int64_t). Every column that is counted must be among them. */
struct list countables(struct arena *arena, const struct counted_list *list, const char *columns,
                       const struct db_rows *rows, struct list numbers);

/* Add the cells of these rows (struct countable), `sign` times, to a part of counts. */
enum outcome count_cells_add(struct work *work, const struct counted_list *list, struct list rows,
                             int64_t part, int64_t sign);

#endif
