/* SPDX-License-Identifier: MIT */
#include "jobs/counting.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/work.h"
#include "db/db.h"
#include "store/count.h"
#include "store/count_check.h"

/* The recount of a list, filter by filter. */
struct recount {
    enum counted list;
    const struct counted_filter *filter;
    bool open; /* the list was, before */
    bool repair;
    struct list drifts; /* struct count_drift */
};

static enum outcome look(struct work *work, void *context)
{
    struct recount *this = context;

    TRY(count_is_open(&this->open, work, this->list));
    this->drifts = (struct list){0};
    return this->open ? count_verify(&this->drifts, work, this->list, this->filter) : OK;
}

static enum outcome repair(struct work *work, void *context)
{
    struct recount *this = context;

    TRY(count_lock(work, &counted_lists[this->list]));
    TRY(look(work, this));
    return this->drifts.count > 0 || !this->open ? count_repair(work, this->list, this->filter)
                                                 : OK;
}

static enum outcome open_list(struct work *work, void *context)
{
    const struct recount *this = context;

    return count_open(work, this->list);
}

static void tell(const struct recount *this)
{
    const struct count_drift *drifts = this->drifts.items;

    for (size_t i = 0; i < this->drifts.count; i++) {
        log_event(LOG_LEVEL_WARNING, this->repair ? "count_repaired" : "count_wrong",
                  LOG_TEXT("list", counted_lists[this->list].table),
                  LOG_TEXT("filter", drifts[i].filter), LOG_TEXT("value", drifts[i].value),
                  LOG_INT("missing", drifts[i].number));
    }
}

static enum outcome recount_filter(struct work *work, struct recount *this)
{
    TRY(db_reading(work, look, this));
    if (this->repair && (this->drifts.count > 0 || !this->open)) {
        TRY(db_unit(work, repair, this));
    }
    tell(this);
    return OK;
}

static enum outcome recount_list(struct recounted *out, struct work *work, struct recount *this,
                                 counting_progress *progress, void *context)
{
    const struct counted_list *counted = &counted_lists[this->list];

    for (size_t i = 0; i < counted->filter_count; i++) {
        this->filter = &counted->filters[i];
        if (counted_finest(this->filter->kept) > 0) {
            if (progress != NULL) {
                progress(context);
            }
            TRY(recount_filter(work, this));
            out->wrong += (int64_t)this->drifts.count;
        }
    }
    if (this->open) {
        return OK;
    }
    out->not_counted += !this->repair;
    return this->repair ? db_unit(work, open_list, this) : OK;
}

enum outcome counting_run(struct recounted *out, struct work *work, bool repair_too,
                          counting_progress *progress, void *context)
{
    *out = (struct recounted){0};
    for (unsigned list = 0; list < COUNTED_LISTS; list++) {
        struct recount recount = {.list = list, .repair = repair_too};
        if (repair_too) {
            TRY(count_fold(work, list));
        }
        TRY(recount_list(out, work, &recount, progress, context));
    }
    return OK;
}
