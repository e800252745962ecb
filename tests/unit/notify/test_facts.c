/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "notify/facts.h"

#define REST                                                                                       \
    "\"unwarned\":false,\"manual\":false,\"paused\":true,\"removed\":false,\"ordered\":false}"
#define NAMES "{\"recipient_name\":\"K\",\"mentor_name\":\"K\",\"mentor_id\":\"mentor-1\","

static void read_at(struct message_facts *out, struct work *work, enum message_kind kind,
                    const char *facts, const char *now)
{
    const struct message message = {.kind = message_kind_name(kind), .facts = facts};

    assert_true(instant_parse(&work->now, now));
    assert_int_equal(facts_read(out, work, &message), OK);
}

static void test_days_are_counted_when_the_message_is_told_whatever_its_kind(void **state)
{
    static const char stored[] =
        NAMES "\"expires_at\":\"2026-03-08T12:00:00Z\",\"days_remaining\":7," REST;
    struct message_facts facts = {0};

    for (size_t at = 0; at < MESSAGE_KINDS; at++) {
        const enum message_kind kind = (enum message_kind)at;
        read_at(&facts, *state, kind, stored, "2026-03-06T23:00:00Z");
        assert_int_equal(facts.days_remaining, 2);
        assert_false(facts.expired);
        read_at(&facts, *state, kind, stored, "2026-03-08T12:00:00Z");
        assert_int_equal(facts.days_remaining, 0);
        assert_true(facts.expired);
        read_at(&facts, *state, kind, stored, "2026-03-10T00:00:00Z");
        assert_int_equal(facts.days_remaining, -2);
    }
}

static void test_without_a_date_the_days_stay_as_they_were_given(void **state)
{
    struct message_facts facts = {0};

    read_at(&facts, *state, MESSAGE_CERTIFICATION_EXPIRING, NAMES "\"days_remaining\":7," REST,
            "2026-03-06T23:00:00Z");
    assert_int_equal(facts.days_remaining, 7);
    assert_false(facts.expired);
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_days_are_counted_when_the_message_is_told_whatever_its_kind),
        PROMISE(test_without_a_date_the_days_stay_as_they_were_given),
    };
    return RUN_ALL(promises);
}
