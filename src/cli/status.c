/* SPDX-License-Identifier: MIT */
/* mentorwatch status: how things stand, for people and for whatever watches. */
#include "base/arena.h"
#include "base/work.h"
#include "cli/command.h"
#include "jobs/overview.h"
#include "wire/json.h"
#include "wire/json_writer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

/* ---- for programs ---- */

static void put_records(struct json_writer *to, const char *key, const struct record *record,
                        struct list items)
{
    put_list(to, key);
    for (size_t i = 0; i < items.count; i++) {
        put_json(to, NULL,
                 json_write(to->text.arena, record, (const char *)items.items + i * record->size));
    }
    put_end(to);
}

static void put_sweep(struct json_writer *to, const char *key, const struct sweep_figure *sweep)
{
    put_json(to, key,
             sweep->result == NULL ? "null" : json_write(to->text.arena, &sweep_figure, sweep));
}

static void print_json(struct arena *arena, const struct figures *figures, struct list troubles)
{
    struct json_writer to = json_writer_in(arena);
    const char *const *sentences = troubles.items;

    put_object(&to, NULL);
    put_bool(&to, "well", troubles.count == 0);
    put_list(&to, "troubles");
    for (size_t i = 0; i < troubles.count; i++) {
        put_text(&to, NULL, sentences[i]);
    }
    put_end(&to);
    put_int(&to, "schema_version", figures->schema_version);
    put_sweep(&to, "last_good_sweep", &figures->last_good_sweep);
    put_sweep(&to, "last_sweep", &figures->last_sweep);
    put_records(&to, "running", &lease_figure, figures->running);
    put_int(&to, "certifications_due", figures->certifications_due);
    put_int(&to, "reminders_due", figures->reminders_due);
    put_records(&to, "queue", &queue_figure, figures->queue);
    put_records(&to, "relays", &relay_figure, figures->relays);
    put_int(&to, "mails_per_hour", figures->mails_per_hour);
    put_records(&to, "attempts", &attempt_figure, figures->attempts);
    put_int(&to, "ended_push_targets", figures->ended_push_targets);
    put_end(&to);
    (void)fputs(json_writer_done(&to), stdout);
}

/* ---- for people ---- */

static const char *ago(const struct work *work, struct instant moment)
{
    const int64_t seconds = (work->now.ms - moment.ms) / MS_PER_SECOND;

    return seconds < 0 ? "in the future"
                       : arena_printf(work->arena, "%s ago", span_in_words(work->arena, seconds));
}

static void print_sweep(const struct work *work, const char *label,
                        const struct sweep_figure *sweep)
{
    if (sweep->result == NULL) {
        (void)printf("%-18s none\n", label);
        return;
    }
    (void)printf("%-18s %s (%s): %s%s%s\n", label,
                 instant_format(work->arena, sweep->started_at, SECONDS),
                 ago(work, sweep->started_at), sweep->result, sweep->says != NULL ? ", " : "",
                 sweep->says != NULL ? sweep->says : "");
}

static void print_running(const struct work *work, struct list running)
{
    const struct lease_figure *leases = running.items;

    for (size_t i = 0; i < running.count; i++) {
        (void)printf("%-18s %s, by %s%s%s\n", "running now", leases[i].name, leases[i].holder,
                     instant_given(leases[i].heartbeat_at) ? ", last heard of " : "",
                     instant_given(leases[i].heartbeat_at) ? ago(work, leases[i].heartbeat_at)
                                                           : "");
    }
}

static void print_queue(const struct work *work, struct list queue)
{
    const struct queue_figure *figures = queue.items;

    for (size_t i = 0; i < queue.count; i++) {
        const struct queue_figure *figure = &figures[i];
        (void)printf("%-18s %" PRId64 " %s, the oldest %s ago", figure->channel, figure->messages,
                     figure->state, span_in_words(work->arena, figure->oldest_seconds));
        if (strcmp(figure->state, "queued") == 0) {
            (void)printf(", next attempt %s",
                         instant_format(work->arena, figure->next_attempt_at, SECONDS));
        }
        (void)printf("%s\n", strcmp(figure->state, "failed") == 0
                                 ? ": mentorwatch outbox list --state failed"
                                 : "");
    }
    if (queue.count == 0) {
        (void)printf("%-18s empty\n", "outbox");
    }
}

static void print_relays(const struct figures *figures)
{
    const struct relay_figure *relays = figures->relays.items;

    for (size_t i = 0; i < figures->relays.count; i++) {
        if (figures->mails_per_hour > 0 && strcmp(relays[i].channel, "email") == 0) {
            (void)printf("%-18s %" PRId64 " of %" PRId64 "\n", "mails this hour",
                         relays[i].used_this_hour, figures->mails_per_hour);
        }
    }
}

static void print_attempts(const struct figures *figures)
{
    const struct attempt_figure *attempts = figures->attempts.items;
    const char *channel = "";

    for (size_t i = 0; i < figures->attempts.count; i++) {
        const bool same = strcmp(channel, attempts[i].channel) == 0;
        channel = attempts[i].channel;
        if (!same) {
            (void)printf("%s%s attempts%*s", i > 0 ? "\n" : "", channel,
                         (int)(10 - strlen(channel)), "");
        }
        (void)printf("%s%" PRId64 " %s", same ? ", " : "", attempts[i].attempts,
                     attempts[i].result);
    }
    (void)printf("%s", figures->attempts.count > 0 ? "\n" : "");
}

static void print_text(const struct work *work, const struct figures *figures, struct list troubles)
{
    const char *const *sentences = troubles.items;

    print_sweep(work, "last good sweep", &figures->last_good_sweep);
    print_sweep(work, "last sweep", &figures->last_sweep);
    print_running(work, figures->running);
    (void)printf("%-18s %" PRId64 "\n%-18s %" PRId64 "\n", "certifications due",
                 figures->certifications_due, "reminders due", figures->reminders_due);
    print_queue(work, figures->queue);
    print_relays(figures);
    print_attempts(figures);
    if (figures->ended_push_targets > 0) {
        (void)printf("%-18s %" PRId64 "\n", "ended targets", figures->ended_push_targets);
    }
    for (size_t i = 0; i < troubles.count; i++) {
        (void)printf("! %s\n", sentences[i]);
    }
    (void)printf("%s", troubles.count == 0 ? "All is well.\n" : "");
}

int command_status(struct work *work, const struct command_line *line)
{
    struct figures figures;
    const enum outcome outcome = overview_read(&figures, work);

    if (outcome != OK) {
        return command_failed(work, outcome);
    }
    const struct list troubles = figures_troubles(work->arena, &figures, work->now);
    if (line->json) {
        print_json(work->arena, &figures, troubles);
    } else {
        print_text(work, &figures, troubles);
    }
    return troubles.count == 0 ? EX_OK : EX_UNAVAILABLE;
}
