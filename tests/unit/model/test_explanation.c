/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "base/config.h"
#include "model/decision.h"
#include "model/explanation.h"
#include "model/reminder.h"

#include <stdbool.h>

static struct instant at(const char *text)
{
    struct instant instant = {0};

    if (text != NULL) {
        assert_true(instant_parse(&instant, text));
    }
    return instant;
}

/* What is said about the first certification, as one text. */
static const char *said(struct arena *arena, const struct explanation_facts *facts, size_t which)
{
    const struct explanation answer = explain(arena, facts);
    const struct explained *one = (const struct explained *)answer.certifications.items + which;
    const char *const *sentences = one->says.items;
    const char *all = "";

    for (size_t i = 0; i < one->says.count; i++) {
        all = arena_printf(arena, "%s%s%s", all, i > 0 ? " " : "", sentences[i]);
    }
    return all;
}

static struct settings usual_settings(int64_t grace_days)
{
    return (struct settings){
        .jobs = {.grace_days = grace_days                 },
        .reminders = { .thresholds = "30,14,7", .thresholds_by_type = "first_aid: 60,30"},
    };
}

static void test_what_comes_next_follows_from_dates_thresholds_and_reminders(void **state)
{
    static const struct {
        const char *type;
        const char *expires_at;
        const char *revoked_at;
        int64_t grace;
        int64_t reminded; /* a threshold; 0: none */
        bool applied;
        const char *next;
    } cases[] = {
        {"basic",     "2026-05-01T00:00:00Z", NULL,                   0, 0,  false,
         "Next: the reminder for 30 days, on 2026-04-01. The mentor will be paused on 2026-05-01 "
         "unless it is renewed."                                                             },
        {"first_aid", "2026-05-01T00:00:00Z", NULL,                   0, 0,  false,
         "Next: the reminder for 60 days, on 2026-03-02. The mentor will be paused on 2026-05-01 "
         "unless it is renewed."                                                             },
        {"basic",     "2026-03-15T23:59:59Z", NULL,                   0, 0,  false,
         "Next: the reminder for 14 days, with the next sweep. The mentor will be paused on "
         "2026-03-15 unless it is renewed."                                                  },
        {"basic",     "2026-03-15T00:00:00Z", NULL,                   2, 14, false,
         "Next: the reminder for 7 days, on 2026-03-08. The mentor will be paused on 2026-03-17 "
         "unless it is renewed."                                                             },
        {"basic",     "2026-03-05T00:00:00Z", NULL,                   0, 7,  false,
         "No reminder is left. The mentor will be paused on 2026-03-05 unless it is renewed."},
        {"basic",     "2026-02-28T00:00:00Z", NULL,                   5, 0,  false,
         "The mentor will be paused on 2026-03-05 unless it is renewed."                     },
        {"basic",     "2026-02-28T00:00:00Z", NULL,                   0, 0,  false,
         "Next: the mentor will be paused with the next sweep, unless a brake holds it."     },
        {"basic",     "2026-02-28T00:00:00Z", NULL,                   0, 0,  true,
         "Next: nothing; the pause ends when it is renewed or superseded."                   },
        {"basic",     "2026-05-01T00:00:00Z", "2026-02-01T00:00:00Z", 0, 0,  false,
         "Next: nothing, it is revoked."                                                     },
    };
    const struct work *work = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct settings settings = usual_settings(cases[i].grace);
        struct certification certification = {
            .certification_id = "cert_1",
            .mentor_id = "mentor-1",
            .certification_type = cases[i].type,
            .expires_at = at(cases[i].expires_at),
            .revoked_at = at(cases[i].revoked_at),
            .auto_pause_applied_at = cases[i].applied ? at("2026-02-28T06:00:00Z") : at(NULL),
        };
        struct reminder reminder = {
            .id = "rem-001",
            .certification_id = "cert_1",
            .expires_at = certification.expires_at,
            .threshold_days = cases[i].reminded,
            .created_at = at("2026-02-20T06:00:00Z"),
            .status = REMINDER_QUEUED,
        };
        const struct explanation_facts facts = {
            .mentor_id = "mentor-1",
            .mentor_name = "Kari",
            .certifications = {&certification, 1                    },
            .reminders = {&reminder,      cases[i].reminded > 0},
            .now = at("2026-03-01T06:00:00Z"),
            .settings = &settings,
        };
        certification_derive(&certification, facts.now);
        const char *all = said(work->arena, &facts, 0);
        assert_true(strlen(all) >= strlen(cases[i].next));
        assert_string_equal(all + strlen(all) - strlen(cases[i].next), cases[i].next);
    }
}

