/* SPDX-License-Identifier: MIT */
#include "notify/errand.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/log.h"
#include "base/work.h"
#include "db/db.h"
#include "notify/backoff.h"
#include "notify/claim.h"
#include "notify/courier.h"
#include "notify/truth.h"
#include "store/push_target.h"
#include "store/relay.h"
#include "store/reminder.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Whether such a failure is a message's own: others may fare better. */
static bool is_its_own(enum outcome outcome)
{
    return outcome == BROKEN || outcome == CONFLICT || outcome == INVALID || outcome == MALFORMED ||
           outcome == NOT_FOUND;
}

static void log_attempt(const struct message *message, enum log_level level, const char *how,
                        const char *detail)
{
    log_event(level, "delivery", LOG_INT("message", message->seq), LOG_TEXT("kind", message->kind),
              LOG_TEXT("channel", message->channel), LOG_TEXT("result", how),
              LOG_TEXT("detail", detail));
}

/* Failing that, once more later, or never. */
static struct message_ending again(struct work *work, const struct message *message,
                                   enum message_result result, const struct delivery_reply *reply)
{
    const struct backoff backoff =
        backoff_after(message->attempts, reply->wait_seconds, backoff_chance());
    struct message_ending ending = {
        .message = message, .result = result, .again = !backoff.gives_up, .detail = reply->detail};

    if (ending.again) {
        ending.wait_seconds = backoff.seconds;
        ending.last_error = reply->detail;
    } else {
        ending.last_error = arena_printf(work->arena, "gave up after %" PRId64 " attempts: %s",
                                         message->attempts, log_or_dash(reply->detail));
    }
    return ending;
}

static struct message_ending ending_of(struct work *work, const struct message *message,
                                       enum delivery delivery, const struct delivery_reply *reply)
{
    switch (delivery) {
    case DELIVERED:
        return (struct message_ending){
            .message = message, .result = MESSAGE_SENT, .detail = reply->detail};
    case UNKNOWN:
        return again(work, message, MESSAGE_UNKNOWN, reply);
    case REFUSED:
    case TARGET_ENDED:
        return (struct message_ending){.message = message,
                                       .result = MESSAGE_FAILED,
                                       .detail = reply->detail,
                                       .last_error = reply->detail};
    case PUT_OFF:
    case RELAY_AWAY:
    case BROKEN_OFF:
    case CUT_SHORT:
        break;
    }
    return again(work, message, MESSAGE_PUT_OFF, reply);
}

/* It is over before it was handed over. */
static void end(struct errand *errand, enum message_result result, const char *why)
{
    errand->is_over = true;
    errand->ending = (struct message_ending){
        .message = errand->message, .result = result, .detail = why, .last_error = why};
}

static void put_off(struct errand *errand, struct work *work, const char *why)
{
    errand->is_over = true;
    errand->reply = (struct delivery_reply){.detail = why};
    errand->ending = again(work, errand->message, MESSAGE_PUT_OFF, &errand->reply);
}

/* Errands to be looked at together. */
struct group {
    struct errand *const *errands;
    size_t count;
};

static enum outcome look_at_target(struct work *work, struct errand *errand)
{
    bool ended = false;

    if (errand->claim->channel == CHANNEL_PUSH && errand->message->address != NULL) {
        TRY(push_target_has_ended(&ended, work, errand->message->address));
    }
    if (ended) {
        end(errand, MESSAGE_FAILED, "the push target has said that it is gone (410)");
    }
    return OK;
}

/* Others may have found out since it was enqueued. */
static enum outcome look(struct work *work, void *context)
{
    const struct group *group = context;
    struct statement *statements = arena_array(work->arena, group->count, sizeof(*statements));

    for (size_t i = 0; i < group->count; i++) {
        statements[i].message = group->errands[i]->message;
    }
    TRY(truth_look(work, statements, group->count));
    for (size_t i = 0; i < group->count; i++) {
        struct errand *errand = group->errands[i];
        errand->is_over = false;
        if (statements[i].unreadable != NULL) {
            put_off(errand, work, statements[i].unreadable);
        } else if (statements[i].stale != NULL) {
            end(errand, MESSAGE_SUPERSEDED, statements[i].stale);
        } else {
            TRY(look_at_target(work, errand));
        }
    }
    return OK;
}

/* Should that be impossible, it is put off. */
static enum outcome look_alone(struct work *work, struct errand *errand)
{
    const enum outcome outcome =
        db_reading(work, look, &(struct group){.errands = &errand, .count = 1});

    if (!is_its_own(outcome)) {
        return outcome;
    }
    put_off(errand, work, work->failure.sentence);
    return OK;
}

