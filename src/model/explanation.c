/* SPDX-License-Identifier: MIT */
#include "model/explanation.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/text.h"
#include "model/certification.h"
#include "model/decision.h"
#include "model/reminder.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct field told_fields[] = {
    FIELD(struct told, seq),
    FIELD(struct told, kind),
    FIELD(struct told, channel),
    FIELD(struct told, recipient_role),
    FIELD(struct told, certification_id),
    FIELD(struct told, event_id),
    FIELD(struct told, state),
    FIELD(struct told, last_error),
    FIELD(struct told, attempts),
    FIELD(struct told, created_at),
    FIELD(struct told, sent_at),
    FIELD(struct told, next_attempt_at),
};
const struct record told_row = RECORD(struct told, told_fields);

static const struct field pause_fields[] = {
    FIELD(struct open_pause, kind),      FIELD(struct open_pause, certification_id),
    FIELD(struct open_pause, reason),    FIELD(struct open_pause, warned),
    FIELD(struct open_pause, opened_at), FIELD(struct open_pause, expected_return_date),
};
const struct record open_pause_row = RECORD(struct open_pause, pause_fields);

static const struct field explained_fields[] = {
    FIELD(struct explained, certification_id),
    FIELD(struct explained, certification_type),
    FIELD(struct explained, status),
    FIELD(struct explained, expires_at),
    FIELD(struct explained, superseded_by, .is = FIELD_NULLABLE),
    FIELD(struct explained, next_reminder, .is = FIELD_NULLABLE),
    FIELD(struct explained, pause, .is = FIELD_NULLABLE),
    FIELD(struct explained, says),
};
static const struct record explained = RECORD(struct explained, explained_fields);

static const struct field explanation_fields[] = {
    FIELD(struct explanation, mentor_id),
    FIELD(struct explanation, mentor_name, .is = FIELD_NULLABLE),
    FIELD(struct explanation, paused),
    FIELD(struct explanation, says),
    FIELD(struct explanation, certifications, .of = &explained),
};
const struct record explanation = RECORD(struct explanation, explanation_fields);

/* One certification, while it is explained. */
struct telling {
    struct arena *arena;
    const struct explanation_facts *facts;
    const struct certification *certification;
    struct list thresholds;
    int64_t days_remaining;
    struct explained *out;
};

#define SAY(telling, ...)                                                                          \
    say(&(telling)->out->says, (telling)->arena, arena_printf((telling)->arena, __VA_ARGS__))

static void say(struct list *says, struct arena *arena, const char *sentence)
{
    *(const char **)list_append(says, arena, sizeof(sentence)) = sentence;
}

static const char *on_day(struct arena *arena, struct instant instant)
{
    const struct date day = instant_civil(instant).date;

    return arena_printf(arena, "%04d-%02d-%02d", day.year, day.month, day.day);
}

