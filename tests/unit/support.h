/* SPDX-License-Identifier: MIT */
/* What the unit tests share: cmocka, a unit of work a test, and a look at its faults. Every test
 * belongs into PROMISE(), and finds its struct work in *state.
 */
#ifndef MENTORWATCH_TESTS_SUPPORT_H
#define MENTORWATCH_TESTS_SUPPORT_H

#include "base/arena.h"
#include "base/work.h"

/* cmocka.h wants these four before it: */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdlib.h>
#include <string.h>

#define PROMISE(test)     cmocka_unit_test_setup_teardown(test, begin_work, end_work)
#define COUNT_OF(array)   (sizeof(array) / sizeof((array)[0]))
#define RUN_ALL(promises) cmocka_run_group_tests(promises, NULL, NULL)

static inline int begin_work(void **state)
{
    struct arena *arena = arena_new();
    struct work *work = arena_alloc(arena, sizeof(*work));

    work->arena = arena;
    *state = work;
    return 0;
}

static inline int end_work(void **state)
{
    const struct work *work = *state;

    arena_free(work->arena);
    return 0;
}

/* All faults as one text: "page must be …; limit is not known here". */
static inline const char *faults_of(const struct work *work)
{
    const char *all = "";

    for (const struct fault *at = work->failure.faults; at != NULL; at = at->next) {
        all = arena_printf(work->arena, "%s%s%s %s", all, all[0] == '\0' ? "" : "; ", at->field,
                           at->message);
    }
    return all;
}

#endif
