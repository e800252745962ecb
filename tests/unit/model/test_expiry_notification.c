/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "model/expiry_notification.h"

static void test_a_threshold_has_one_text(void **state)
{
    static const struct {
        const char *text;
        int64_t days; /* 0: not a threshold */
    } cases[] = {
        {"30_day",                   30 },
        {"14_day",                   14 },
        {"7_day",                    7  },
        {"1_day",                    1  },
        {"365_day",                  365},
        {"366_day",                  0  },
        {"0_day",                    0  },
        {"07_day",                   0  },
        {"-7_day",                   0  },
        {"+7_day",                   0  },
        {" 7_day",                   0  },
        {"7_day ",                   0  },
        {"7_days",                   0  },
        {"7_DAY",                    0  },
        {"7day",                     0  },
        {"7",                        0  },
        {"_day",                     0  },
        {"x_day",                    0  },
        {"",                         0  },
        {"99999999999999999999_day", 0  },
        {NULL,                       0  },
    };
    const struct work *work = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(threshold_days(cases[i].text), cases[i].days);
        if (cases[i].days != 0) {
            assert_string_equal(threshold_text(work->arena, cases[i].days), cases[i].text);
        }
    }
}

static void test_a_new_record_is_active_and_sent_now(void **state)
{
    const struct work *work = *state;
    const struct expiry_notification_input input = {.mentor_id = "mentor-1",
                                                    .coordinator_id = "coord-1",
                                                    .threshold = "14_day",
                                                    .expiry_date = {500}};
    const struct expiry_notification *record =
        expiry_notification_new(work->arena, &input, (struct instant){400});

    assert_int_equal(strlen(record->notification_id), 36);
    assert_int_equal(record->threshold_days, 14);
    assert_string_equal(record->status, NOTIFICATION_ACTIVE);
    assert_int_equal(record->sent_at.ms, 400);
    assert_int_equal(record->created_at.ms, 400);
    assert_false(instant_given(record->acknowledged_at));
    assert_null(record->acknowledged_by);
}

static void test_each_change_gets_its_verdict(void **state)
{
    static const struct {
        struct expiry_notification record;
        struct expiry_notification_change change;
        const char *faults; /* "": it is accepted */
        const char *status;
        int64_t at_ms;
        const char *by;
    } cases[] = {
        {.record = {.status = NOTIFICATION_ACTIVE},
         .change = {.status = NOTIFICATION_ACKNOWLEDGED,
                    .acknowledged_at = {700},
                    .acknowledged_by = "coord-1"},
         .faults = "",
         .status = NOTIFICATION_ACKNOWLEDGED,
         .at_ms = 700,
         .by = "coord-1"},
        {.record = {.status = NOTIFICATION_ACTIVE},
         .change = {.status = NOTIFICATION_ACKNOWLEDGED},
         .faults = "",
         .status = NOTIFICATION_ACKNOWLEDGED,
         .at_ms = 900                                                                                                                 },
        {.record = {.status = NOTIFICATION_ACTIVE},
         .change = {.status = NOTIFICATION_ACTIVE},
         .faults = "",
         .status = NOTIFICATION_ACTIVE                                                                                      },
        {.record = {.status = NOTIFICATION_ACTIVE},
         .change = {.acknowledged_at = {700}, .acknowledged_by = "coord-1"},
         .faults = "acknowledged_at needs the status acknowledged beside it; "
                   "acknowledged_by needs the status acknowledged beside it", .status = NOTIFICATION_ACTIVE},
        {.record = {.status = NOTIFICATION_ACTIVE},
         .change = {.status = NOTIFICATION_ACTIVE, .acknowledged_by = "coord-1"},
         .faults = "acknowledged_by needs the status acknowledged beside it",
         .status = NOTIFICATION_ACTIVE                                                                   },
        {.record = {.status = NOTIFICATION_ACKNOWLEDGED,
                    .acknowledged_at = {600},
                    .acknowledged_by = "coord-1"},
         .change = {.status = NOTIFICATION_ACKNOWLEDGED,
                    .acknowledged_at = {700},
                    .acknowledged_by = "coord-2"},
         .faults = "",
         .status = NOTIFICATION_ACKNOWLEDGED,
         .at_ms = 600,
         .by = "coord-1"},
        {.record = {.status = NOTIFICATION_ACKNOWLEDGED, .acknowledged_at = {600}},
         .change = {.acknowledged_by = "coord-2"},
         .faults = "",
         .status = NOTIFICATION_ACKNOWLEDGED,
         .at_ms = 600                                                },
        {.record = {.status = NOTIFICATION_ACKNOWLEDGED, .acknowledged_at = {600}},
         .change = {.status = NOTIFICATION_ACTIVE},
         .faults = "status must stay acknowledged: it is so already",
         .status = NOTIFICATION_ACKNOWLEDGED,
         .at_ms = 600},
    };
    struct work *work = *state;

    work->now = (struct instant){900};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct expiry_notification record = cases[i].record;
        work_clear(work);
        const enum outcome outcome = expiry_notification_apply(&record, work, &cases[i].change);
        assert_int_equal(outcome, cases[i].faults[0] == '\0' ? OK : INVALID);
        assert_string_equal(faults_of(work), cases[i].faults);
        assert_string_equal(record.status, cases[i].status);
        assert_int_equal(record.acknowledged_at.ms, cases[i].at_ms);
        if (cases[i].by == NULL) {
            assert_null(record.acknowledged_by);
        } else {
            assert_string_equal(record.acknowledged_by, cases[i].by);
        }
    }
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_a_threshold_has_one_text),
        PROMISE(test_a_new_record_is_active_and_sent_now),
        PROMISE(test_each_change_gets_its_verdict),
    };
    return RUN_ALL(promises);
}
