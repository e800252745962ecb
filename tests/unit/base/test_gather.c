/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "base/clock.h"
#include "base/gather.h"

#include <stdatomic.h>
#include <time.h>

enum { THREADS = 8, ROUNDS = 20000 };

struct sum {
    struct gathered gathered; /* first */
    int64_t number;
    int64_t squared;
    int times; /* that it was dealt with */
    unsigned came;
};

static struct gathering sums = GATHERING(.most_leaders = 2);
static atomic_uint clock_of_test;
static atomic_uint groups;

static void square(struct gathered *const *items, size_t count)
{
    const unsigned began = atomic_fetch_add(&clock_of_test, 1);

    atomic_fetch_add(&groups, 1);
    assert_true(count >= 1 && count <= MOST_GATHERED);
    for (size_t i = 0; i < count; i++) {
        struct sum *sum = (struct sum *)items[i];
        assert_true(sum->came <= began);
        sum->squared = sum->number * sum->number;
        sum->times++;
    }
}

static void slowly(struct gathered *const *items, size_t count)
{
    (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    square(items, count);
}

static void ask(int64_t number, gather_lead *lead)
{
    struct sum sum = {.number = number, .came = atomic_fetch_add(&clock_of_test, 1)};

    gather(&sums, &sum.gathered, lead);
    assert_int_equal(sum.times, 1);
    assert_int_equal(sum.squared, number * number);
}

static void *ask_often(void *argument)
{
    for (int64_t n = 0; n < ROUNDS; n++) {
        ask(*(const int64_t *)argument * ROUNDS + n, square);
    }
    return NULL;
}

static void *ask_slowly(void *argument)
{
    for (int64_t n = 0; n < ROUNDS / 200; n++) {
        ask(*(const int64_t *)argument * ROUNDS + n, slowly);
    }
    return NULL;
}

static void run_threads(void *(*what)(void *))
{
    pthread_t threads[THREADS];
    int64_t numbers[THREADS];

    for (int64_t i = 0; i < THREADS; i++) {
        numbers[i] = i;
        assert_int_equal(pthread_create(&threads[i], NULL, what, &numbers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
}

static void test_one_thread_alone_leads_each_time(void **state)
{
    (void)state;
    atomic_store(&groups, 0);
    for (int64_t n = 0; n < 10; n++) {
        ask(n, square);
    }
    assert_int_equal(atomic_load(&groups), 10);
}

static void test_each_item_is_dealt_with_once_and_after_it_came(void **state)
{
    (void)state;
    run_threads(ask_often);
}

static void test_who_meets_is_gathered(void **state)
{
    (void)state;
    atomic_store(&groups, 0);
    run_threads(ask_slowly);
    assert_true(atomic_load(&groups) < THREADS * (ROUNDS / 200) / 2);
}

static sem_t held;

static void hold(struct gathered *const *items, size_t count)
{
    while (sem_wait(&held) != 0) {
    }
    square(items, count);
}

static void *ask_and_hold(void *argument)
{
    (void)argument;
    ask(3, hold);
    return NULL;
}

/* All who may lead are stuck: whoever comes later is served all the same. */
static void test_leaders_who_are_stuck_hold_nobody_up(void **state)
{
    pthread_t threads[THREADS];

    (void)state;
    assert_int_equal(sem_init(&held, 0, 0), 0);
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, ask_and_hold, NULL), 0);
    }
    (void)nanosleep(&(struct timespec){.tv_nsec = 300000000}, NULL);
    ask(4, square);
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(sem_post(&held), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
}

static int64_t ms_of(struct gathering *gathering)
{
    const int64_t began_ms = clock_monotonic_ms();
    struct sum sum = {.number = 5, .came = atomic_fetch_add(&clock_of_test, 1)};

    gather(gathering, &sum.gathered, square);
    assert_int_equal(sum.squared, 25);
    return clock_monotonic_ms() - began_ms;
}

static struct gathering holding = GATHERING(.most_leaders = 1, .patience_us = 300000);
static sem_t served;

static void *bring(void *lead)
{
    struct sum sum = {.number = 6, .came = atomic_fetch_add(&clock_of_test, 1)};

    gather(&holding, &sum.gathered, *(gather_lead *const *)lead);
    assert_int_equal(sum.squared, 36);
    assert_int_equal(sem_post(&served), 0);
    return NULL;
}

static bool are_served(int count)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 10;
    while (count > 0 && sem_timedwait(&served, &until) == 0) {
        count--;
    }
    return count == 0;
}

/* One is held, three come meanwhile. False: they were not taken together, on a machine that was
 * busy with something else for long. */
static bool gather_three(void)
{
    static gather_lead *leads[] = {hold, square};
    pthread_t threads[4];

    atomic_store(&groups, 0);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, bring, &leads[i > 0]), 0);
        (void)nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    assert_int_equal(sem_post(&held), 0);
    assert_true(are_served(4));
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    return atomic_load(&groups) == 2;
}

static void test_a_leader_waits_for_as_many_as_came_the_last_time_and_not_for_ever(void **state)
{
    (void)state;
    assert_int_equal(sem_init(&served, 0, 0), 0);
    assert_int_equal(sem_init(&held, 0, 0), 0);
    assert_true(ms_of(&holding) < 200);
    for (int tries = 1; !gather_three(); tries++) {
        assert_true(tries < 20);
    }
    assert_true(ms_of(&holding) >= 300);
    assert_true(ms_of(&holding) < 200);
}

/* Nobody else comes who could take the sleeper along. */
static void test_who_sleeps_leads_beside_one_who_is_stuck(void **state)
{
    static gather_lead *leads[] = {hold, square};
    pthread_t stuck;
    pthread_t sleeper;

    (void)state;
    assert_int_equal(sem_init(&served, 0, 0), 0);
    assert_int_equal(sem_init(&held, 0, 0), 0);
    assert_int_equal(pthread_create(&stuck, NULL, bring, &leads[0]), 0);
    (void)nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    assert_int_equal(pthread_create(&sleeper, NULL, bring, &leads[1]), 0);
    assert_true(are_served(1));
    assert_int_equal(sem_post(&held), 0);
    assert_true(are_served(1));
    assert_int_equal(pthread_join(stuck, NULL), 0);
    assert_int_equal(pthread_join(sleeper, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_one_thread_alone_leads_each_time),
        PROMISE(test_each_item_is_dealt_with_once_and_after_it_came),
        PROMISE(test_who_meets_is_gathered),
        PROMISE(test_leaders_who_are_stuck_hold_nobody_up),
        PROMISE(test_a_leader_waits_for_as_many_as_came_the_last_time_and_not_for_ever),
        PROMISE(test_who_sleeps_leads_beside_one_who_is_stuck),
    };
    return RUN_ALL(promises);
}
