/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "model/truth.h"

static struct instant at(const char *text)
{
    struct instant instant = {0};

    assert_true(instant_parse(&instant, text));
    return instant;
}

static struct certification certification_until(const char *expires_at)
{
    return (struct certification){
        .certification_id = "c-1",
        .mentor_id = "m-1",
        .certification_type = "first_aid",
        .issued_at = at("2024-01-01T00:00:00Z"),
        .expires_at = at(expires_at),
    };
}

static const struct reminder_rank month = {.threshold_days = 30};

static struct list usual_thresholds(void)
{
    static int64_t days[] = {30, 14, 7};

    return (struct list){.items = days, .count = COUNT_OF(days)};
}

/* What the job's reminder for 30 days is worth on that day. */
static const char *on(const char *now, const struct certification *certification, struct list all)
{
    return truth_of_threshold(certification, at("2026-03-31T12:00:00Z"), all, &month,
                              truth_due_threshold(certification, usual_thresholds(), at(now)));
}

static const struct list none = {0};

static void test_a_reminder_holds_until_a_more_urgent_one_is_due(void **state)
{
    struct certification certification = certification_until("2026-03-31T12:00:00Z");

    (void)state;
    assert_null(on("2026-03-01T08:00:00Z", &certification, none));
    assert_null(on("2026-03-16T23:59:59Z", &certification, none)); /* 15 days */
    assert_string_equal(on("2026-03-17T00:00:00Z", &certification, none),
                        "a more urgent reminder is due"); /* 14 */
    assert_string_equal(on("2026-03-31T11:59:59Z", &certification, none),
                        "a more urgent reminder is due");
    assert_null(on("2026-03-31T12:00:00Z", &certification, none)); /* in grace, or braked */
    certification.auto_pause_applied_at = at("2026-03-31T12:00:00Z");
    assert_string_equal(on("2026-03-31T12:00:00Z", &certification, none),
                        "the certification has expired, and its notice says so");
}

static void test_a_reminder_gives_way_to_what_its_recipient_is_told(void **state)
{
    static const char *made[] = {"30", "14"};
    static const struct {
        struct reminder_rank rank;
        int64_t due;
        const char *why;
    } cases[] = {
        {{.threshold_days = 30, .outdone = true},   30, "a more urgent reminder has been sent"},
        {{.threshold_days = 30, .followed = true},  0,  "a more urgent reminder is due"       },
        {{.threshold_days = 30, .made = {made, 1}}, 14, "a more urgent reminder is due"       },
        {{.threshold_days = 30, .made = {made, 2}}, 14, NULL                                  },
        {{.threshold_days = 30, .made = {made, 2}}, 30, NULL                                  },
        {{.threshold_days = 14},                    30, NULL                                  },
    };
    const struct certification certification = certification_until("2026-03-31T12:00:00Z");

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *why = truth_of_threshold(&certification, certification.expires_at, none,
                                             &cases[i].rank, cases[i].due);
        if (cases[i].why == NULL) {
            assert_null(why);
        } else {
            assert_non_null(why);
            assert_string_equal(why, cases[i].why);
        }
    }
}

static void test_a_reminder_goes_with_its_certification(void **state)
{
    struct certification certification = certification_until("2027-03-31T12:00:00Z");
    struct certification newer = certification_until("2027-03-31T12:00:00Z");
    const char *const now = "2026-03-02T00:00:00Z";

    (void)state;
    newer.certification_id = "c-2";
    assert_string_equal(on(now, NULL, none), "the certification was removed");
    assert_string_equal(on(now, &certification, none), "the certification was renewed");
    certification.expires_at = at("2026-03-30T23:59:59Z");
    assert_string_equal(on(now, &certification, none), "the certification now expires earlier");
    certification.expires_at = at("2026-03-31T12:00:00Z");
    assert_string_equal(on(now, &certification, (struct list){&newer, 1}),
                        "a newer certification has taken its place");
    newer.revoked_at = at("2026-01-01T00:00:00Z");
    assert_null(on(now, &certification, (struct list){&newer, 1}));
    certification.revoked_at = at("2026-01-01T00:00:00Z");
    assert_string_equal(on(now, &certification, none), "the certification was revoked");
}

static void test_an_ordered_reminder_only_goes_with_its_certification(void **state)
{
    struct certification certification = certification_until("2026-03-31T12:00:00Z");
    const struct instant same_day = at("2026-03-31T03:00:00Z");

    (void)state;
    assert_null(truth_of_order(&certification, certification.expires_at));
    assert_null(truth_of_order(&certification, same_day));
    certification.expires_at = at("2026-04-01T00:00:00Z");
    assert_string_equal(truth_of_order(&certification, same_day), "the certification was renewed");
    assert_string_equal(truth_of_order(NULL, same_day), "the certification was removed");
    certification.revoked_at = at("2026-01-01T00:00:00Z");
    assert_string_equal(truth_of_order(&certification, same_day), "the certification was revoked");
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_a_reminder_holds_until_a_more_urgent_one_is_due),
        PROMISE(test_a_reminder_gives_way_to_what_its_recipient_is_told),
        PROMISE(test_a_reminder_goes_with_its_certification),
        PROMISE(test_an_ordered_reminder_only_goes_with_its_certification),
    };
    return RUN_ALL(promises);
}
