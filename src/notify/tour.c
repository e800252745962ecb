/* SPDX-License-Identifier: MIT */
#include "notify/tour.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/log.h"
#include "base/work.h"
#include "model/person.h"
#include "notify/claim.h"
#include "notify/crew.h"
#include "notify/errand.h"
#include "notify/relay.h"
#include "store/count.h"

#include <stdatomic.h>

enum {
    OUT_MAX = SENDERS_MAX * ARMFUL,
    REST_MS = 1000, /* for which a channel with nothing due is not asked again beside another */
};

/* What was claimed together. */
struct load {
    struct arena *arena; /* holds the load itself, its messages and parcels */
    struct claim claim;
    size_t left; /* parcels that are neither settled nor given back */
};

/* A message that was claimed. */
struct parcel {
    struct errand errand; /* first, so that the errand is the parcel */
    struct load *load;
    struct parcel *next; /* of those that wait */
};

/* How it is with a channel. */
struct way {
    size_t in_hand; /* claimed, and neither settled nor given back */
    bool more;      /* there was more to claim */
    int64_t rests_until_ms;
};

struct tour {
    const struct tour_plan *plan;
    struct work *work; /* its arena is emptied each round */
    struct delivery_count count;
    struct way ways[CHANNEL_PUSH + 1];
    struct parcel *waiting; /* in the order in which they were claimed */
    struct parcel **end;
    struct parcel *out[OUT_MAX]; /* with the senders, or about to be */
    size_t out_count;
    size_t senders;
    bool relay_answers; /* it has answered in this tour */
    bool alone;         /* what is in hand must stay alone */
};

static atomic_bool stopped;

void tour_stop(void)
{
    atomic_store(&stopped, true);
}

static size_t in_hand(const struct tour *tour)
{
    return tour->ways[CHANNEL_EMAIL].in_hand + tour->ways[CHANNEL_PUSH].in_hand;
}

static bool is_email(const struct parcel *parcel)
{
    return parcel->load->claim.channel == CHANNEL_EMAIL;
}

static size_t room(const struct tour *tour, enum channel channel)
{
    const bool alone = channel == CHANNEL_EMAIL && !tour->relay_answers;
    const size_t most = HANDFUL * (alone ? 1 : tour->senders);
    const size_t held = tour->ways[channel].in_hand;

    return held < most ? most - held : 0;
}

static bool is_closed(const struct tour *tour, enum channel channel)
{
    return channel == CHANNEL_EMAIL && (tour->count.relay_away || tour->count.capped);
}

/* Not for every few that are sent: a claim costs the same for many. */
static bool is_low(const struct tour *tour)
{
    if (in_hand(tour) == 0) {
        return true;
    }
    for (enum channel channel = CHANNEL_EMAIL; channel <= CHANNEL_PUSH; channel++) {
        if (tour->ways[channel].more && !tour->alone && !is_closed(tour, channel) &&
            room(tour, channel) >= HANDFUL * tour->senders / 2) {
            return true;
        }
    }
    return false;
}

static void take_in(struct tour *tour, struct load *load)
{
    const struct message *messages = load->claim.messages.items;

    load->left = load->claim.messages.count;
    tour->ways[load->claim.channel].in_hand += load->left;
    struct parcel *parcels = arena_array(load->arena, load->left, sizeof(*parcels));
    for (size_t i = 0; i < load->left; i++) {
        struct parcel *parcel = &parcels[i];
        *parcel = (struct parcel){
            .errand = {.message = &messages[i], .claim = &load->claim},
              .load = load
        };
        *tour->end = parcel;
        tour->end = &parcel->next;
    }
}

static enum outcome claim(struct tour *tour, enum channel channel)
{
    const size_t most = room(tour, channel);
    struct arena *arena = arena_new();
    struct load *load = arena_alloc(arena, sizeof(*load));
    struct work work = *tour->work;

    load->arena = work.arena = arena;
    load->claim = (struct claim){.channel = channel,
                                 .probe = tour->plan->probe && !tour->relay_answers,
                                 .beside = in_hand(tour) > 0};
    const enum outcome outcome = claim_due(&load->claim, &work, (int64_t)most);
    if (outcome != OK) {
        tour->work->failure.sentence = arena_text(tour->work->arena, work.failure.sentence);
        arena_free(arena);
        return outcome;
    }
    tour->ways[channel].more = load->claim.more;
    tour->count.relay_away |= load->claim.paused;
    tour->count.capped |= load->claim.capped;
    if (load->claim.messages.count == 0) {
        tour->ways[channel].rests_until_ms = clock_monotonic_ms() + REST_MS;
        arena_free(arena);
        return OK;
    }
    tour->alone = load->claim.alone;
    take_in(tour, load);
    return OK;
}

static bool rests(const struct tour *tour, enum channel channel)
{
    return clock_monotonic_ms() < tour->ways[channel].rests_until_ms;
}

/* When nothing is left in hand, all are asked: what is found then is the rest. */
static enum outcome claim_more(struct tour *tour)
{
    const bool ask_all = in_hand(tour) == 0;

