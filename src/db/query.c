/* SPDX-License-Identifier: MIT */
#include "db/query.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/work.h"

#include <string.h>

enum { FAR = 64 }; /* so many rows are skipped without reading them */

struct db_query {
    struct work *work;
    const char *columns;
    const char *tables;
    struct text where; /* and what comes after it */
    bool filtered;
    struct list args;  /* struct db_arg */
    int64_t total;     /* below 0: not known */
    const char *begin; /* NULL: pages by number begin at the first row */
    struct db_arg begin_arg;
    int64_t skip;
    const char *index; /* NULL: the server may choose */
    bool numbers_first;
};

struct db_query *db_query(struct work *work, const char *columns, const char *tables)
{
    struct db_query *query = arena_alloc(work->arena, sizeof(*query));

    query->work = work;
    query->columns = columns;
    query->tables = tables;
    query->where = text_in(work->arena);
    query->total = -1;
    return query;
}

static void take(struct db_query *query, struct db_args args)
{
    for (size_t i = 0; i < args.count; i++) {
        *(struct db_arg *)list_append(&query->args, query->work->arena, sizeof(*args.at)) =
            args.at[i];
    }
}

void db_where_all(struct db_query *query, const char *condition, struct db_args args)
{
    text_add_format(&query->where, " %s (%s)", query->filtered ? "AND" : "WHERE", condition);
    query->filtered = true;
    take(query, args);
}

void db_where(struct db_query *query, const char *condition, struct db_arg arg)
{
    if (!arg.null) {
        db_where_all(query, condition, DB_ARGS(arg));
    }
}

void db_then(struct db_query *query, const char *sql, struct db_args args)
{
    text_add_format(&query->where, " %s", sql);
    take(query, args);
}

void db_known_total(struct db_query *query, int64_t total)
{
    query->total = total;
}

void db_through(struct db_query *query, const char *index)
{
    query->index = index;
}

void db_sort_numbers(struct db_query *query)
{
    query->numbers_first = true;
}

void db_begin(struct db_query *query, const char *condition, struct db_arg arg, int64_t skip)
{
    query->begin = condition;
    query->begin_arg = arg;
    query->skip = skip;
}

static const char *text_of(struct db_query *query, const char *columns)
{
    return arena_printf(query->work->arena, "SELECT %s FROM %s%s", columns, query->tables,
                        text_done(&query->where));
}

/* The rows of a page, of which the inner SELECT finds only the numbers: the index that it walks has
 * these, so that what is skipped is not read. */
static const char *text_of_far(struct db_query *query, const char *order)
{
    struct arena *arena = query->work->arena;
    const char *index =
        query->index != NULL ? arena_printf(arena, " FORCE INDEX (%s)", query->index) : "";

    return arena_printf(arena,
                        "SELECT %s FROM %s JOIN (SELECT seq AS far_seq FROM %s%s%s) far "
                        "ON seq = far.far_seq %s",
                        query->columns, query->tables, query->tables, index,
                        text_done(&query->where), order);
}

static struct db_args args_of(const struct db_query *query)
{
    return (struct db_args){.at = query->args.items, .count = query->args.count};
}

enum outcome db_query_all(struct list *out, struct db_query *query, const struct record *row)
{
    return db_all(out, query->work, row, text_of(query, query->columns), args_of(query));
}

/* How a page is cut out of the list. */
struct cut {
    const char *sort;           /* the listing's */
    const char *column;         /* NULL: by seq alone */
    const struct field *value;  /* the column's field */
    const struct field *number; /* seq's field */
    bool descending;            /* as the list is read; a page before a place is read backwards */
    bool from_place;
    struct place place;
};

static enum outcome cut_of(struct cut *out, struct work *work, const struct record *row,
                           const struct listing *listing)
{
    *out =
        (struct cut){.sort = listing->sort, .descending = true, .number = record_field(row, "seq")};
    if (listing->sort != NULL) {
        out->descending = listing->sort[0] == '-';
        out->column = listing->sort + (out->descending ? 1 : 0);
        out->value = record_field(row, out->column);
    }
    if (out->number == NULL || (out->column != NULL && out->value == NULL)) {
        return fail(work, BROKEN, "a list cannot be sorted by %s",
                    out->column != NULL ? out->column : "seq");
    }
    out->from_place =
        listing->cursor != NULL && place_read(&out->place, listing->cursor, listing->sort);
    if (out->from_place && out->value != NULL && out->value->type == FIELD_INSTANT &&
        !instant_is_acceptable((struct instant){out->place.value})) {
        return fail(work, MALFORMED, "the cursor cannot be read");
    }
    return OK;
}

