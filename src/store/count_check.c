/* SPDX-License-Identifier: MIT */
#include "store/count_check.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/work.h"
#include "db/db.h"

enum { DRIFTS_SHOWN = 100 };

/* The conditions of a counted list and filter, as far as they have any. */
static void add_conditions(struct text *sql, const struct counted_list *list,
                           const struct counted_filter *filter)
{
    if (list->only != NULL) {
        text_add_format(sql, " AND %s", list->only);
    }
    if (filter->only != NULL) {
        text_add_format(sql, " AND %s", filter->only);
    }
    if (filter->kept == BY_VALUE || filter->kept == BY_VALUE_SEQ) {
        text_add_format(sql, " AND %s IS NOT NULL", filter->column);
    }
}

/* SELECT filter, level, value, number, newest, 0: what the filter's counts should be. They are
 * counted at the finest level, by what costs little to tell apart, and the coarser ones are sums of
 * it. */
static void add_cells(struct text *sql, struct arena *arena, const struct counted_list *list,
                      const struct counted_filter *filter)
{
    const int *levels = counted_levels(filter->kept);

    text_add_format(sql,
                    "SELECT '%s' AS filter, l.level, LEFT(f.cell, l.level) AS value, "
                    "SUM(f.number) AS number, MAX(f.newest) AS newest, 0 AS kept "
                    "FROM (SELECT %s AS cell, number, newest FROM (SELECT %s AS same, "
                    "COUNT(*) AS number, MAX(seq) AS newest FROM %s WHERE counted = TRUE",
                    filter->name, counted_cell_of_same(filter), counted_same(arena, filter),
                    list->table);
    add_conditions(sql, list, filter);
    text_add(sql, " GROUP BY same) s) f JOIN (");
    for (size_t i = 0; levels[i] != LEVELS_END; i++) {
        text_add_format(sql, "%sSELECT %d AS level", i == 0 ? "" : " UNION ALL ", levels[i]);
    }
    text_add(sql, ") l GROUP BY l.level, LEFT(f.cell, l.level)");
}

static const struct field drift_fields[] = {
    FIELD(struct count_drift, filter), FIELD(struct count_drift, value),
    FIELD(struct count_drift, level),  FIELD(struct count_drift, number),
    FIELD(struct count_drift, newest),
};
static const struct record drift_row = RECORD(struct count_drift, drift_fields);

/* SELECT filter, level, value, number, newest: what is missing in the counts of a filter, and the
 * newest there is. */
static const char *missing(struct arena *arena, const struct counted_list *list,
                           const struct counted_filter *filter)
{
    struct text sql = text_in(arena);

    text_add(&sql, "SELECT d.filter, d.level, d.value, CAST(SUM(d.number) AS SIGNED) AS number, "
                   "MAX(d.newest) AS newest FROM (SELECT filter, level, value, "
                   "-number AS number, 0 AS newest, newest AS kept FROM counts "
                   "WHERE list = ? AND filter = ? UNION ALL (");
    add_cells(&sql, arena, list, filter);
    text_add(&sql, ")) d GROUP BY d.filter, d.level, d.value "
                   "HAVING SUM(d.number) <> 0 OR MAX(d.newest) > MAX(d.kept)");
    return text_done(&sql);
}

enum outcome count_verify(struct list *drifts, struct work *work, enum counted list,
                          const struct counted_filter *filter)
{
    const struct counted_list *counted = &counted_lists[list];

    return db_all(drifts, work, &drift_row,
                  arena_printf(work->arena, "%s LIMIT ?", missing(work->arena, counted, filter)),
                  DB_ARGS(db_text(counted->table), db_text(filter->name), db_int(DRIFTS_SHOWN)));
}

enum outcome count_repair(struct work *work, enum counted list, const struct counted_filter *filter)
{
    const struct counted_list *counted = &counted_lists[list];

    return db_run(NULL, work,
                  arena_printf(work->arena,
                               "INSERT INTO counts "
                               "(list, filter, level, value, part, number, newest) "
                               "SELECT ?, m.filter, m.level, m.value, 0, m.number, m.newest "
                               "FROM (%s) m ORDER BY m.filter, m.level, m.value "
                               "ON DUPLICATE KEY UPDATE number = counts.number + VALUES(number), "
                               "newest = GREATEST(counts.newest, VALUES(newest))",
                               missing(work->arena, counted, filter)),
                  DB_ARGS(db_text(counted->table), db_text(counted->table), db_text(filter->name)));
}

enum outcome count_is_open(bool *out, struct work *work, enum counted list)
{
    int64_t open;

    TRY(db_number(&open, work,
                  "SELECT COUNT(*) AS number FROM counts WHERE list = ? AND "
                  "filter = '" COUNTS_OPENED "'",
                  DB_ARGS(db_text(counted_lists[list].table))));
    *out = open != 0;
    return OK;
}

enum outcome count_open(struct work *work, enum counted list)
{
    return db_run(NULL, work,
                  "INSERT IGNORE INTO counts (list, filter, level, value, number) "
                  "VALUES (?, '" COUNTS_OPENED "', 0, '', 0)",
                  DB_ARGS(db_text(counted_lists[list].table)));
}
