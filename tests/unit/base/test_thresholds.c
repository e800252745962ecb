/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "base/thresholds.h"

#include <inttypes.h>
#include <stdbool.h>

/* "a=30,14; b=7" */
static const char *shown(struct arena *arena, const struct list *types)
{
    const struct type_thresholds *type = types->items;
    const char *all = "";

    for (size_t i = 0; i < types->count; i++) {
        const int64_t *days = type[i].days.items;
        all = arena_printf(arena, "%s%s%s=", all, i > 0 ? "; " : "", type[i].type);
        for (size_t j = 0; j < type[i].days.count; j++) {
            all = arena_printf(arena, "%s%s%" PRId64, all, j > 0 ? "," : "", days[j]);
        }
    }
    return all;
}

static void test_thresholds_fall_from_365_to_1(void **state)
{
    static const struct {
        const char *text;
        bool good;
    } cases[] = {
        {"30,14,7",                 true },
        {"365",                     true },
        {"366",                     false},
        {"1",                       true },
        {"0",                       false},
        {"",                        false},
        {"14,30",                   false},
        {"14,14",                   false},
        {"30, 14",                  false},
        {"10,9,8,7,6,5,4,3,2,1",    true },
        {"11,10,9,8,7,6,5,4,3,2,1", false},
    };
    const struct work *work = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct list days;
        assert_int_equal(thresholds_read(&days, work->arena, cases[i].text), cases[i].good);
        assert_int_equal(thresholds_check(cases[i].text, work->arena) == NULL, cases[i].good);
    }
}

static void test_each_type_has_thresholds_of_its_own(void **state)
{
    static const struct {
        const char *text;
        const char *shown; /* NULL: not acceptable */
    } cases[] = {
        {"",                               ""                           },
        {"  ",                             ""                           },
        {"first_aid: 60,30 | driving: 14", "first_aid=60,30; driving=14"},
        {"first_aid:60,30|driving:14",     "first_aid=60,30; driving=14"},
        {"first aid level 2 : 7",          "first aid level 2=7"        },
        {"urn:x:first: 7",                 "urn:x:first=7"              },
        {"first_aid",                      NULL                         },
        {"first_aid:",                     NULL                         },
        {": 30",                           NULL                         },
        {"first_aid: 30 |",                NULL                         },
        {"| first_aid: 30",                NULL                         },
        {"a: 30 | a: 14",                  NULL                         },
        {"a: 7,14",                        NULL                         },
        {"a: 366",                         NULL                         },
    };
    const struct work *work = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct list types;
        const bool good = thresholds_by_type_read(&types, work->arena, cases[i].text);
        assert_int_equal(good, cases[i].shown != NULL);
        assert_int_equal(thresholds_by_type_check(cases[i].text, work->arena) == NULL, good);
        if (good) {
            assert_string_equal(shown(work->arena, &types), cases[i].shown);
        }
    }
}

static void test_more_than_twenty_types_are_refused(void **state)
{
    const struct work *work = *state;
    const char *text = "type0: 7";
    struct list types;

    for (int i = 1; i < 20; i++) {
        text = arena_printf(work->arena, "%s|type%d: 7", text, i);
    }
    assert_true(thresholds_by_type_read(&types, work->arena, text));
    assert_int_equal(types.count, 20);
    text = arena_printf(work->arena, "%s|type20: 7", text);
    assert_false(thresholds_by_type_read(&types, work->arena, text));
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_thresholds_fall_from_365_to_1),
        PROMISE(test_each_type_has_thresholds_of_its_own),
        PROMISE(test_more_than_twenty_types_are_refused),
    };
    return RUN_ALL(promises);
}
