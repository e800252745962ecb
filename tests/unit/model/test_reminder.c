/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "base/config.h"
#include "model/message.h"
#include "model/reminder.h"

#include <stdbool.h>

static struct list thresholds_in(const struct work *work, const char *setting)
{
    const struct settings settings = {
        .reminders = {.thresholds = setting, .thresholds_by_type = ""}
    };

    return thresholds_of(work->arena, &settings, NULL);
}

static struct instant at(const char *text)
{
    struct instant instant = {0};

    assert_true(instant_parse(&instant, text));
    return instant;
}

static void test_the_due_threshold_is_the_smallest_that_is_not_below_the_days(void **state)
{
    static const struct {
        const char *thresholds;
        int64_t days;
        int64_t due;
        int64_t ordered;
    } cases[] = {
        {"30,14,7",    400, 0,   30 },
        {"30,14,7",    31,  0,   30 },
        {"30,14,7",    30,  30,  30 },
        {"30,14,7",    29,  30,  30 },
        {"30,14,7",    15,  30,  30 },
        {"30,14,7",    14,  14,  14 },
        {"30,14,7",    8,   14,  14 },
        {"30,14,7",    7,   7,   7  },
        {"30,14,7",    1,   7,   7  },
        {"30,14,7",    0,   7,   7  },
        {"365",        365, 365, 365},
        {"365",        366, 0,   365},
        {"1",          1,   1,   1  },
        {"1",          2,   0,   1  },
        {"3,2,1",      2,   2,   2  },
        {"90,60,30,1", 2,   30,  30 },
    };
    const struct work *work = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct list thresholds = thresholds_in(work, cases[i].thresholds);
        assert_int_equal(threshold_due(thresholds, cases[i].days), cases[i].due);
        assert_int_equal(threshold_ordered(thresholds, cases[i].days), cases[i].ordered);
    }
}

/* One that is looked at on these days, and reminded when something is due that was not yet sent. */
static void test_a_missed_threshold_is_caught_up_and_a_passed_one_is_not(void **state)
{
    static const struct {
        int64_t days[6]; /* 0 ends */
        int64_t sent[6];
    } cases[] = {
        {{31, 30, 14, 7, 1}, {30, 14, 7}},
        {{30, 29, 28, 16},   {30}       },
        {{29, 13, 6},        {30, 14, 7}},
        {{10, 9, 8, 7},      {14, 7}    }, /* recorded late: 30 has passed */
        {{5, 4, 3, 2, 1},    {7}        },
        {{20, 5},            {30, 7}    }, /* nobody looked for two weeks: 14 has passed */
    };
    const struct work *work = *state;
    const struct list thresholds = thresholds_in(work, "30,14,7");

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t sent = 0;
        int64_t last = 0;
        for (const int64_t *day = cases[i].days; *day != 0; day++) {
            const int64_t due = threshold_due(thresholds, *day);
            if (due != 0 && due != last) {
                assert_int_equal(due, cases[i].sent[sent++]);
                last = due;
            }
        }
        assert_int_equal(cases[i].sent[sent], 0);
    }
}

static void test_days_are_counted_by_the_utc_calendar(void **state)
{
    static const struct {
        const char *now;
        const char *expires_at;
        int64_t days;
    } cases[] = {
        {"2026-03-01T00:00:00Z", "2026-03-01T00:00:01Z",      0 },
        {"2026-03-01T23:59:59Z", "2026-03-02T00:00:00Z",      1 },
        {"2026-03-01T00:00:00Z", "2026-03-02T23:59:59Z",      1 },
        {"2026-03-01T12:00:00Z", "2026-03-31T01:00:00+02:00", 29},
        {"2026-02-27T08:00:00Z", "2026-03-29T08:00:00Z",      30},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct instant now = at(cases[i].now);
        const struct instant expires_at = at(cases[i].expires_at);
        assert_int_equal(days_between(now, expires_at), cases[i].days);
        assert_true(expires_at.ms < threshold_end(now, cases[i].days).ms);
        assert_true(expires_at.ms >= threshold_end(now, cases[i].days - 1).ms);
    }
}

