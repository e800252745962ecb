/* SPDX-License-Identifier: MIT */
#include "jobs/helper.h"

#include "base/arena.h"
#include "base/work.h"
#include "db/db.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct helper {
    struct arena *kept; /* holds the helper itself */
    struct work work;
    pthread_t thread;
    bool has_thread;
    pthread_mutex_t lock; /* of the rest */
    pthread_cond_t changed;
    helper_task *task; /* NULL: none is in hand */
    void *context;
    bool ending;
};

struct helper *helper_new(const struct work *owner)
{
    struct arena *kept = arena_new();
    struct helper *helper = arena_alloc(kept, sizeof(*helper));

    helper->kept = kept;
    helper->work = *owner;
    helper->work.arena = arena_new();
    helper->work.db = NULL;
    if (pthread_mutex_init(&helper->lock, NULL) != 0 ||
        pthread_cond_init(&helper->changed, NULL) != 0) {
        abort();
    }
    return helper;
}

static void do_task(struct helper *helper)
{
    if (helper->work.db == NULL) {
        helper->work.db = db_new(helper->work.settings);
    }
    arena_reset(helper->work.arena);
    helper->task(&helper->work, helper->context);
}

static void *do_tasks(void *argument)
{
    struct helper *helper = argument;

    (void)pthread_mutex_lock(&helper->lock);
    while (!helper->ending) {
        if (helper->task == NULL) {
            (void)pthread_cond_wait(&helper->changed, &helper->lock);
            continue;
        }
        (void)pthread_mutex_unlock(&helper->lock);
        do_task(helper);
        (void)pthread_mutex_lock(&helper->lock);
        helper->task = NULL;
        (void)pthread_cond_signal(&helper->changed);
    }
    (void)pthread_mutex_unlock(&helper->lock);
    db_free(helper->work.db);
    helper->work.db = NULL;
    return NULL;
}

static void end_thread(struct helper *helper)
{
    (void)pthread_mutex_lock(&helper->lock);
    helper->ending = true;
    (void)pthread_cond_signal(&helper->changed);
    (void)pthread_mutex_unlock(&helper->lock);
    (void)pthread_join(helper->thread, NULL);
}

void helper_free(struct helper *helper)
{
    if (helper == NULL) {
        return;
    }
    if (helper->has_thread) {
        end_thread(helper);
    }
    db_free(helper->work.db);
    arena_free(helper->work.arena);
    (void)pthread_cond_destroy(&helper->changed);
    (void)pthread_mutex_destroy(&helper->lock);
    arena_free(helper->kept);
}

bool helper_has_thread(const struct helper *helper)
{
    return helper->has_thread;
}

void helper_begin(struct helper *helper, helper_task *task, void *context)
{
    helper->has_thread =
        helper->has_thread || pthread_create(&helper->thread, NULL, do_tasks, helper) == 0;
    (void)pthread_mutex_lock(&helper->lock);
    helper->task = task;
    helper->context = context;
    (void)pthread_cond_signal(&helper->changed);
    (void)pthread_mutex_unlock(&helper->lock);
    if (!helper->has_thread) {
        do_task(helper);
        helper->task = NULL;
    }
}

struct work *helper_await(struct helper *helper)
{
    (void)pthread_mutex_lock(&helper->lock);
    while (helper->task != NULL) {
        (void)pthread_cond_wait(&helper->changed, &helper->lock);
    }
    (void)pthread_mutex_unlock(&helper->lock);
    return &helper->work;
}
