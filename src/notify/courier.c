/* SPDX-License-Identifier: MIT */
#include "notify/courier.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/log.h"
#include "base/work.h"
#include "db/db.h"
#include "notify/backoff.h"
#include "notify/claim.h"
#include "notify/email.h"
#include "notify/letter.h"
#include "notify/push.h"
#include "notify/truth.h"
#include "store/message.h"
#include "store/push_target.h"
#include "store/relay.h"
#include "store/reminder.h"

#include <inttypes.h>

struct courier {
    struct arena *arena; /* holds the courier itself */
    struct mailer *mailer;
    struct pusher *pusher;
};

struct courier *courier_new(const struct settings *settings)
{
    struct arena *arena = arena_new();
    struct courier *courier = arena_alloc(arena, sizeof(*courier));

    *courier = (struct courier){
        .arena = arena, .mailer = mailer_new(settings), .pusher = pusher_new(settings)};
    return courier;
}

void courier_free(struct courier *courier)
{
    if (courier != NULL) {
        mailer_free(courier->mailer);
        pusher_free(courier->pusher);
        arena_free(courier->arena);
    }
}

/* One message on its way. */
struct errand {
    const struct message *message;
    const struct claim *claim;
    struct message_ending ending;
    bool settled;
    bool used; /* it came as far as the other side */
    bool broken_off;
    bool target_ended;
    bool target_had_ended; /* before this attempt */
    const char *stale;     /* why it is not true any more */
};

/* Others may have found out since it was enqueued. */
static enum outcome look(struct work *work, void *context)
{
    struct errand *errand = context;
    const char *address = errand->message->address;

    TRY(message_is_stale(&errand->stale, work, errand->message));
    return errand->claim->channel == CHANNEL_PUSH && address != NULL
               ? push_target_has_ended(&errand->target_had_ended, work, address)
               : OK;
}

static int64_t timeout_ms(const struct work *work, const struct claim *claim)
{
    const struct settings *settings = work->settings;

    return MS_PER_SECOND *
           (claim->channel == CHANNEL_EMAIL ? settings->mail.timeout : settings->push.timeout);
}

static enum outcome by_email(enum delivery *out, struct work *work, struct courier *courier,
                             const struct errand *errand, struct delivery_reply *reply)
{
    struct mail mail;

    TRY(letter_write(&mail, work, errand->message));
    *out = mailer_send(courier->mailer, work->arena, &mail, timeout_ms(work, errand->claim), reply);
    return OK;
}

static enum outcome by_push(enum delivery *out, struct work *work, struct courier *courier,
                            const struct errand *errand, struct delivery_reply *reply)
{
    struct letter letter;

    TRY(letter_compose(&letter, work, errand->message));
    *out = pusher_send(courier->pusher, work, errand->message, &letter,
                       timeout_ms(work, errand->claim), reply);
    return OK;
}

/* Failing that, once more later, or never. */
static struct message_ending again(struct work *work, const struct message *message,
                                   enum message_result result, const struct delivery_reply *reply)
{
    const struct backoff backoff =
        backoff_after(message->attempts, reply->wait_seconds, backoff_chance());
    struct message_ending ending = {
        .result = result, .again = !backoff.gives_up, .detail = reply->detail};

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
        return (struct message_ending){.result = MESSAGE_SENT, .detail = reply->detail};
    case UNKNOWN:
        return again(work, message, MESSAGE_UNKNOWN, reply);
    case REFUSED:
    case TARGET_ENDED:
        return (struct message_ending){
            .result = MESSAGE_FAILED, .detail = reply->detail, .last_error = reply->detail};
    case PUT_OFF:
    case RELAY_AWAY:
    case BROKEN_OFF:
    case CUT_SHORT:
        break;
    }
    return again(work, message, MESSAGE_PUT_OFF, reply);
}

static enum outcome settle_message(struct work *work, void *context)
{
    struct errand *errand = context;

    return message_settle(&errand->settled, work, errand->message, &errand->ending);
}

/* All that follows from how it ended. */
static enum outcome settle(struct work *work, void *context)
{
    const struct errand *errand = context;
    const struct message *message = errand->message;

    TRY(settle_message(work, context));
    if (!errand->settled) {
        return OK;
    }
    if (message->event_id != NULL) {
        TRY(reminder_follow(work, message->event_id));
    }
    if (errand->target_ended) {
        TRY(push_target_end(work, message->address, errand->ending.detail));
    }
    if (errand->used && !errand->broken_off && errand->claim->in_trouble) {
        return relay_resume(work, message->channel);
    }
    return errand->used ? OK : relay_give_back(work, message->channel, 1);
}

bool courier_may_go_on(enum outcome outcome)
{
    return outcome == BROKEN || outcome == CONFLICT || outcome == INVALID || outcome == MALFORMED ||
           outcome == NOT_FOUND;
}

/* Should what follows from it be impossible, the message itself is settled all the same. */
static enum outcome settle_surely(struct work *work, struct errand *errand)
{
    const enum outcome outcome = db_unit(work, settle, errand);