static void test_an_order_means_the_certification_with_so_many_days_left(void **state)
{
    const struct certification all[] = {
        {.certification_id = "gone",
         .certification_type = "a",
         .expires_at = at("2026-02-20T00:00:00Z")},
        {.certification_id = "old",
         .certification_type = "b",
         .expires_at = at("2026-03-08T00:00:00Z")},
        {.certification_id = "new",
         .certification_type = "b",
         .expires_at = at("2026-03-31T00:00:00Z")},
        {.certification_id = "revoked",
         .certification_type = "c",
         .expires_at = at("2026-03-15T00:00:00Z"),
         .revoked_at = at("2026-02-01T00:00:00Z")},
        {.certification_id = "soon",
         .certification_type = "d",
         .expires_at = at("2026-03-20T00:00:00Z")               },
    };
    static const struct {
        size_t count; /* how many of them the mentor holds */
        int64_t days;
        const char *meant; /* NULL: none */
    } cases[] = {
        {5, 30, "new" },
        {5, 19, "soon"},
        {5, 7,  "soon"}, /* the one with 7 days left is superseded:
  the soonest of the others */
        {5, 14, "soon"}, /* the one with 14 days left is revoked */
        {5, 90, "soon"},
        {2, 7,  "old" },
        {1, 9,  NULL  },
        {0, 9,  NULL  },
    };
    struct certification held[COUNT_OF(all)];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        held[i] = all[i];
        held[i].mentor_id = "mentor-1";
    }
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct certification *meant =
            reminder_subject(held, cases[i].count, cases[i].days, at("2026-03-01T10:00:00Z"));
        if (cases[i].meant == NULL) {
            assert_null(meant);
        } else {
            assert_string_equal(meant->certification_id, cases[i].meant);
        }
    }
}

static void test_a_reminder_follows_the_messages_to_the_mentor(void **state)
{
    static const struct {
        const char *before;
        struct message_fate fates[3];
        const char *status;
        int64_t sent_ms;
    } cases[] = {
        {"queued",
         {{.recipient_role = "mentor", .state = "sent", .sent_at = {70}}},
         "delivered",                                                                        70},
        {"queued",       {{.recipient_role = "mentor", .state = "queued"}},  "queued",       50},
        {"queued",       {{.recipient_role = "mentor", .state = "sending"}}, "queued",       50},
        {"queued",       {{.recipient_role = "mentor", .state = "failed"}},  "failed",       50},
        {"failed",
         {{.recipient_role = "mentor", .state = "sent", .sent_at = {70}}},
         "delivered",                                                                        70},
        {"queued",
         {{.recipient_role = "coordinator", .state = "sent", .sent_at = {60}},
          {.recipient_role = "mentor", .state = "failed"}},
         "failed",                                                                           50},
        {"queued",
         {{.recipient_role = "coordinator", .state = "failed"},
          {.recipient_role = "mentor", .state = "queued"},
          {.recipient_role = "mentor", .state = "sent", .sent_at = {90}}},
         "delivered",                                                                        90},
        {"queued",
         {{.recipient_role = "mentor", .state = "sent", .sent_at = {90}},
          {.recipient_role = "mentor", .state = "sent", .sent_at = {80}}},
         "delivered",                                                                        80},
        {"queued",
         {{.recipient_role = "mentor", .state = "failed"},
          {.recipient_role = "mentor", .state = "queued"}},
         "queued",                                                                           50},
        {"acknowledged", {{.recipient_role = "mentor", .state = "failed"}},  "acknowledged", 50},
        {"acknowledged",
         {{.recipient_role = "mentor", .state = "sent", .sent_at = {70}}},
         "acknowledged",                                                                     70},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct reminder reminder = {.status = cases[i].before, .sent_at = {50}};
        struct message_fate fates[3];
        size_t count = 0;
        while (count < 3 && cases[i].fates[count].state != NULL) {
            fates[count] = cases[i].fates[count];
            count++;
        }
        reminder_take_fates(&reminder, (struct list){.items = fates, .count = count});
        assert_string_equal(reminder.status, cases[i].status);
        assert_int_equal(reminder.sent_at.ms, cases[i].sent_ms);
    }
}

