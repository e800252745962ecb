/* SPDX-License-Identifier: MIT */
#include "notify/claim.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/id.h"
#include "base/text.h"
#include "base/work.h"
#include "db/db.h"
#include "notify/facts.h"
#include "store/message.h"
#include "store/relay.h"

#include <stdlib.h>
#include <string.h>

static const char *word(const struct claim *claim)
{
    return channel_words[claim->channel];
}

static int64_t per_hour(const struct work *work, const struct claim *claim)
{
    return claim->channel == CHANNEL_EMAIL ? work->settings->mail.per_hour : 0;
}

/* Twice what one message may take, and that is its timeout and as long again: the library may wait
 * for an answer to its goodbye. So a message that is begun in the first half ends in the second. */
static int64_t lease_seconds(const struct work *work, const struct claim *claim)
{
    const int64_t timeout = claim->channel == CHANNEL_EMAIL ? work->settings->mail.timeout
                                                            : work->settings->push.timeout;

    return 2 * (2 * timeout + 1);
}

static enum outcome take(struct claim *claim, struct work *work, struct list numbers)
{
    int64_t claimed;

    TRY(message_claim(&claimed, work, numbers, claim->token, lease_seconds(work, claim)));
    if (claimed == 0) {
        return OK;
    }
    TRY(relay_use(work, word(claim), claimed));
    TRY(message_claimed(&claim->messages, work, numbers, claim->token));
    struct message *messages = claim->messages.items;
    for (size_t i = 0; i < claim->messages.count; i++) {
        facts_know(&messages[i], work);
    }
    return OK;
}

/* Under another order a message might be chosen twice; so the first order that finds any counts. */
static enum outcome choose(struct list *out, struct work *work, struct claim *claim, int64_t limit)
{
    const struct message_choice urgent = {.channel = word(claim), .limit = limit, .urgent = true};
    const struct message_choice usual = {.channel = word(claim), .limit = limit};
    const struct message_choice stubborn = {.channel = word(claim), .limit = 1, .stubborn = true};

    *out = (struct list){0};
    if (per_hour(work, claim) > 0) {
        TRY(message_due(out, work, &urgent));
    }
    if (out->count == 0) {
        TRY(message_due(out, work, &usual));
    }
    claim->alone = out->count == 0 && !claim->beside;
    return claim->alone ? message_due(out, work, &stubborn) : OK;
}

/* How many may be claimed now; the channel is locked from here on. */
static enum outcome find_room(int64_t *out, struct claim *claim, struct work *work, int64_t wanted)
{
    struct relay *relay;

    claim->token = id_new_long(work->arena, "");
    claim->messages = (struct list){0};
    TRY(relay_lock(&relay, work, word(claim)));
    claim->paused = relay->stopped || (relay->paused && !claim->probe);
    claim->in_trouble = relay->failures > 0;
    *out = claim->paused ? 0 : relay_room(relay, per_hour(work, claim), relay->paused ? 1 : wanted);
    return OK;
}

static size_t count_of_person(const struct message_turn *turns, size_t count,
                              const struct message_turn *person)
{
    size_t found = 0;

    for (size_t i = 0; i < count; i++) {
        found += strcmp(turns[i].recipient_id, person->recipient_id) == 0 &&
                 strcmp(turns[i].recipient_role, person->recipient_role) == 0;
    }
    return found;
}

static int by_number(const void *left, const void *right)
{
    const int64_t one = *(const int64_t *)left;
    const int64_t other = *(const int64_t *)right;

    return (one > other) - (one < other);
}

/* Somebody with many messages, who gets them one after the other, must not keep the senders from
 * all others. And where one of them has to wait for an earlier one, those after it do, too.
 * Lowest first. */
static struct list fair_share(struct arena *arena, struct list turns)
{
    const struct message_turn *turn = turns.items;
    int64_t *numbers = arena_array(arena, turns.count, sizeof(*numbers));
    struct list share = {.items = numbers};

    for (size_t i = 0; i < turns.count; i++) {
        const size_t before = count_of_person(turn, i, &turn[i]);
        if (before < HANDFUL && (int64_t)before == turn[i].earlier) {
            numbers[share.count++] = turn[i].seq;
        }
    }
    qsort(numbers, share.count, sizeof(*numbers), by_number);
    return share;
}

struct due {
    struct claim *claim;
    int64_t most;
};

static enum outcome due(struct work *work, void *context)
{
    const struct due *due = context;
    struct claim *claim = due->claim;
    struct list turns;
    int64_t room;

    claim->capped = claim->more = claim->alone = false;
    TRY(find_room(&room, claim, work, due->most));
    if (claim->paused) {
        return OK;
    }
    TRY(choose(&turns, work, claim, room > 0 ? room : 1));
    if (room == 0) {
        claim->capped = turns.count > 0;
        return OK;
    }
    claim->more = turns.count == (size_t)room;
    return turns.count > 0 ? take(claim, work, fair_share(work->arena, turns)) : OK;
}

static void set_limit(struct claim *claim, const struct work *work)
{
    claim->until_ms = clock_monotonic_ms() + lease_seconds(work, claim) * MS_PER_SECOND / 2;
}

enum outcome claim_due(struct claim *claim, struct work *work, int64_t most)
{
    struct due context = {.claim = claim, .most = most};

    set_limit(claim, work);
    return db_unit(work, due, &context);
}

struct single {
    struct claim *claim;
    int64_t seq;
};

/* In this claim's order: what its channel is, and that it waits, before anybody is held off. */
static enum outcome one(struct work *work, void *context)
{
    const struct single *single = context;
    struct claim *claim = single->claim;
    const char *channel;
    int64_t room;
    bool next;

    claim->messages = (struct list){0};
    claim->paused = claim->capped = claim->not_yet = false;
    const enum outcome waits = message_channel(&channel, work, single->seq);
    if (waits == NOT_FOUND) {
        return OK;
    }
    TRY(waits);
    claim->channel = (enum channel)text_index(channel_words, channel);
    if (claim->no_email && claim->channel == CHANNEL_EMAIL) {
        claim->paused = true;
        return OK;
    }
    TRY(find_room(&room, claim, work, 1));
    claim->capped = !claim->paused && room == 0;
    if (room == 0) {
        return OK;
    }
    TRY(message_is_next(&next, work, single->seq));
    claim->not_yet = !next;
    int64_t seq = single->seq;
    return next ? take(claim, work, (struct list){.items = &seq, .count = 1}) : OK;
}

enum outcome claim_one(struct claim *claim, struct work *work, int64_t seq)
{
    struct single single = {.claim = claim, .seq = seq};

    TRY(db_unit(work, one, &single));
    set_limit(claim, work);
    return OK;
}

struct release {
    const struct claim *claim;
    struct list numbers;
    const char *reason;
};

static enum outcome release(struct work *work, void *context)
{
    const struct release *release = context;
    const char *channel = word(release->claim);
    int64_t released;

    TRY(message_release(&released, work, release->claim->token, release->numbers));
    if (released > 0) {
        TRY(relay_give_back(work, channel, released));
    }
    return release->reason != NULL ? relay_pause(work, channel, release->reason) : OK;
}

enum outcome claim_release(struct work *work, const struct claim *claim, struct list numbers,
                           const char *reason)
{
    struct release context = {.claim = claim, .numbers = numbers, .reason = reason};

    return db_unit(work, release, &context);
}
