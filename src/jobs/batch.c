/* SPDX-License-Identifier: MIT */
#include "jobs/batch.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/work.h"
#include "store/directory.h"
#include "store/due.h"

#include <stdlib.h>
#include <string.h>

/* Each once, in the order of strcmp. */
static struct list mentor_ids(struct arena *arena, struct list certifications)
{
    const struct certification *certification = certifications.items;
    struct list ids = {.items = arena_array(arena, certifications.count, sizeof(const char *)),
                       .count = certifications.count};

    for (size_t i = 0; i < ids.count; i++) {
        ((const char **)ids.items)[i] = certification[i].mentor_id;
    }
    return text_distinct(arena, ids);
}

enum outcome batch_lock(struct work *work, struct list certifications)
{
    return mentors_lock(work, mentor_ids(work->arena, certifications));
}

static int by_seq(const void *a, const void *b)
{
    const int64_t one = ((const struct certification *)a)->seq;
    const int64_t other = ((const struct certification *)b)->seq;

    return (one > other) - (one < other);
}

struct list batch_still(struct arena *arena, struct list found, struct list still)
{
    const struct certification *certification = found.items;
    struct list both = {0};

    for (size_t i = 0; i < found.count && still.count > 0; i++) {
        const struct certification *now =
            bsearch(&certification[i], still.items, still.count, sizeof(*now), by_seq);
        if (now != NULL) {
            *(struct certification *)list_append(&both, arena, sizeof(*now)) = *now;
        }
    }
    return both;
}

static int by_mentor_id(const void *a, const void *b)
{
    return strcmp(((const struct mentor *)a)->mentor_id, ((const struct mentor *)b)->mentor_id);
}

enum outcome batch_mentors(struct list *out, struct work *work, struct list certifications)
{
    TRY(mentors_find(out, work, mentor_ids(work->arena, certifications)));
    if (out->count > 0) {
        qsort(out->items, out->count, sizeof(struct mentor), by_mentor_id);
    }
    return OK;
}

const struct mentor *batch_mentor(struct list mentors, const char *mentor_id)
{
    const struct mentor wanted = {.mentor_id = mentor_id};

    return mentors.count == 0
               ? NULL
               : bsearch(&wanted, mentors.items, mentors.count, sizeof(wanted), by_mentor_id);
}

static int by_number(const void *a, const void *b)
{
    const int64_t one = *(const int64_t *)a;
    const int64_t other = *(const int64_t *)b;

    return (one > other) - (one < other);
}

bool batch_has(struct list numbers, int64_t number)
{
    return numbers.count > 0 &&
           bsearch(&number, numbers.items, numbers.count, sizeof(number), by_number) != NULL;
}

enum outcome batch_reasons(struct batch_reasons *out, struct work *work, struct list certifications)
{
    TRY(batch_mentors(&out->mentors, work, certifications));
    return certification_superseding(&out->superseding, work, certifications);
}

bool batch_is_unlisted(struct decision *out, struct arena *arena,
                       const struct batch_reasons *reasons,
                       const struct certification *certification, int64_t threshold)
{
    if (batch_mentor(reasons->mentors, certification->mentor_id) != NULL) {
        return false;
    }
    *out = decision_of(
        certification, threshold, DECISION_NOT_LISTED,
        arena_printf(arena, "the directory has no mentor %s", certification->mentor_id));
    return true;
}

/* The last to expire of those that supersede it; NULL: none does. */
static const char *superseded_by(const struct list *superseding, int64_t seq)
{
    const struct superseding *each = superseding->items;
    const char *last = NULL;

    for (size_t i = 0; i < superseding->count && each[i].seq <= seq; i++) {
        last = each[i].seq == seq ? each[i].certification_id : last;
    }
    return last;
}

bool batch_is_superseded(struct decision *out, struct arena *arena,
                         const struct batch_reasons *reasons,
                         const struct certification *certification, int64_t threshold)
{
    const char *newer = superseded_by(&reasons->superseding, certification->seq);

    if (newer == NULL) {
        return false;
    }
    *out = decision_of(certification, threshold, DECISION_SUPERSEDED,
                       decision_superseded_by(arena, newer));
    return true;
}
