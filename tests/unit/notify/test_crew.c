/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "base/config.h"
#include "notify/courier.h"
#include "notify/crew.h"
#include "notify/errand.h"

#include <stdatomic.h>
#include <time.h>

enum { THREE = 3 };

/* The crew is alone here: in place of the real ones, errands that do nothing, and no couriers. */

struct courier *courier_new(const struct settings *settings)
{
    (void)settings;
    return NULL;
}

void courier_free(struct courier *courier)
{
    (void)courier;
}

/* Where a sender keeps its templates; how often one of them began to. */
static _Thread_local const struct arena *kept_in;
static atomic_size_t kept_times;

void courier_keep_templates(struct courier *courier, struct arena *arena)
{
    (void)courier;
    kept_in = arena;
    kept_times++;
}

void errand_run(struct errand *errand, struct work *work, struct courier *courier)
{
    (void)courier;
    errand->was_run = kept_in != NULL && kept_in != work->arena;
}

bool errand_found_relay_away(const struct errand *errand)
{
    return errand->delivery == RELAY_AWAY;
}

static void give(struct crew *crew, struct errand *errands, size_t count)
{
    struct errand *each[SENDERS_MAX];

    for (size_t i = 0; i < count; i++) {
        each[i] = &errands[i];
    }
    crew_give(crew, each, count);
}

static void test_what_was_not_collected_is_forgotten_at_the_end(void **state)
{
    struct crew *crew = crew_new(NULL);
    struct errand lost[THREE] = {0};
    struct errand next = {0};
    struct errand *back[THREE * ARMFUL];

    (void)state;
    assert_int_equal(crew_start(crew, THREE, clock_now()), THREE);
    give(crew, lost, THREE);
    crew_stop(crew);
    assert_int_equal(crew_start(crew, THREE, clock_now()), THREE);
    assert_int_equal(crew_idle(crew), THREE);
    give(crew, &next, 1);
    assert_int_equal(crew_collect(crew, back), 1);
    assert_ptr_equal(back[0], &next);
    assert_int_equal(crew_idle(crew), THREE);
    crew_stop(crew);
    crew_free(crew);
}

static void test_who_finds_the_relay_away_brings_the_rest_back_unrun(void **state)
{
    struct crew *crew = crew_new(NULL);
    struct errand errands[ARMFUL] = {{.delivery = RELAY_AWAY}};
    struct errand *back[ARMFUL];

    (void)state;
    assert_int_equal(crew_start(crew, 1, clock_now()), 1);
    give(crew, errands, ARMFUL);
    assert_int_equal(crew_collect(crew, back), ARMFUL);
    for (size_t i = 0; i < ARMFUL; i++) {
        assert_ptr_equal(back[i], &errands[i]);
        assert_int_equal(back[i]->was_run, i == 0);
    }
    crew_stop(crew);
    crew_free(crew);
}

static void run_armful(struct crew *crew)
{
    struct errand errands[ARMFUL] = {0};
    struct errand *back[ARMFUL];

    give(crew, errands, ARMFUL);
    assert_int_equal(crew_collect(crew, back), ARMFUL);
    assert_true(errands[ARMFUL - 1].was_run);
}

static void test_templates_are_kept_for_a_second(void **state)
{
    struct crew *crew = crew_new(NULL);
    const int64_t began_ms = clock_monotonic_ms();

    (void)state;
    kept_times = 0;
    assert_int_equal(crew_start(crew, 1, clock_now()), 1);
    for (size_t times = 0; times < THREE; times++) {
        run_armful(crew);
    }
    assert_true(kept_times == 1 || clock_monotonic_ms() - began_ms > 1000);
    (void)nanosleep(&(struct timespec){.tv_sec = 1, .tv_nsec = 100000000}, NULL);
    const size_t before = kept_times;
    run_armful(crew);
    assert_int_equal(kept_times, before + 1);
    crew_stop(crew);
    assert_int_equal(crew_start(crew, 1, clock_now()), 1);
    run_armful(crew);
    assert_int_equal(kept_times, before + 2);
    crew_stop(crew);
    crew_free(crew);
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_what_was_not_collected_is_forgotten_at_the_end),
        PROMISE(test_templates_are_kept_for_a_second),
        PROMISE(test_who_finds_the_relay_away_brings_the_rest_back_unrun),
    };

    return RUN_ALL(promises);
}
