/* SPDX-License-Identifier: MIT */
#include "notify/deliver.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/id.h"
#include "base/log.h"
#include "base/work.h"
#include "db/db.h"
#include "notify/email.h"
#include "notify/letter.h"
#include "notify/relay.h"
#include "store/message.h"
#include "store/reminder.h"

#include <stdlib.h>

enum {
    CLAIM = 10,
};

static const struct field count_fields[] = {
    FIELD(struct delivery_count, sent),
    FIELD(struct delivery_count, put_off),
    FIELD(struct delivery_count, failed),
    FIELD(struct delivery_count, queued),
};
const struct record delivery_count = RECORD(struct delivery_count, count_fields);

struct courier {
    const struct settings *settings;
    struct mailer *mailer;
};

struct courier *courier_new(const struct settings *settings)
{
    struct courier *courier = malloc(sizeof(*courier));
    if (courier == NULL) {
        abort();
    }
    *courier = (struct courier){.settings = settings, .mailer = mailer_new(settings)};
    return courier;
}

void courier_free(struct courier *courier)
{
    if (courier != NULL) {
        mailer_free(courier->mailer);
        free(courier);
    }
}

/* Twice what sending may take: the library can overrun its own limit while it says goodbye. */
static int64_t lease_seconds(const struct courier *courier, int64_t messages)
{
    return 2 * courier->settings->mail.timeout * messages;
}

struct settling {
    const struct message *message;
    const char *token;
    enum message_result result;
    const char *detail;
};

static enum outcome settle(struct work *work, void *context)
{
    const struct settling *settling = context;
    const struct message *message = settling->message;

    TRY(message_settle(work, message->seq, settling->token, settling->result, settling->detail));
    return message->event_id != NULL ? reminder_follow(work, message->event_id) : OK;
}

static void tally(struct delivery_count *count, enum message_result result)
{
    count->sent += result == MESSAGE_SENT;
    count->put_off += result == MESSAGE_PUT_OFF;
    count->failed += result == MESSAGE_FAILED;
}

static void log_attempt(const struct message *message, enum log_level level, const char *how,
                        const char *detail)
{
    log_event(level, "delivery", LOG_INT("message", message->seq), LOG_TEXT("kind", message->kind),
              LOG_TEXT("result", how), LOG_TEXT("detail", detail));
}

/* One message that this token has claimed. Sets count->relay_away, and leaves the claim to be
 * released, when the relay cannot be reached. */
static enum outcome deliver_one(struct delivery_count *count, struct work *work,
                                struct courier *courier, const struct message *message,
                                const char *token, int64_t timeout_ms)
{
    struct settling settling = {.message = message, .token = token, .result = MESSAGE_PUT_OFF};
    struct mail mail;
    enum delivery delivery = PUT_OFF;

    if (letter_write(&mail, work, message) == OK) {
        delivery = mailer_send(courier->mailer, work->arena, &mail, timeout_ms, &settling.detail);
    } else {
        settling.detail = work->failure.sentence;
    }
    switch (delivery) {
    case RELAY_AWAY:
        log_attempt(message, LOG_LEVEL_WARNING, "relay_away", settling.detail);
        relay_is_away();
        count->relay_away = true;
        return OK;
    case DELIVERED:
        settling.result = MESSAGE_SENT;
        log_attempt(message, LOG_LEVEL_DEBUG, "sent", settling.detail);
        break;
    case PUT_OFF:
        log_attempt(message, LOG_LEVEL_WARNING, "put_off", settling.detail);
        break;
    case REFUSED:
        settling.result = MESSAGE_FAILED;
        log_attempt(message, LOG_LEVEL_WARNING, "failed", settling.detail);
        break;
    }
    TRY(db_unit(work, settle, &settling));
    tally(count, settling.result);
    return OK;
}

struct claim {
    const char *token;
    int64_t after;
    int64_t seconds;
    struct list messages;
};

static enum outcome claim_some(struct work *work, void *context)
{
    struct claim *claim = context;

    return message_claim(&claim->messages, work, claim->token, claim->after, CLAIM, claim->seconds);
}

static enum outcome reclaim(struct work *work, void *context)
{
    (void)context;
    return message_reclaim(work);
}

