/* SPDX-License-Identifier: MIT */
/* A page of a list whose totals are kept (store/count.h): unfiltered or with one filter it costs
 * the same however long the list is. With more filters its total is counted. */
#ifndef MENTORWATCH_STORE_COUNTED_PAGE_H
#define MENTORWATCH_STORE_COUNTED_PAGE_H

#include "base/listing.h"
#include "base/outcome.h"
#include "db/db.h"
#include "store/counted_list.h"

struct work;

enum asked {
    ANY, /* whatever the argument is */
    EQUAL,
    BEFORE, /* of a filter that is kept by time, as is … */
    AFTER,
    AMONG_MENTORS_OF, /* the value names a mentor of that organisation */
};

/* What the caller asks for; nothing where the argument is NULL. */
struct ask {
    const char *filter; /* a counted_filter */
    enum asked asked;
    struct db_arg arg;
};

/* As db_query_page(). */
enum outcome counted_page(struct page *out, struct work *work, enum counted list,
                          const char *columns, const struct record *row,
                          const struct listing *listing, const struct ask *asks, size_t count);

#define ASKS(...)                                                                                  \
    (const struct ask[]){__VA_ARGS__},                                                             \
        sizeof((const struct ask[]){__VA_ARGS__}) / sizeof(struct ask)

#endif
