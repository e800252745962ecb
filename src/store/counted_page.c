/* SPDX-License-Identifier: MIT */
#include "store/counted_page.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/work.h"
#include "db/query.h"
#include "store/counted_place.h"

#include <inttypes.h>
#include <string.h>

enum {
    MOST_ARGUMENTS = 16,
    NOT_KNOWN = -1,
};

/* A statement over the rows that are asked for: how many there are, or the greatest seq that one of
 * them can have. It is text that stands in the source; what is asked for are arguments. */
struct sum {
    bool newest;
    struct arena *arena;
    const struct counted_list *list;
    const struct counted_filter *filter;
    struct text sql;
    struct db_arg args[MOST_ARGUMENTS];
    size_t count;
};

static void take(struct sum *sum, struct db_arg arg)
{
    sum->args[sum->count++] = arg;
}

/* SQL of a row, with one '?': how its value is to be. */
static const char *comparison(struct arena *arena, const struct counted_filter *filter,
                              enum asked asked)
{
    static const char *const comparisons[] = {
        [EQUAL] = "= ?",
        [BEFORE] = "< ?",
        [AFTER] = "> ?",
        [AMONG_MENTORS_OF] = "IN (SELECT mentor_id FROM mentors WHERE organisation_id = ?)",
    };

    return arena_printf(arena, "%s %s", filter->column, comparisons[asked]);
}

/* "(SELECT … FROM counts WHERE …": the condition comes next. */
static void begin_counts(struct sum *sum)
{
    const struct counted_filter *filters = sum->list->filters;
    const bool difference = sum->filter->kept == BY_DIFFERENCE;
    const char *what = "SUM(number)";

    if (sum->newest) {
        what = "MAX(newest)";
    } else if (difference) {
        what = arena_printf(sum->arena, "SUM(IF(filter = '%s', -number, number))", filters[1].name);
    }
    text_add_format(&sum->sql,
                    "(SELECT COALESCE(%s, 0) FROM counts WHERE list = '%s' AND "
                    "filter IN ('%s', '%s') AND ",
                    what, sum->list->table, difference ? filters[0].name : sum->filter->name,
                    difference ? filters[1].name : sum->filter->name);
}

/* What is kept. The number is NULL where the list has not been opened. */
static void begin_kept(struct sum *sum)
{
    if (sum->newest) {
        text_add(&sum->sql, "SELECT CAST(GREATEST(");
    } else {
        text_add_format(&sum->sql,
                        "SELECT CAST(COALESCE((SELECT number FROM counts WHERE list = '%s' AND "
                        "filter = '" COUNTS_OPENED "' AND level = 0 AND value = '' AND part = 0) "
                        "+ ",
                        sum->list->table);
    }
    begin_counts(sum);
}

/* The rows of the table, up to the condition. */
static void begin_rows(struct sum *sum)
{
    text_add_format(&sum->sql, ")%s FROM %s",
                    sum->newest ? ", (SELECT COALESCE(MAX(seq), 0)" : " + (SELECT COUNT(*)",
                    sum->list->table);
}

/* Of which rows. */
static void add_only(struct sum *sum)
{
    if (sum->list->only != NULL) {
        text_add_format(&sum->sql, " AND %s", sum->list->only);
    }
    if (sum->filter->only != NULL) {
        text_add_format(&sum->sql, " AND %s", sum->filter->only);
    }
}

static void begin_uncounted(struct sum *sum)
{
    begin_rows(sum);
    text_add_format(&sum->sql, " FORCE INDEX (%s_uncounted) WHERE counted = FALSE",
                    sum->list->table);
    add_only(sum);
}

static void end(struct sum *sum)
{
    if (sum->newest) {
        text_add(&sum->sql, ")) AS SIGNED) AS number");
    } else {
        text_add_format(&sum->sql, "), %d) AS SIGNED) AS number", NOT_KNOWN);
    }
}

static void add_up_all(struct sum *sum)
{
    begin_kept(sum);
    text_add(&sum->sql, "level = 0");
    begin_uncounted(sum);
    end(sum);
}

/* As counts has it. */
static const char *value_of(struct arena *arena, struct db_arg arg)
{
    return arg.type == FIELD_INT ? arena_printf(arena, "%" PRId64, arg.number) : arg.text;
}

static void add_up_value(struct sum *sum, const struct ask *ask)
{
    begin_kept(sum);
    text_add_format(&sum->sql, "level = %d AND value = ?", VALUE_LEVEL);
    take(sum, db_text(value_of(sum->arena, ask->arg)));
    begin_uncounted(sum);
    text_add_format(&sum->sql, " AND %s", comparison(sum->arena, sum->filter, ask->asked));
    take(sum, ask->arg);
    end(sum);
}

/* The whole hours before, or after, the one of the moment: of each level the cells beside the one
 * that has it, within the cell of the level above. */