enum outcome errands_look(struct work *work, struct errand *const *errands, size_t count)
{
    if (count > 1) {
        const enum outcome outcome =
            db_reading(work, look, &(struct group){.errands = errands, .count = count});
        if (!is_its_own(outcome)) {
            return outcome;
        }
    }
    for (size_t i = 0; i < count; i++) {
        TRY(look_alone(work, errands[i]));
    }
    return OK;
}

void errand_run(struct errand *errand, struct work *work, struct courier *courier)
{
    const enum channel channel = errand->claim->channel;

    errand->delivery = courier_hand_over(courier, work, channel, errand->message, &errand->reply);
    errand->was_run = true;
    errand->was_asked = errand->reply.relay_asked || channel != CHANNEL_EMAIL;
    errand->ending = ending_of(work, errand->message, errand->delivery, &errand->reply);
}

bool errand_found_relay_away(const struct errand *errand)
{
    return !errand->is_over && (errand->delivery == RELAY_AWAY || errand->delivery == BROKEN_OFF);
}

bool errand_reached_relay(const struct errand *errand)
{
    return !errand->is_over && errand->was_asked && errand->claim->channel == CHANNEL_EMAIL &&
           errand_was_attempt(errand) && errand->delivery != BROKEN_OFF;
}

bool errand_was_attempt(const struct errand *errand)
{
    return errand->is_over || (errand->delivery != RELAY_AWAY && errand->delivery != CUT_SHORT);
}

bool errand_same_person(const struct errand *one, const struct errand *other)
{
    return one->claim->channel == other->claim->channel &&
           strcmp(one->message->recipient_id, other->message->recipient_id) == 0 &&
           strcmp(one->message->recipient_role, other->message->recipient_role) == 0;
}

static void log_ending(const struct errand *errand)
{
    const struct message_ending *ending = &errand->ending;
    const bool well = ending->result == MESSAGE_SENT || ending->result == MESSAGE_SUPERSEDED;

    if (!errand_was_attempt(errand)) {
        log_attempt(errand->message, LOG_LEVEL_WARNING,
                    errand->delivery == CUT_SHORT ? "cut_short" : "relay_away",
                    errand->reply.detail);
        return;
    }
    log_attempt(errand->message, well ? LOG_LEVEL_DEBUG : LOG_LEVEL_WARNING,
                message_result_words[ending->result],
                ending->last_error != NULL ? ending->last_error : ending->detail);
}

static enum outcome settle_messages(struct work *work, void *context)
{
    const struct group *group = context;
    struct message_ending *endings = arena_array(work->arena, group->count, sizeof(*endings));
    bool settled;

    for (size_t i = 0; i < group->count; i++) {
        endings[i] = group->errands[i]->ending;
    }
    TRY(message_settle(&settled, work, endings, group->count));
    if (!settled && group->count > 1) {
        return fail(work, CONFLICT, "a lease was lost");
    }
    for (size_t i = 0; i < group->count; i++) {
        group->errands[i]->settled = settled;
    }
    return OK;
}

/* Other messages tell of pauses. */
static bool has_reminder(const struct message *message)
{
    return message->event_id != NULL &&
           strcmp(message->kind, message_kind_name(MESSAGE_CERTIFICATION_EXPIRING)) == 0;
}

static enum outcome follow_reminders(struct work *work, const struct group *group)
{
    const char **ids = arena_array(work->arena, group->count, sizeof(*ids));
    struct list reminders = {.items = ids};

    for (size_t i = 0; i < group->count; i++) {
        if (has_reminder(group->errands[i]->message)) {
            ids[reminders.count++] = group->errands[i]->message->event_id;
        }
    }
    return reminders_follow(work, reminders);
}

static bool ended_target(const struct errand *errand)
{
    return !errand->is_over && errand->delivery == TARGET_ENDED;
}

/* What the row of a channel has to know. */
struct news {
    int64_t unused;     /* what did not go out */
    bool answers;       /* the relay, which was in trouble */
    const char *broken; /* why it is to be left alone for a while; NULL: it is not */
};

static void add_news(struct news *news, const struct errand *errand)
{
    if (errand->is_over || !errand->was_asked) {
        news->unused++;
    } else if (errand->delivery == BROKEN_OFF) {
        news->broken = log_or_dash(errand->reply.detail);
    } else {
        news->answers |= errand->claim->in_trouble;
    }
}

static enum outcome tell_relay(struct work *work, const struct group *group, enum channel channel)
{
    struct news news = {0};