static void test_the_first_acknowledgement_counts(void **state)
{
    struct work *work = *state;
    struct reminder reminder = {.status = REMINDER_DELIVERED};

    work->now = at("2026-03-26T10:00:00Z");
    assert_int_equal(reminder_apply(&reminder, work,
                                    &(struct reminder_change){
                                        .status = REMINDER_ACKNOWLEDGED,
                                        .acknowledged_at = at("2026-03-26T09:15:00Z"),
                                    }),
                     OK);
    assert_string_equal(reminder.status, REMINDER_ACKNOWLEDGED);
    assert_int_equal(reminder.acknowledged_at.ms, at("2026-03-26T09:15:00Z").ms);
    assert_int_equal(reminder.updated_at.ms, at("2026-03-26T10:00:00Z").ms);

    work->now = at("2026-03-27T10:00:00Z");
    assert_int_equal(
        reminder_apply(&reminder, work, &(struct reminder_change){.status = REMINDER_ACKNOWLEDGED}),
        OK);
    assert_int_equal(reminder.acknowledged_at.ms, at("2026-03-26T09:15:00Z").ms);
    assert_int_equal(reminder.updated_at.ms, at("2026-03-26T10:00:00Z").ms);
}

static void test_acknowledged_without_a_moment_means_now(void **state)
{
    struct work *work = *state;
    struct reminder reminder = {.status = REMINDER_QUEUED};

    work->now = at("2026-03-26T10:00:00Z");
    assert_int_equal(
        reminder_apply(&reminder, work, &(struct reminder_change){.status = REMINDER_ACKNOWLEDGED}),
        OK);
    assert_int_equal(reminder.acknowledged_at.ms, work->now.ms);
}

static void test_a_moment_alone_acknowledges_nothing(void **state)
{
    struct work *work = *state;
    struct reminder reminder = {.status = REMINDER_DELIVERED};

    assert_int_equal(
        reminder_apply(&reminder, work,
                       &(struct reminder_change){.acknowledged_at = at("2026-03-26T09:15:00Z")}),
        INVALID);
    assert_string_equal(faults_of(work), "acknowledged_at needs the status acknowledged beside it");
    assert_string_equal(reminder.status, REMINDER_DELIVERED);
}

static void test_upcoming_tells_whether_the_due_reminder_was_sent(void **state)
{
    static const struct {
        const char *reminded[3];
        const char *expires_at;
        int64_t days;
        bool sent;
    } cases[] = {
        {{0},          "2026-03-26T00:00:00Z", 25, false},
        {{"30"},       "2026-03-26T00:00:00Z", 25, true },
        {{"30"},       "2026-03-11T00:00:00Z", 10, false},
        {{"30", "14"}, "2026-03-11T00:00:00Z", 10, true },
        {{"14"},       "2026-03-26T00:00:00Z", 25, false}, /* ordered early: 30 is due all the same */
        {{"30"},       "2026-05-01T00:00:00Z", 61, false}, /* ordered before any is due */
    };
    const struct work *work = *state;
    const struct list thresholds = thresholds_in(work, "30,14,7");

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *reminded[3];
        struct upcoming_expiration upcoming = {.expires_at = at(cases[i].expires_at),
                                               .reminded = {.items = reminded}};
        while (cases[i].reminded[upcoming.reminded.count] != NULL) {
            reminded[upcoming.reminded.count] = cases[i].reminded[upcoming.reminded.count];
            upcoming.reminded.count++;
        }
        upcoming_derive(&upcoming, thresholds, at("2026-03-01T08:00:00Z"));
        assert_int_equal(upcoming.days_remaining, cases[i].days);
        assert_int_equal(upcoming.reminder_already_sent, cases[i].sent);
    }
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_the_due_threshold_is_the_smallest_that_is_not_below_the_days),
        PROMISE(test_a_missed_threshold_is_caught_up_and_a_passed_one_is_not),
        PROMISE(test_days_are_counted_by_the_utc_calendar),
        PROMISE(test_an_order_means_the_certification_with_so_many_days_left),
        PROMISE(test_a_reminder_follows_the_messages_to_the_mentor),
        PROMISE(test_the_first_acknowledgement_counts),
        PROMISE(test_acknowledged_without_a_moment_means_now),
        PROMISE(test_a_moment_alone_acknowledges_nothing),
        PROMISE(test_upcoming_tells_whether_the_due_reminder_was_sent),
    };
    return RUN_ALL(promises);
}