static void add_hours(struct sum *sum, const char *hour, bool before)
{
    const int *levels = counted_levels(BY_TIME);

    text_add(&sum->sql, "(");
    for (size_t i = 1; levels[i] != LEVELS_END; i++) {
        const char *own = arena_printf(sum->arena, "%.*s", levels[i], hour);
        text_add_format(&sum->sql, "%slevel = %d AND value %s ? AND value %s ?",
                        i == 1 ? "" : " OR ", levels[i], before ? ">=" : ">", before ? "<" : "<=");
        take(sum, db_text(before ? arena_printf(sum->arena, "%.*s", levels[i - 1], hour) : own));
        take(sum, db_text(before ? own : arena_printf(sum->arena, "%.*s~", levels[i - 1], hour)));
    }
    text_add(&sum->sql, ")");
}

static void add_moment(struct sum *sum, const char *comparison, int64_t ms)
{
    text_add_format(&sum->sql, " AND %s %s ?", sum->filter->column, comparison);
    take(sum, db_time((struct instant){ms}));
}

/* Whole hours from counts; the rows of the moment's own hour one by one. */
static void add_up_time(struct sum *sum, const struct ask *ask)
{
    const bool before = ask->asked == BEFORE;
    const int64_t moment = ask->arg.instant.ms;
    /* The last millisecond of the hour before, and of the moment's own. */
    const int64_t earlier = moment - moment % MS_PER_HOUR - 1;
    const int64_t last = earlier + MS_PER_HOUR;

    begin_kept(sum);
    add_hours(sum, counted_hour(sum->arena, ask->arg.instant), before);
    begin_uncounted(sum);
    add_moment(sum, before ? "<=" : ">", before ? earlier : last);
    begin_rows(sum);
    text_add(&sum->sql, " WHERE TRUE");
    add_moment(sum, ">", before ? earlier : moment);
    add_moment(sum, before ? "<" : "<=", before ? moment : last);
    add_only(sum);
    end(sum);
}

/* Of all rows, or with one filter. The number is below 0 where it is not known. */
static enum outcome look_up(int64_t *out, struct work *work, enum counted list,
                            const struct ask *ask, bool newest)
{
    const struct counted_list *counted = &counted_lists[list];
    struct sum sum = {
        .newest = newest,
        .arena = work->arena,
        .list = counted,
        .filter = ask == NULL ? &counted->filters[0] : counted_filter(list, ask->filter),
        .sql = text_in(work->arena),
    };

    *out = NOT_KNOWN;
    if (sum.filter->kept == NOT_KEPT) {
        return OK;
    }
    if (ask == NULL || ask->asked == ANY) {
        add_up_all(&sum);
    } else if (sum.filter->kept == BY_VALUE) {
        add_up_value(&sum, ask);
    } else {
        add_up_time(&sum, ask);
    }
    return db_number(out, work, text_done(&sum.sql),
                     (struct db_args){.at = sum.args, .count = sum.count});
}

/* What is asked for, as conditions. *only: the single ask; NULL where there are none or several. */
static size_t narrow(const struct ask **only, struct db_query *query, struct arena *arena,
                     enum counted list, const struct ask *asks, size_t count)
{
    size_t given = 0;

    for (size_t i = 0; i < count; i++) {
        if (asks[i].arg.null) {
            continue;
        }
        const struct counted_filter *filter = counted_filter(list, asks[i].filter);
        if (filter->only != NULL) {
            db_where_all(query, filter->only, DB_NO_ARGS);
        }
        if (asks[i].asked != ANY) {
            db_where(query, comparison(arena, filter, asks[i].asked), asks[i].arg);
        }
        if (asks[i].asked == AMONG_MENTORS_OF) {
            db_sort_numbers(query); /* they are found by their mentors */
        }
        *only = given == 0 ? &asks[i] : NULL;
        given++;
    }
    return given;
}

/* What was written lately is seldom what lies long ago: then the walk, newest first, does not begin
 * with rows that are not asked for. */
static enum outcome begin_at_newest(struct db_query *query, struct work *work, enum counted list,
                                    const struct ask *only)
{
    int64_t newest;

    TRY(look_up(&newest, work, list, only, true));
    db_where(query, "seq <= ?", db_int(newest));
    return OK;
}

/* Where the page begins, so that nobody walks to it. */
static enum outcome begin_near(struct db_query *query, struct work *work, enum counted list,
                               const struct listing *listing, const struct ask *only)
{
    if (only == NULL) {
        return counted_place(query, work, list, listing);
    }
    if (only->asked == BEFORE && listing->sort == NULL) {
        return begin_at_newest(query, work, list, only);
    }
    if (only->asked == EQUAL) {
        return counted_place_of_value(query, work, list, listing, only->filter,
                                      value_of(work->arena, only->arg));
    }
    return OK;
}

enum outcome counted_page(struct page *out, struct work *work, enum counted list,
                          const char *columns, const struct record *row,
                          const struct listing *listing, const struct ask *asks, size_t count)
{
    const struct counted_list *counted = &counted_lists[list];
    struct db_query *query = db_query(work, columns, counted->table);
    const struct ask *only = NULL;
    int64_t total = NOT_KNOWN;

    if (counted->only != NULL) {
        db_where_all(query, counted->only, DB_NO_ARGS);
    }
    if (narrow(&only, query, work->arena, list, asks, count) <= 1) {
        TRY(look_up(&total, work, list, only, false));
    }
    if (total != NOT_KNOWN) {
        db_known_total(query, total);
        TRY(begin_near(query, work, list, listing, only));
    }
    return db_query_page(out, query, row, listing);
}
