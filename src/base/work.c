/* SPDX-License-Identifier: MIT */
#include "base/work.h"

#include "base/arena.h"

#include <stdarg.h>

void work_note_failure(struct work *work, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    work->failure.sentence = arena_vprintf(work->arena, format, arguments);
    va_end(arguments);
}

void fault(struct work *work, const char *field, const char *format, ...)
{
    struct fault *found = arena_alloc(work->arena, sizeof(*found));
    struct failure *failure = &work->failure;
    va_list arguments;

    found->field = arena_text(work->arena, field);
    va_start(arguments, format);
    found->message = arena_vprintf(work->arena, format, arguments);
    va_end(arguments);
    *(failure->last == NULL ? &failure->faults : &failure->last->next) = found;
    failure->last = found;
}

enum outcome work_verdict(struct work *work)
{
    if (work->failure.faults == NULL) {
        return OK;
    }
    return fail(work, INVALID, "%s %s", work->failure.faults->field, work->failure.faults->message);
}

void work_clear(struct work *work)
{
    work->failure = (struct failure){0};
    work->enqueued = (struct list){0};
}