static void test_each_state_of_a_message_has_its_words(void **state)
{
    static const struct {
        struct told told;
        const char *words;
    } cases[] = {
        {{.state = "sent", .channel = "email"},                                             "by email: sent on 2026-02-21."           },
        {{.state = "sent", .channel = "in_app"},                                            "in the app: sent on 2026-02-21."         },
        {{.state = "queued", .channel = "push"},                                            "by push: it waits to be sent."           },
        {{.state = "queued", .channel = "email", .attempts = 1, .last_error = "451 later"},
         "by email: put off until 2026-02-22T06:00:00Z: 451 later."                                                                   },
        {{.state = "sending", .channel = "email"},                                          "by email: it is being sent now."         },
        {{.state = "failed", .channel = "email", .last_error = "550 no"},
         "by email: failed: 550 no."                                                                                                  },
        {{.state = "failed", .channel = "email"},                                           "by email: failed: no reason is recorded."},
        {{.state = "superseded", .channel = "email", .last_error = "renewed"},
         "by email: no longer sent: renewed."                                                                                         },
        {{.state = "held", .channel = "email"},                                             "by email: the operator holds it back."   },
    };
    const struct work *work = *state;
    const struct settings settings = usual_settings(0);
    struct certification certification = {
        .certification_id = "cert_1",
        .mentor_id = "mentor-1",
        .certification_type = "basic",
        .expires_at = at("2026-03-15T00:00:00Z"),
        .status = CERTIFICATION_VALID,
    };
    struct reminder reminder = {
        .id = "rem-001",
        .certification_id = "cert_1",
        .expires_at = certification.expires_at,
        .threshold_days = 14,
        .created_at = at("2026-03-01T06:00:00Z"),
        .status = REMINDER_QUEUED,
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct told told = cases[i].told;
        told.kind = "certification_expiring";
        told.recipient_role = "mentor";
        told.event_id = "rem-001";
        told.sent_at = at("2026-02-21T06:00:00Z");
        told.next_attempt_at = at("2026-02-22T06:00:00Z");
        const struct explanation_facts facts = {
            .mentor_id = "mentor-1",
            .mentor_name = "Kari",
            .certifications = {&certification, 1},
            .reminders = {&reminder,      1},
            .messages = {&told,          1},
            .now = at("2026-03-01T06:00:00Z"),
            .settings = &settings,
        };
        const char *expected =
            arena_printf(work->arena, "Reminder to the mentor, %s", cases[i].words);
        assert_non_null(strstr(said(work->arena, &facts, 0), expected));
    }
}

static void test_the_last_to_expire_comes_first_and_supersedes(void **state)
{
    const struct work *work = *state;
    const struct settings settings = usual_settings(0);
    struct certification all[] = {
        {.seq = 1,
         .certification_id = "old",
         .mentor_id = "mentor-1",
         .certification_type = "basic",
         .expires_at = at("2026-03-15T00:00:00Z"),
         .status = CERTIFICATION_VALID},
        {.seq = 2,
         .certification_id = "new",
         .mentor_id = "mentor-1",
         .certification_type = "basic",
         .expires_at = at("2027-03-15T00:00:00Z"),
         .status = CERTIFICATION_VALID},
    };
    struct decision decision = decision_of(&all[0], 14, DECISION_SUPERSEDED, "superseded by new");
    decision.job_run_id = "job_01MAR2026_01";
    decision.decided_at = at("2026-03-01T06:00:00Z");
    const struct explanation_facts facts = {
        .mentor_id = "mentor-1",
        .mentor_name = "Kari",
        .certifications = {all,       2},
        .decisions = {&decision, 1},
        .now = at("2026-03-01T06:00:00Z"),
        .settings = &settings,
    };
    const struct explanation answer = explain(work->arena, &facts);
    const struct explained *explained = answer.certifications.items;

    assert_string_equal(explained[0].certification_id, "new");
    assert_null(explained[0].superseded_by);
    assert_string_equal(explained[1].superseded_by, "new");
    assert_string_equal(
        said(work->arena, &facts, 1),
        "It is valid until 2026-03-15, 14 days from now. new, of the same type and ending later, "
        "supersedes it. On 2026-03-01 the run job_01MAR2026_01 decided about the reminder for 14 "
        "days: none to send: superseded by new. Next: nothing, as long as it is superseded.");
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_what_comes_next_follows_from_dates_thresholds_and_reminders),
        PROMISE(test_each_state_of_a_message_has_its_words),
        PROMISE(test_the_last_to_expire_comes_first_and_supersedes),
    };
    return RUN_ALL(promises);
}