static bool same(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static bool is_status(const struct telling *telling, const char *status)
{
    return strcmp(telling->certification->status, status) == 0;
}

/* "by email to the mentor: sent on 2026-02-01" */
static const char *fate_of(struct arena *arena, const struct told *told)
{
    const char *why = told->last_error != NULL ? told->last_error : "no reason is recorded";

    if (strcmp(told->state, "sent") == 0) {
        return arena_printf(arena, "sent on %s", on_day(arena, told->sent_at));
    }
    if (strcmp(told->state, "queued") == 0) {
        return told->attempts == 0
                   ? "it waits to be sent"
                   : arena_printf(arena, "put off until %s: %s",
                                  instant_format(arena, told->next_attempt_at, SECONDS), why);
    }
    if (strcmp(told->state, "sending") == 0) {
        return "it is being sent now";
    }
    if (strcmp(told->state, "held") == 0) {
        return "the operator holds it back";
    }
    return arena_printf(
        arena, strcmp(told->state, "superseded") == 0 ? "no longer sent: %s" : "failed: %s", why);
}

static void tell_message(const struct telling *telling, const struct told *told)
{
    const bool in_app = strcmp(told->channel, "in_app") == 0;

    SAY(telling, "%s the %s, %s: %s.",
        strcmp(told->kind, "certification_expired") == 0 ? "Notice of the expiry to"
                                                         : "Reminder to",
        told->recipient_role,
        in_app ? "in the app" : arena_printf(telling->arena, "by %s", told->channel),
        fate_of(telling->arena, told));
}

static void tell_messages_of(const struct telling *telling, const char *event_id)
{
    const struct told *told = telling->facts->messages.items;

    for (size_t i = 0; i < telling->facts->messages.count; i++) {
        if (same(told[i].event_id, event_id)) {
            tell_message(telling, &told[i]);
        }
    }
}

static bool is_of_cycle(const struct telling *telling, const char *certification_id,
                        struct instant expires_at)
{
    return same(certification_id, telling->certification->certification_id) &&
           days_between(expires_at, telling->certification->expires_at) == 0;
}

static const struct reminder *reminder_for(const struct telling *telling, int64_t threshold)
{
    const struct reminder *all = telling->facts->reminders.items;

    for (size_t i = 0; i < telling->facts->reminders.count; i++) {
        if (all[i].threshold_days == threshold &&
            is_of_cycle(telling, all[i].certification_id, all[i].expires_at)) {
            return &all[i];
        }
    }
    return NULL;
}

static const struct decision *decision_for(const struct telling *telling, int64_t threshold)
{
    const struct decision *all = telling->facts->decisions.items;

    for (size_t i = 0; i < telling->facts->decisions.count; i++) {
        if (all[i].threshold_days == threshold &&
            is_of_cycle(telling, all[i].certification_id, all[i].expires_at)) {
            return &all[i];
        }
    }
    return NULL;
}

static const struct open_pause *pause_for(const struct telling *telling)
{
    const struct open_pause *all = telling->facts->pauses.items;

    for (size_t i = 0; i < telling->facts->pauses.count; i++) {
        if (same(all[i].certification_id, telling->certification->certification_id)) {
            return &all[i];
        }
    }
    return NULL;
}

static void tell_status(const struct telling *telling)
{
    const char *day = on_day(telling->arena, telling->certification->expires_at);
    const int64_t days = telling->days_remaining;

    if (is_status(telling, CERTIFICATION_REVOKED)) {
        SAY(telling, "It was revoked on %s; it would have ended on %s.",
            on_day(telling->arena, telling->certification->revoked_at), day);
    } else if (is_status(telling, CERTIFICATION_EXPIRED)) {
        SAY(telling, "It expired on %s, %s.", day,
            days == 0 ? "today"
                      : arena_printf(telling->arena, "%s ago",
                                     text_counted(telling->arena, -days, "day")));
    } else {
        SAY(telling, "It is valid until %s, %s.", day,
            days == 0 ? "today"
                      : arena_printf(telling->arena, "%s from now",
                                     text_counted(telling->arena, days, "day")));
    }
    if (telling->out->superseded_by != NULL) {
        SAY(telling, "%s, of the same type and ending later, supersedes it.",
            telling->out->superseded_by);
    }
}

static void tell_reminders(const struct telling *telling)
{
    const struct reminder *all = telling->facts->reminders.items;
    int64_t earlier = 0;

    for (size_t i = 0; i < telling->facts->reminders.count; i++) {
        if (is_of_cycle(telling, all[i].certification_id, all[i].expires_at)) {
            SAY(telling, "The reminder for %s (%s) was made on %s.",
                text_counted(telling->arena, all[i].threshold_days, "day"), all[i].id,
                on_day(telling->arena, all[i].created_at));
            tell_messages_of(telling, all[i].id);
        } else if (same(all[i].certification_id, telling->certification->certification_id)) {
            earlier++;
        }
    }
    if (earlier > 0) {
        SAY(telling, "Before it was last renewed there %s %s.", earlier == 1 ? "was" : "were",
            text_counted(telling->arena, earlier, "reminder"));
    }
}

/* What the outcome alone, without its detail, says about a reminder. */
static const char *words_for(const char *outcome)
{
    static const char *const words[][2] = {
        {DECISION_ALREADY_SENT, "none to send, there was one already"},
        {DECISION_SUPERSEDED,   "none to send"                       },
        {DECISION_NO_ADDRESS,   "it could not reach the mentor"      },
        {DECISION_NOT_LISTED,   "none to send"                       },
        {DECISION_FAILED,       "it could not be made"               },
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(words[i][0], outcome) == 0) {
            return words[i][1];
        }
    }
    return outcome;
}

