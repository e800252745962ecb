/* SPDX-License-Identifier: MIT */
/* The numbers that rows were given by AUTO_INCREMENT. They rise in the order of insertion, but need
 * not follow each other: others insert meanwhile, and the nodes of a cluster leave gaps. */
#ifndef MENTORWATCH_STORE_INSERTED_H
#define MENTORWATCH_STORE_INSERTED_H

#include "base/outcome.h"
#include "base/record.h"

struct db_rows;
struct work;

/* Of rows that this transaction has just inserted, in their order (int64_t, called seq in the
 * table). The first argument of each is its value of `key`, a unique column. */
enum outcome inserted_numbers(struct list *out, struct work *work, const char *table,
                              const char *key, const struct db_rows *rows);

#endif