    if (!is_low(tour)) {
        return OK;
    }
    tour->alone = false;
    for (enum channel channel = CHANNEL_EMAIL; channel <= CHANNEL_PUSH && !tour->alone; channel++) {
        if (!is_closed(tour, channel) && room(tour, channel) > 0 &&
            (ask_all || !rests(tour, channel))) {
            TRY(claim(tour, channel));
        }
    }
    return OK;
}

/* It is out of our hands. */
static void drop(struct tour *tour, struct parcel *parcel)
{
    struct load *load = parcel->load;

    tour->ways[load->claim.channel].in_hand--;
    if (--load->left == 0) {
        arena_free(load->arena);
    }
}

static void come_back(struct tour *tour, const struct parcel *parcel)
{
    size_t i = 0;

    while (tour->out[i] != parcel) {
        i++;
    }
    tour->out[i] = tour->out[--tour->out_count];
}

/* All of one claim. relay_away: what emails are given back for; NULL: something else. */
static enum outcome give_back_claim(struct tour *tour, struct parcel *const *parcels, size_t count,
                                    const char *relay_away)
{
    const char *reason = is_email(parcels[0]) ? relay_away : NULL;
    int64_t *numbers = arena_array(tour->work->arena, count, sizeof(*numbers));
    const struct list list = {.items = numbers, .count = count};

    for (size_t i = 0; i < count; i++) {
        numbers[i] = parcels[i]->errand.message->seq;
    }
    const enum outcome outcome = claim_release(tour->work, &parcels[0]->load->claim, list, reason);
    for (size_t i = 0; i < count; i++) {
        drop(tour, parcels[i]);
    }
    return outcome;
}

static enum outcome give_back(struct tour *tour, struct parcel *const *parcels, size_t count,
                              const char *relay_away)
{
    enum outcome outcome = OK;

    for (size_t i = 0, alike; i < count; i += alike) {
        for (alike = 1; i + alike < count && parcels[i + alike]->load == parcels[i]->load;) {
            alike++;
        }
        const enum outcome one = give_back_claim(tour, &parcels[i], alike, relay_away);
        outcome = outcome == OK ? one : outcome;
    }
    return outcome;
}

typedef bool parcel_test(const struct parcel *parcel);

static enum outcome give_back_waiting(struct tour *tour, parcel_test *test, const char *relay_away)
{
    struct parcel **parcels =
        arena_array(tour->work->arena, in_hand(tour), sizeof(struct parcel *));
    struct parcel **at = &tour->waiting;
    size_t count = 0;

    while (*at != NULL) {
        if (test(*at)) {
            parcels[count++] = *at;
            *at = (*at)->next;
        } else {
            at = &(*at)->next;
        }
    }
    tour->end = at;
    return give_back(tour, parcels, count, relay_away);
}

static bool any(const struct parcel *parcel)
{
    (void)parcel;
    return true;
}

static bool is_late(const struct parcel *parcel)
{
    return clock_monotonic_ms() >= parcel->load->claim.until_ms;
}

/* What they tell of the relay's way; NULL: nothing that stops it. */
static const char *learn(struct tour *tour, struct errand *const *errands, size_t count)
{
    const char *why = NULL;

    for (size_t i = 0; i < count; i++) {
        if (errands[i]->settled) {
            delivery_count_ending(&tour->count, &errands[i]->ending);
        }
        if (errand_found_relay_away(errands[i])) {
            why = log_or_dash(errands[i]->reply.detail);
        } else if (errand_reached_relay(errands[i])) {
            tour->relay_answers = true;
        }
    }
    return why;
}

/* Those that were no attempt go back; all others are out of our hands, settled or not. */
static enum outcome part(struct tour *tour, struct errand *const *errands, size_t count,
                         const char *relay_away)
{
    struct parcel *kept[OUT_MAX];
    size_t kept_count = 0;

    for (size_t i = 0; i < count; i++) {
        struct parcel *parcel = (struct parcel *)errands[i];
        come_back(tour, parcel);
        if (errand_was_attempt(errands[i])) {
            drop(tour, parcel);
        } else {
            kept[kept_count++] = parcel;
        }
    }
    TRY(give_back(tour, kept, kept_count, relay_away));
    if (relay_away == NULL) {
        return OK;
    }
    relay_is_away();
    tour->count.relay_away = true;
    return give_back_waiting(tour, is_email, relay_away);
}

static enum outcome settle(struct tour *tour, struct errand *const *errands, size_t count)
{
    const struct tour_plan *plan = tour->plan;

    if (count == 0) {
        return OK;
    }
    TRY(errands_settle(tour->work, errands, count));
    const char *relay_away = learn(tour, errands, count);
    if (plan->progress != NULL) {
        plan->progress(plan->context, &tour->count);
    }
    TRY(part(tour, errands, count, relay_away));
    count_fold_due(tour->work);
    return OK;
}

/* Nobody gets two at once. Until the relay has answered, neither does it. */
static bool may_go(const struct tour *tour, const struct parcel *parcel)
{
    for (size_t i = 0; i < tour->out_count; i++) {
        const struct parcel *other = tour->out[i];
        if (errand_same_person(&parcel->errand, &other->errand) ||
            (!tour->relay_answers && is_email(parcel) && is_email(other))) {
            return false;
        }
    }
    return true;
}