static void tell_decision(const struct telling *telling, const struct decision *decision)
{
    struct arena *arena = telling->arena;
    const bool expiry = decision->threshold_days == DECISION_EXPIRY;
    const char *about = expiry ? "its expiry"
                               : arena_printf(arena, "the reminder for %s",
                                              text_counted(arena, decision->threshold_days, "day"));
    const char *words = words_for(decision->outcome);

    if (expiry) {
        words = strcmp(decision->outcome, DECISION_FAILED) == 0 ? "the mentor could not be paused"
                                                                : "no pause";
    }
    SAY(telling, "On %s the run %s decided about %s: %s%s%s.", on_day(arena, decision->decided_at),
        decision->job_run_id != NULL ? decision->job_run_id : "of a job", about, words,
        decision->detail != NULL ? ": " : "", decision->detail != NULL ? decision->detail : "");
}

/* Those that the reminders and the pause do not tell of by themselves. */
static void tell_decisions(const struct telling *telling)
{
    const struct decision *all = telling->facts->decisions.items;

    for (size_t i = telling->facts->decisions.count; i-- > 0;) {
        if (is_of_cycle(telling, all[i].certification_id, all[i].expires_at) &&
            strcmp(all[i].outcome, DECISION_QUEUED) != 0 &&
            strcmp(all[i].outcome, DECISION_PAUSED) != 0) {
            tell_decision(telling, &all[i]);
        }
    }
}

static void tell_pause(const struct telling *telling)
{
    const struct certification *certification = telling->certification;
    const struct open_pause *pause = pause_for(telling);
    const struct told *told = telling->facts->messages.items;

    if (pause == NULL) {
        return;
    }
    SAY(telling, "The mentor is paused for it since %s%s.",
        on_day(telling->arena, pause->opened_at),
        pause->warned ? "" : "; no warning had been delivered before");
    for (size_t i = 0; i < telling->facts->messages.count; i++) {
        if (strcmp(told[i].kind, "certification_expired") == 0 &&
            same(told[i].certification_id, certification->certification_id) &&
            told[i].created_at.ms >= certification->expires_at.ms) {
            tell_message(telling, &told[i]);
        }
    }
}

/* The moment from which so many days remain. */
static struct instant reached(const struct telling *telling, int64_t threshold)
{
    const struct instant end = telling->certification->expires_at;

    return (struct instant){(end.ms / MS_PER_DAY - threshold) * MS_PER_DAY};
}

static void tell_next_reminder(const struct telling *telling)
{
    const int64_t *days = telling->thresholds.items;
    const int64_t due = threshold_due(telling->thresholds, telling->days_remaining);

    if (due > 0 && reminder_for(telling, due) == NULL) {
        telling->out->next_reminder = telling->facts->now;
        SAY(telling, "Next: the reminder for %s, with the next sweep.",
            text_counted(telling->arena, due, "day"));
        return;
    }
    for (size_t i = 0; i < telling->thresholds.count; i++) {
        if (days[i] < telling->days_remaining && reminder_for(telling, days[i]) == NULL) {
            telling->out->next_reminder = reached(telling, days[i]);
            SAY(telling, "Next: the reminder for %s, on %s.",
                text_counted(telling->arena, days[i], "day"),
                on_day(telling->arena, telling->out->next_reminder));
            return;
        }
    }
    SAY(telling, "No reminder is left.");
}

static void tell_next_pause(const struct telling *telling)
{
    const int64_t grace = telling->facts->settings->jobs.grace_days;
    const struct certification *certification = telling->certification;
    const struct decision *last = decision_for(telling, DECISION_EXPIRY);
    const bool failing = last != NULL && strcmp(last->outcome, DECISION_FAILED) == 0;

    telling->out->pause = instant_plus(certification->expires_at, grace * MS_PER_DAY);
    if (!certification_is_due(certification, telling->facts->now, grace)) {
        SAY(telling, "The mentor will be paused on %s unless it is renewed.",
            on_day(telling->arena, telling->out->pause));
        return;
    }
    telling->out->pause = telling->facts->now;
    SAY(telling, "Next: the mentor will be paused with the next sweep%s, unless a brake holds it.",
        failing ? ", which tries again" : "");
}

static void tell_next(const struct telling *telling)
{
    if (is_status(telling, CERTIFICATION_REVOKED)) {
        SAY(telling, "Next: nothing, it is revoked.");
    } else if (telling->out->superseded_by != NULL) {
        SAY(telling, "Next: nothing, as long as it is superseded.");
    } else if (telling->certification->auto_pause_applied) {
        SAY(telling, "Next: nothing; the pause ends when it is renewed or superseded.");
    } else if (telling->facts->mentor_name == NULL) {
        SAY(telling, "Next: nothing can be done until the directory has the mentor again.");
    } else {
        if (is_status(telling, CERTIFICATION_VALID)) {
            tell_next_reminder(telling);
        }
        tell_next_pause(telling);
    }
}