    if (!courier_may_go_on(outcome)) {
        return outcome;
    }
    log_event(LOG_LEVEL_ERROR, "delivery", LOG_INT("message", errand->message->seq),
              LOG_TEXT("says", work->failure.sentence));
    return db_unit(work, settle_message, errand);
}

static void log_attempt(const struct message *message, enum log_level level, const char *how,
                        const char *detail)
{
    log_event(level, "delivery", LOG_INT("message", message->seq), LOG_TEXT("kind", message->kind),
              LOG_TEXT("channel", message->channel), LOG_TEXT("result", how),
              LOG_TEXT("detail", detail));
}

static void log_ending(const struct message *message, const struct message_ending *ending)
{
    const bool well = ending->result == MESSAGE_SENT || ending->result == MESSAGE_SUPERSEDED;

    log_attempt(message, well ? LOG_LEVEL_DEBUG : LOG_LEVEL_WARNING,
                message_result_words[ending->result],
                ending->last_error != NULL ? ending->last_error : ending->detail);
}

static struct message_ending not_sent(enum message_result result, const char *why)
{
    return (struct message_ending){.result = result, .detail = why, .last_error = why};
}

/* Hand it over. A message that cannot be written is put off. */
static enum outcome hand_over(enum delivery *out, struct work *work, struct courier *courier,
                              const struct errand *errand, struct delivery_reply *reply)
{
    const enum outcome outcome = errand->claim->channel == CHANNEL_EMAIL
                                     ? by_email(out, work, courier, errand, reply)
                                     : by_push(out, work, courier, errand, reply);

    if (outcome == OK || !courier_may_go_on(outcome)) {
        return outcome;
    }
    reply->detail = work->failure.sentence;
    *out = PUT_OFF;
    return OK;
}

/* Sets errand->ending, unless *out says that this was no attempt. */
static enum outcome send(enum delivery *out, struct work *work, struct courier *courier,
                         struct errand *errand, struct delivery_reply *reply)
{
    enum outcome outcome = db_reading(work, look, errand);

    *out = PUT_OFF;
    if (outcome == OK && errand->stale != NULL) {
        errand->ending = not_sent(MESSAGE_SUPERSEDED, errand->stale);
        return OK;
    }
    if (outcome == OK && errand->target_had_ended) {
        errand->ending = not_sent(MESSAGE_FAILED, "the push target has said that it is gone (410)");
        return OK;
    }
    if (outcome == OK) {
        TRY(hand_over(out, work, courier, errand, reply));
        errand->used = reply->relay_asked || errand->claim->channel != CHANNEL_EMAIL;
    } else if (courier_may_go_on(outcome)) {
        reply->detail = work->failure.sentence;
    } else {
        return outcome;
    }
    errand->broken_off = *out == BROKEN_OFF;
    errand->target_ended = *out == TARGET_ENDED;
    errand->ending = ending_of(work, errand->message, *out, reply);
    return OK;
}

/* It was sent, perhaps, and nobody knows any more than its next sender will. */
static void log_lost(const struct message *message)
{
    log_attempt(message, LOG_LEVEL_ERROR, "lease_lost", "the attempt took longer than its lease");
}

enum outcome courier_carry(struct carried *out, struct work *work, struct courier *courier,
                           const struct claim *claim, const struct message *message)
{
    struct errand errand = {.message = message, .claim = claim};
    struct delivery_reply reply = {0};
    enum delivery delivery;

    *out = (struct carried){0};
    TRY(send(&delivery, work, courier, &errand, &reply));
    out->relay_away = delivery == RELAY_AWAY || delivery == BROKEN_OFF;
    out->detail = reply.detail;
    if (delivery == RELAY_AWAY || delivery == CUT_SHORT) {
        log_attempt(message, LOG_LEVEL_WARNING, delivery == CUT_SHORT ? "cut_short" : "relay_away",
                    out->detail);
        return OK;
    }
    log_ending(message, &errand.ending);
    TRY(settle_surely(work, &errand));
    if (!errand.settled) {
        log_lost(message);
    }
    out->settled = errand.settled;
    out->result = errand.ending.result;
    out->for_good = !errand.ending.again;
    return OK;
}

static enum outcome reclaim(struct work *work, void *context)
{
    static const char died[] = "its sender died";
    const struct message *message = context;
    const bool again = message->attempts < BACKOFF_ATTEMPTS;
    const struct message_ending ending = {
        .result = MESSAGE_INTERRUPTED,
        .again = again,
        .detail = died,
        .last_error = again ? died : "its sender died each time",
    };
    bool settled;

    TRY(message_settle(&settled, work, message, &ending));
    return settled && message->event_id != NULL ? reminder_follow(work, message->event_id) : OK;
}

enum outcome courier_reclaim(struct work *work)
{
    struct list lost;

    TRY(message_lost(&lost, work));
    struct message *messages = lost.items;
    for (size_t i = 0; i < lost.count; i++) {
        const enum outcome outcome = db_unit(work, reclaim, &messages[i]);
        if (outcome != OK && !courier_may_go_on(outcome)) {
            return outcome;
        }
        if (outcome != OK) { /* the others are not to blame */
            log_attempt(&messages[i], LOG_LEVEL_ERROR, "not_reclaimed", work->failure.sentence);
        }
    }
    return OK;
}