    for (size_t i = 0; i < group->count; i++) {
        if (group->errands[i]->claim->channel == channel) {
            add_news(&news, group->errands[i]);
        }
    }
    if (news.unused > 0) {
        TRY(relay_give_back(work, channel_words[channel], news.unused));
    }
    if (news.answers) {
        TRY(relay_resume(work, channel_words[channel]));
    }
    return news.broken != NULL ? relay_pause(work, channel_words[channel], news.broken) : OK;
}

/* All that follows from how they ended. */
static enum outcome settle(struct work *work, void *context)
{
    const struct group *group = context;

    TRY(settle_messages(work, context));
    if (!group->errands[0]->settled) {
        return OK;
    }
    TRY(follow_reminders(work, group));
    for (size_t i = 0; i < group->count; i++) {
        const struct errand *errand = group->errands[i];
        if (ended_target(errand)) {
            TRY(push_target_end(work, errand->message->address, errand->ending.detail));
        }
    }
    TRY(tell_relay(work, group, CHANNEL_EMAIL));
    return tell_relay(work, group, CHANNEL_PUSH);
}

/* What fails once is tried again: nobody would look at the reminder later. Should what follows from
 * it be impossible, the message itself is settled all the same. */
static enum outcome settle_alone(struct work *work, struct errand *errand)
{
    struct group group = {.errands = &errand, .count = 1};
    const int64_t seq = errand->message->seq;
    enum outcome outcome = db_unit_patient(work, settle, &group);

    if (is_its_own(outcome)) {
        outcome = db_unit(work, settle, &group);
    }
    if (is_its_own(outcome)) {
        log_event(LOG_LEVEL_ERROR, "delivery", LOG_INT("message", seq),
                  LOG_TEXT("says", work->failure.sentence));
        outcome = db_unit_patient(work, settle_messages, &group);
    }
    if (is_its_own(outcome)) {
        log_attempt(errand->message, LOG_LEVEL_ERROR, "not_settled", work->failure.sentence);
        errand->settled = false;
        return OK;
    }
    if (outcome == OK && !errand->settled) {
        /* It was sent, perhaps, and nobody knows any more than its next sender will. */
        log_attempt(errand->message, LOG_LEVEL_ERROR, "lease_lost",
                    "the attempt took longer than its lease");
    }
    return outcome;
}

static int by_claim(const void *left, const void *right)
{
    const struct message *one = (*(struct errand *const *)left)->message;
    const struct message *other = (*(struct errand *const *)right)->message;
    const int order = strcmp(one->lease_token, other->lease_token);

    return order != 0 ? order : (one->seq > other->seq) - (one->seq < other->seq);
}

enum outcome errands_settle(struct work *work, struct errand *const *errands, size_t count)
{
    struct errand **ended = arena_array(work->arena, count, sizeof(struct errand *));
    struct group group = {.errands = ended};

    for (size_t i = 0; i < count; i++) {
        log_ending(errands[i]);
        errands[i]->settled = false;
        if (errand_was_attempt(errands[i])) {
            ended[group.count++] = errands[i];
        }
    }
    qsort(ended, group.count, sizeof(struct errand *), by_claim);
    if (group.count > 1) {
        const enum outcome outcome = db_unit_patient(work, settle, &group);
        if (!is_its_own(outcome)) {
            return outcome;
        }
    }
    for (size_t i = 0; i < group.count; i++) {
        TRY(settle_alone(work, ended[i]));
    }
    return OK;
}

static enum outcome reclaim(struct work *work, void *context)
{
    static const char died[] = "its sender died";
    const struct message *message = context;
    const bool due_again = message->attempts < BACKOFF_ATTEMPTS;
    const struct message_ending ending = {
        .message = message,
        .result = MESSAGE_INTERRUPTED,
        .again = due_again,
        .detail = died,
        .last_error = due_again ? died : "its sender died each time",
    };
    bool settled;

    TRY(message_settle(&settled, work, &ending, 1));
    return settled && has_reminder(message) ? reminder_follow(work, message->event_id) : OK;
}

enum outcome errands_reclaim(struct work *work)
{
    struct list lost;

    TRY(message_lost(&lost, work));
    struct message *messages = lost.items;
    for (size_t i = 0; i < lost.count; i++) {
        const enum outcome outcome = db_unit(work, reclaim, &messages[i]);
        if (outcome != OK && !is_its_own(outcome)) {
            return outcome;
        }
        if (outcome != OK) { /* the others are not to blame */
            log_attempt(&messages[i], LOG_LEVEL_ERROR, "not_reclaimed", work->failure.sentence);
        }
    }
    return OK;
}
