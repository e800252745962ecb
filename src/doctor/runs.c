/* SPDX-License-Identifier: MIT */
/* Whether cron does its part. */
#include "base/arena.h"
#include "base/work.h"
#include "doctor/check.h"
#include "model/figures.h"
#include "store/figures.h"

static const char *ago(const struct work *work, struct instant moment)
{
    return span_in_words(work->arena, (work->now.ms - moment.ms) / MS_PER_SECOND);
}

/* False when one was said. */
static bool none(struct examination *examination, struct list troubles)
{
    const char *const *sentence = troubles.items;

    for (size_t i = 0; i < troubles.count; i++) {
        say_wrong(examination, "%s", sentence[i]);
    }
    return troubles.count == 0;
}

void check_sweep(struct examination *examination)
{
    struct work *work = examination->work;
    struct figures figures;

    if (figures_read(&figures, work) != OK) {
        say_failure(examination);
    } else if (none(examination, figures_sweep_troubles(work->arena, &figures, work->now))) {
        say_ok(examination, "the last one that ended well was %s ago",
               ago(work, figures.last_good_sweep.completed_at));
    }
}

void check_dispatch(struct examination *examination)
{
    struct work *work = examination->work;
    struct figures figures;
    struct instant last;

    if (figures_read(&figures, work) != OK || last_attempt_read(&last, work) != OK) {
        say_failure(examination);
    } else if (none(examination, figures_delivery_troubles(work->arena, &figures))) {
        say_ok(examination, "nothing waits for too long; %s",
               instant_given(last)
                   ? arena_printf(work->arena, "the last message was tried %s ago", ago(work, last))
                   : "no message was tried yet");
    }
}