/* For the idle senders. */
static size_t choose(struct tour *tour, struct errand **chosen)
{
    const size_t most = crew_idle(tour->plan->crew) * ARMFUL;
    struct parcel **at = &tour->waiting;
    size_t count = 0;

    while (*at != NULL && count < most) {
        struct parcel *parcel = *at;
        if (may_go(tour, parcel)) {
            *at = parcel->next;
            tour->out[tour->out_count++] = parcel;
            chosen[count++] = &parcel->errand;
        } else {
            at = &parcel->next;
        }
    }
    if (*at == NULL) {
        tour->end = at;
    }
    return count;
}

/* Until the senders have enough to do, or nothing is left that may go. */
static enum outcome send_out(struct tour *tour)
{
    struct errand *chosen[OUT_MAX];
    struct errand *over[OUT_MAX];
    size_t over_count;

    do {
        const size_t count = choose(tour, chosen);
        size_t going = 0;
        over_count = 0;
        TRY(errands_look(tour->work, chosen, count));
        for (size_t i = 0; i < count; i++) {
            if (chosen[i]->is_over) {
                over[over_count++] = chosen[i];
            } else {
                chosen[going++] = chosen[i];
            }
        }
        crew_give(tour->plan->crew, chosen, going);
        TRY(settle(tour, over, over_count));
    } while (over_count > 0);
    return OK;
}

static void wait_again(struct tour *tour, struct parcel *parcel)
{
    come_back(tour, parcel);
    parcel->next = tour->waiting;
    tour->end = tour->waiting == NULL ? &parcel->next : tour->end;
    tour->waiting = parcel;
}

/* Those that were not run wait again, before all others and in their order. */
static enum outcome settle_ended(struct tour *tour)
{
    struct errand *back[OUT_MAX];
    const size_t count = crew_collect(tour->plan->crew, back);
    size_t run = 0;

    for (size_t i = count; i > 0; i--) {
        if (!back[i - 1]->was_run) {
            wait_again(tour, (struct parcel *)back[i - 1]);
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (back[i]->was_run) {
            back[run++] = back[i];
        }
    }
    return settle(tour, back, run);
}

/* *done: there is nothing left that is nobody else's. */
static enum outcome go_round(bool *done, struct tour *tour)
{
    arena_reset(tour->work->arena);
    TRY(settle_ended(tour));
    TRY(give_back_waiting(tour, is_late, NULL));
    if (tour->count.relay_away) { /* mails that came back unrun after that was found */
        TRY(give_back_waiting(tour, is_email, NULL));
    }
    TRY(claim_more(tour));
    *done = in_hand(tour) == 0;
    return send_out(tour);
}

/* What the senders have in hand is settled, what they have not begun goes back. */
static enum outcome end_all(struct tour *tour)
{
    while (crew_idle(tour->plan->crew) < tour->senders) {
        TRY(settle_ended(tour));
    }
    return give_back_waiting(tour, any, NULL);
}

/* The same where the database may not answer any more. What was begun and cannot be settled keeps
 * its lease until that runs out. */
static void end_all_after_failure(struct tour *tour)
{
    const struct failure failure = tour->work->failure;

    if (end_all(tour) != OK) {
        log_event(LOG_LEVEL_WARNING, "delivery", LOG_TEXT("result", "not_given_back"),
                  LOG_TEXT("detail", tour->work->failure.sentence));
    }
    tour->work->failure = failure;
}

static bool is_to_end(const struct tour *tour)
{
    return atomic_load(&stopped) ||
           (tour->plan->until_ms > 0 && clock_monotonic_ms() >= tour->plan->until_ms);
}

static enum outcome go_on(struct tour *tour)
{
    enum outcome outcome;
    bool done = false;

    do {
        outcome = go_round(&done, tour);
    } while (outcome == OK && !done && !is_to_end(tour));
    if (outcome == OK) {
        return end_all(tour);
    }
    end_all_after_failure(tour);
    return outcome;
}

/* No sender has any of it now. */
static void forget_all(struct tour *tour)
{
    for (struct parcel *parcel = tour->waiting, *next; parcel != NULL; parcel = next) {
        next = parcel->next;
        drop(tour, parcel);
    }
    for (size_t i = 0; i < tour->out_count; i++) {
        drop(tour, tour->out[i]);
    }
}

enum outcome tour_run(struct delivery_count *out, struct work *work, const struct tour_plan *plan)
{
    struct work mine = *work;
    struct tour tour = {.plan = plan, .work = &mine};

    mine.arena = arena_new();
    tour.end = &tour.waiting;
    tour.senders = crew_start(plan->crew, plan->senders, work->now);
    const enum outcome outcome =
        tour.senders > 0 ? go_on(&tour) : fail(&mine, BUSY, "no thread could be started");
    crew_stop(plan->crew);
    forget_all(&tour);
    *out = tour.count;
    if (outcome != OK) {
        work->failure.sentence = arena_text(work->arena, mine.failure.sentence);
    }
    arena_free(mine.arena);
    return outcome;
}
