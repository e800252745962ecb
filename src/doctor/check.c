/* SPDX-License-Identifier: MIT */
#include "doctor/check.h"

#include "base/arena.h"
#include "base/work.h"
#include "model/figures.h"

#include <stdlib.h>

enum { CLOCKS_MAY_DIFFER_MS = 5 * MS_PER_SECOND };

static void __attribute__((format(printf, 3, 0)))
say(struct examination *examination, const char *result, const char *format, va_list arguments)
{
    struct arena *arena = examination->work->arena;
    struct finding *finding = list_append(&examination->findings, arena, sizeof(*finding));

    *finding = (struct finding){
        .check = examination->check,
        .result = result,
        .says = arena_vprintf(arena, format, arguments),
    };
}

void say_ok(struct examination *examination, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say(examination, "ok", format, arguments);
    va_end(arguments);
}

void say_wrong(struct examination *examination, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say(examination, "wrong", format, arguments);
    va_end(arguments);
}

void say_skipped(struct examination *examination, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say(examination, "skipped", format, arguments);
    va_end(arguments);
}

void say_failure(struct examination *examination)
{
    struct work *work = examination->work;
    const struct fault *at = work->failure.faults;

    if (at == NULL) {
        say_wrong(examination, "%s",
                  work->failure.sentence != NULL ? work->failure.sentence : "it failed");
    }
    for (; at != NULL; at = at->next) {
        say_wrong(examination, "%s %s", at->field, at->message);
    }
    work_clear(work);
}

const char *clocks_apart(const struct examination *examination, struct instant one,
                         struct instant other)
{
    const int64_t apart = llabs(one.ms - other.ms);

    return apart > CLOCKS_MAY_DIFFER_MS
               ? span_in_words(examination->work->arena, apart / MS_PER_SECOND)
               : NULL;
}
