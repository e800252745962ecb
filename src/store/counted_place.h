/* SPDX-License-Identifier: MIT */
/* Where the n-th row of a long list stands, so that a page by number need not walk to it. */
#ifndef MENTORWATCH_STORE_COUNTED_PLACE_H
#define MENTORWATCH_STORE_COUNTED_PLACE_H

#include "base/clock.h"
#include "base/listing.h"
#include "base/outcome.h"
#include "db/query.h"
#include "store/counted_list.h"

struct arena;
struct work;

/* Let the query, which lists all rows, begin near its page, when that lies deep in a list whose
 * order is kept in counts: by seq, or by a time. */
enum outcome counted_place(struct db_query *query, struct work *work, enum counted list,
                           const struct listing *listing);

/* The same for the rows of one value, where counts has their order: by seq. A cursor, too, then
 * finds its place at once. */
enum outcome counted_place_of_value(struct db_query *query, struct work *work, enum counted list,
                                    const struct listing *listing, const char *filter,
                                    const char *value);

/* "2026-03-01 07": the hour as counts has it. */
const char *counted_hour(struct arena *arena, struct instant moment);

#endif
