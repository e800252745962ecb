/* SPDX-License-Identifier: MIT */
/* mentorwatch dispatch: deliver the outbox, once or for ever. */
#include "base/arena.h"
#include "base/log.h"
#include "base/work.h"
#include "cli/command.h"
#include "cli/delivery.h"
#include "cli/progress.h"
#include "notify/crew.h"
#include "wire/json.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

enum {
    EVERY_SECONDS = 5,
    AFTER_FAILURE_SECONDS = 15, /* a database that is away is not asked all the time */
};

static volatile sig_atomic_t ended;

static void end(int number)
{
    (void)number;
    ended = 1;
    deliver_stop();
}

/* SIGTERM and SIGINT end the command after the messages in hand. */
static void listen_to_signals(void)
{
    const struct sigaction action = {.sa_handler = end};

    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGINT, &action, NULL);
}

/* Or until one of the two signals comes: they can only come while we wait, so none is missed. */
static void wait_seconds(time_t seconds)
{
    const struct timespec limit = {.tv_sec = seconds};
    sigset_t both;
    sigset_t before;

    (void)sigemptyset(&both);
    (void)sigaddset(&both, SIGTERM);
    (void)sigaddset(&both, SIGINT);
    (void)sigprocmask(SIG_BLOCK, &both, &before);
    if (ended == 0) {
        (void)ppoll(NULL, 0, &limit, &before);
    }
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
}

static void show_progress(void *context, const struct delivery_count *count)
{
    progress_show(context, "messages",
                  count->sent + count->put_off + count->failed + count->superseded, 0);
}

static void print(struct work *work, const struct command_line *line,
                  const struct delivery_count *count, bool asked)
{
    if (line->json) {
        (void)puts(json_write(work->arena, &delivery_count, count));
    } else if (line->verbose || asked) {
        delivery_print(count);
    }
    (void)fflush(stdout);
}

static int once(struct work *work, const struct command_line *line)
{
    struct delivery_count count;
    struct progress progress = progress_begin();
    const enum outcome outcome = deliver_due(&count, work, show_progress, &progress);

    progress_end(&progress);
    if (outcome != OK) {
        return command_failed(work, outcome);
    }
    print(work, line, &count, isatty(STDERR_FILENO) != 0);
    return delivery_status(&count);
}

static bool did_something(const struct delivery_count *count)
{
    return count->sent + count->put_off + count->failed + count->superseded > 0;
}

/* One round; how long to wait before the next. */
static time_t one_round(struct work *work, struct crew *crew, const struct command_line *line)
{
    struct delivery_count count;
    const enum outcome outcome = deliver_round(&count, work, crew);

    if (outcome != OK) {
        log_event(LOG_LEVEL_ERROR, "dispatch", LOG_TEXT("says", work->failure.sentence));
        return AFTER_FAILURE_SECONDS;
    }
    if (did_something(&count)) {
        print(work, line, &count, false);
    }
    return EVERY_SECONDS;
}

static int watch(struct work *work, const struct command_line *line)
{
    struct crew *crew = crew_new(work->settings);

    while (ended == 0) {
        struct work round = {
            .arena = arena_new(), .db = work->db, .settings = work->settings, .now = clock_now()};
        const time_t wait = one_round(&round, crew, line);
        arena_free(round.arena);
        wait_seconds(wait);
    }
    crew_free(crew);
    return EX_OK;
}

int command_dispatch(struct work *work, const struct command_line *line)
{
    listen_to_signals();
    return line->watch ? watch(work, line) : once(work, line);
}