static const char *superseded_by(const struct telling *telling)
{
    const struct certification *newer =
        certification_newer(telling->certification, telling->facts->certifications);

    return newer == NULL ? NULL : newer->certification_id;
}

static void explain_one(struct explained *out, struct arena *arena,
                        const struct explanation_facts *facts,
                        const struct certification *certification)
{
    struct telling telling = {
        .arena = arena,
        .facts = facts,
        .certification = certification,
        .thresholds = thresholds_of(arena, facts->settings, certification->certification_type),
        .days_remaining = days_between(facts->now, certification->expires_at),
        .out = out,
    };

    *out = (struct explained){
        .certification_id = certification->certification_id,
        .certification_type = certification->certification_type,
        .status = certification->status,
        .expires_at = certification->expires_at,
        .superseded_by = superseded_by(&telling),
    };
    tell_status(&telling);
    tell_reminders(&telling);
    tell_decisions(&telling);
    tell_pause(&telling);
    tell_next(&telling);
}

static void explain_pauses(struct explanation *out, struct arena *arena,
                           const struct explanation_facts *facts)
{
    const struct open_pause *pauses = facts->pauses.items;

    if (facts->pauses.count == 0) {
        say(&out->says, arena, "Not paused.");
    }
    for (size_t i = 0; i < facts->pauses.count; i++) {
        const char *sentence =
            arena_printf(arena, "Paused since %s%s: %s", on_day(arena, pauses[i].opened_at),
                         strcmp(pauses[i].kind, "manual") == 0 ? " by hand" : "",
                         pauses[i].reason != NULL ? pauses[i].reason : "no reason was given");
        if (instant_given(pauses[i].expected_return_date)) {
            sentence = arena_printf(arena, "%s; expected back on %s", sentence,
                                    on_day(arena, pauses[i].expected_return_date));
        }
        say(&out->says, arena, arena_printf(arena, "%s.", sentence));
    }
}

/* Those that were ordered and name none of the certifications. */
static void explain_unnamed_reminders(struct explanation *out, struct arena *arena,
                                      const struct explanation_facts *facts)
{
    const struct reminder *reminders = facts->reminders.items;

    for (size_t i = 0; i < facts->reminders.count; i++) {
        if (reminders[i].certification_id == NULL) {
            say(&out->says, arena,
                arena_printf(arena, "A reminder (%s) was ordered on %s; it is %s.", reminders[i].id,
                             on_day(arena, reminders[i].created_at), reminders[i].status));
        }
    }
}

static int by_expiry(const void *a, const void *b)
{
    const struct certification *one = a;
    const struct certification *other = b;

    if (one->expires_at.ms != other->expires_at.ms) {
        return one->expires_at.ms < other->expires_at.ms ? 1 : -1;
    }
    return one->seq < other->seq ? 1 : -1;
}

struct explanation explain(struct arena *arena, const struct explanation_facts *facts)
{
    struct explanation out = {
        .mentor_id = facts->mentor_id,
        .mentor_name = facts->mentor_name,
        .paused = facts->pauses.count > 0,
    };
    struct list sorted = {.count = facts->certifications.count};
    struct certification *items = arena_array(arena, sorted.count, sizeof(*items));

    if (facts->mentor_name == NULL) {
        say(&out.says, arena,
            "The directory does not have this mentor any more: there is nobody to remind or to "
            "pause.");
    }
    explain_pauses(&out, arena, facts);
    explain_unnamed_reminders(&out, arena, facts);
    if (sorted.count == 0) {
        say(&out.says, arena, "No certification is recorded.");
        return out;
    }
    memcpy(items, facts->certifications.items, sorted.count * sizeof(*items));
    qsort(items, sorted.count, sizeof(*items), by_expiry);
    out.certifications = (struct list){
        .items = arena_array(arena, sorted.count, sizeof(struct explained)),
        .count = sorted.count,
    };
    for (size_t i = 0; i < sorted.count; i++) {
        explain_one((struct explained *)out.certifications.items + i, arena, facts, &items[i]);
    }
    return out;
}