static struct db_arg argument(const struct field *field, int64_t value)
{
    return field->type == FIELD_INSTANT ? db_time((struct instant){value}) : db_int(value);
}

static void begin_at_place(struct db_query *query, const struct cut *cut, bool backwards)
{
    const char *beyond = cut->descending != backwards ? "<" : ">";

    if (cut->column == NULL) {
        db_where_all(query, arena_printf(query->work->arena, "seq %s ?", beyond),
                     DB_ARGS(db_int(cut->place.seq)));
        return;
    }
    const struct db_arg value = argument(cut->value, cut->place.value);
    db_where_all(query,
                 arena_printf(query->work->arena, "%s %s ? OR (%s = ? AND seq %s ?)", cut->column,
                              beyond, cut->column, beyond),
                 DB_ARGS(value, value, db_int(cut->place.seq)));
}

static const char *order_of(struct arena *arena, const struct cut *cut, bool backwards)
{
    const char *direction = cut->descending != backwards ? "DESC" : "ASC";

    return cut->column == NULL
               ? arena_printf(arena, "ORDER BY seq %s", direction)
               : arena_printf(arena, "ORDER BY %s %s, seq %s", cut->column, direction, direction);
}

static void reverse(struct list *list, size_t size, struct arena *arena)
{
    char *turned = arena_array(arena, list->count, size);

    for (size_t i = 0; i < list->count; i++) {
        memcpy(turned + i * size, (char *)list->items + (list->count - 1 - i) * size, size);
    }
    list->items = turned;
}

static const char *place_at(const struct cut *cut, struct arena *arena, const void *item,
                            bool before)
{
    struct place place = {
        .before = before, .sort = cut->sort, .seq = *(const int64_t *)field_at(cut->number, item)};

    if (cut->value != NULL && cut->value->type == FIELD_INSTANT) {
        place.value = ((const struct instant *)field_at(cut->value, item))->ms;
    } else if (cut->value != NULL) {
        place.value = *(const int64_t *)field_at(cut->value, item);
    }
    return place_write(arena, place);
}

/* One row more than asked for was read, to see whether there is one. */
static void finish_page(struct page *page, const struct cut *cut, const struct record *row,
                        struct arena *arena, const struct listing *listing)
{
    const bool backwards = cut->from_place && cut->place.before;
    const bool more = page->items.count > (size_t)listing->limit;

    page->items.count -= more;
    if (page->items.count == 0) {
        return;
    }
    if (backwards) {
        reverse(&page->items, row->size, arena);
    }
    const char *first = page->items.items;
    const char *last = first + (page->items.count - 1) * row->size;
    if (backwards || more) {
        page->next = place_at(cut, arena, last, false);
    }
    if (backwards ? more : cut->from_place || listing->page > 1) {
        page->previous = place_at(cut, arena, first, true);
    }
}

static enum outcome count(int64_t *out, struct db_query *query)
{
    *out = query->total;
    return *out >= 0
               ? OK
               : db_number(out, query->work, text_of(query, "COUNT(*) AS number"), args_of(query));
}

/* How many rows come before the page, of those that the query lets through by now. */
static int64_t begin_at_page(struct db_query *query, const struct listing *listing)
{
    if (query->begin == NULL) {
        return (listing->page - 1) * listing->limit;
    }
    db_where_all(query, query->begin, DB_ARGS(query->begin_arg));
    return query->skip;
}

static bool is_far(const struct db_query *query, const struct cut *cut, int64_t skip)
{
    return query->numbers_first || skip >= FAR ||
           (query->index != NULL && (cut->from_place || query->begin != NULL));
}

enum outcome db_query_page(struct page *out, struct db_query *query, const struct record *row,
                           const struct listing *listing)
{
    int64_t skip = 0;
    struct cut cut;

    *out = (struct page){0};
    TRY(cut_of(&cut, query->work, row, listing));
    TRY(count(&out->total, query));
    const bool backwards = cut.from_place && cut.place.before;
    if (cut.from_place) {
        begin_at_place(query, &cut, backwards);
    } else {
        skip = begin_at_page(query, listing);
    }
    const char *order = order_of(query->work->arena, &cut, backwards);
    db_then(query, order, DB_NO_ARGS);
    db_then(query, "LIMIT ? OFFSET ?", DB_ARGS(db_int(listing->limit + 1), db_int(skip)));
    TRY(db_all(&out->items, query->work, row,
               is_far(query, &cut, skip) ? text_of_far(query, order)
                                         : text_of(query, query->columns),
               args_of(query)));
    finish_page(out, &cut, row, query->work->arena, listing);
    return OK;
}