static enum outcome release(struct work *work, void *context)
{
    return message_release(work, context);
}

struct tour {
    struct delivery_count *count;
    struct courier *courier;
    delivery_progress *progress;
    void *context;
};

/* Claim and deliver one handful; *last is the number of the last message, 0 when none was left. */
static enum outcome deliver_some(int64_t *last, struct work *work, const struct tour *tour,
                                 int64_t after)
{
    struct claim claim = {.token = id_new_long(work->arena, ""),
                          .after = after,
                          .seconds = lease_seconds(tour->courier, CLAIM)};

    TRY(db_unit(work, claim_some, &claim));
    *last = 0;
    const struct message *messages = claim.messages.items;
    for (size_t i = 0; i < claim.messages.count && !tour->count->relay_away; i++) {
        *last = messages[i].seq;
        const enum outcome outcome =
            deliver_one(tour->count, work, tour->courier, &messages[i], claim.token,
                        work->settings->mail.timeout * MS_PER_SECOND);
        if (outcome == UNAVAILABLE) {
            return outcome;
        }
        if (outcome != OK) { /* its lease runs out; the others go on */
            log_attempt(&messages[i], LOG_LEVEL_ERROR, "not_settled", work->failure.sentence);
        }
        if (tour->progress != NULL) {
            tour->progress(tour->context, tour->count);
        }
    }
    if (tour->count->relay_away) {
        char *token = arena_text(work->arena, claim.token);
        *last = 0;
        return db_unit(work, release, token);
    }
    return OK;
}

enum outcome deliver_due(struct delivery_count *out, struct work *work, struct courier *courier,
                         delivery_progress *progress, void *context)
{
    const struct tour tour = {out, courier, progress, context};
    struct work step = *work;
    enum outcome outcome = db_unit(work, reclaim, NULL);

    *out = (struct delivery_count){0};
    step.arena = arena_new();
    for (int64_t last = 0; outcome == OK;) {
        outcome = deliver_some(&last, &step, &tour, last);
        if (outcome != OK || last == 0) {
            break;
        }
        arena_reset(step.arena);
    }
    if (outcome != OK) {
        work->failure.sentence = arena_text(work->arena, step.failure.sentence);
    }
    arena_free(step.arena);
    TRY(outcome);
    return message_count_queued(&out->queued, work);
}

struct claim_one {
    const char *token;
    int64_t seq;
    int64_t seconds;
    struct message *message;
};

static enum outcome claim_this(struct work *work, void *context)
{
    struct claim_one *claim = context;

    return message_claim_one(&claim->message, work, claim->token, claim->seq, claim->seconds);
}

static enum outcome deliver_numbered(struct delivery_count *count, struct work *work,
                                     struct courier *courier, int64_t seq, int64_t timeout_ms)
{
    char *token = id_new_long(work->arena, "");
    struct claim_one claim = {.token = token, .seq = seq, .seconds = lease_seconds(courier, 1)};

    TRY(db_unit(work, claim_this, &claim));
    TRY(deliver_one(count, work, courier, claim.message, token, timeout_ms));
    return count->relay_away ? db_unit(work, release, token) : OK;
}

void deliver_enqueued(struct work *work, struct courier *courier)
{
    const int64_t deadline = clock_monotonic_ms() + work->settings->notify.deadline;
    struct delivery_count count = {0};
    struct work mine = *work; /* its failures are not the request's */

    if (work->enqueued.count == 0 || work->settings->notify.deadline == 0 || !relay_enter()) {
        return;
    }
    const int64_t *numbers = work->enqueued.items;
    for (size_t i = 0; i < work->enqueued.count && !count.relay_away; i++) {
        const int64_t left = deadline - clock_monotonic_ms();
        if (left < work->settings->notify.deadline / 2) {
            break;
        }
        const enum outcome outcome = deliver_numbered(&count, &mine, courier, numbers[i], left);
        if (outcome != OK && outcome != NOT_FOUND) {
            log_event(LOG_LEVEL_WARNING, "delivery", LOG_INT("message", numbers[i]),
                      LOG_TEXT("says", mine.failure.sentence));
            break;
        }
    }
    relay_leave();
}
