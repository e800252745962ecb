/* SPDX-License-Identifier: MIT */
#include "api/metrics.h"

#include "base/text.h"
#include "base/work.h"
#include "http/request.h"
#include "jobs/overview.h"

#include <inttypes.h>
#include <string.h>

#define PREFIX "mentorwatch_"

/* How a family of figures begins. */
static void add_family(struct text *out, const char *name, const char *type, const char *help)
{
    text_add_format(out, "# HELP " PREFIX "%s %s\n# TYPE " PREFIX "%s %s\n", name, help, name,
                    type);
}

static void add_gauge(struct text *out, const char *name, const char *help, int64_t value)
{
    add_family(out, name, "gauge", help);
    text_add_format(out, PREFIX "%s %" PRId64 "\n", name, value);
}

/* A moment as Prometheus has it; absent where there is none. */
static void add_moment(struct text *out, const char *name, const char *help, struct instant moment)
{
    if (instant_given(moment)) {
        add_gauge(out, name, help, instant_unix_seconds(moment));
    }
}

static void add_sweeps(struct text *out, const struct figures *figures)
{
    static const char *const results[] = {"running", "good",    "failures", "braked",
                                          "left",    "refused", "failed"};
    const char *last = figures->last_sweep.result;

    add_moment(out, "last_good_sweep_timestamp_seconds", "When the last sweep that was good ended.",
               figures->last_good_sweep.completed_at);
    add_moment(out, "last_sweep_timestamp_seconds", "When the last sweep began.",
               figures->last_sweep.started_at);
    add_family(out, "last_sweep_result", "gauge", "How the last sweep ended: 1 for that result.");
    for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
        text_add_format(out, PREFIX "last_sweep_result{result=\"%s\"} %d\n", results[i],
                        last != NULL && strcmp(last, results[i]) == 0);
    }
    add_gauge(out, "jobs_running", "Jobs and sweeps that hold their lease now.",
              (int64_t)figures->running.count);
}

typedef int64_t queue_value(const struct queue_figure *figure);

static int64_t messages_of(const struct queue_figure *figure)
{
    return figure->messages;
}

static int64_t oldest_of(const struct queue_figure *figure)
{
    return figure->oldest_seconds;
}

static int64_t overdue_of(const struct queue_figure *figure)
{
    return figure->overdue_seconds;
}

/* Each channel and state, 0 where nothing is found. */
static void add_queue(struct text *out, const struct figures *figures, const char *name,
                      const char *const *states, queue_value *value)
{
    static const char *const channels[] = {"email", "push", NULL};
    const struct queue_figure *queue = figures->queue.items;

    for (size_t channel = 0; channels[channel] != NULL; channel++) {
        for (size_t state = 0; states[state] != NULL; state++) {
            int64_t found = 0;
            for (size_t i = 0; i < figures->queue.count; i++) {
                if (strcmp(queue[i].channel, channels[channel]) == 0 &&
                    strcmp(queue[i].state, states[state]) == 0) {
                    found = value(&queue[i]);
                }
            }
            text_add_format(out, PREFIX "%s{channel=\"%s\",state=\"%s\"} %" PRId64 "\n", name,
                            channels[channel], states[state], found);
        }
    }
}

static void add_messages(struct text *out, const struct figures *figures)
{
    static const char *const states[] = {"queued", "sending", "held", "failed", NULL};
    static const char *const queued[] = {"queued", NULL};

    add_family(out, "messages", "gauge", "Messages of the outbox that were not sent.");
    add_queue(out, figures, "messages", states, messages_of);
    add_family(out, "oldest_message_age_seconds", "gauge", "Age of the oldest of them.");
    add_queue(out, figures, "oldest_message_age_seconds", queued, oldest_of);
    add_family(out, "message_overdue_seconds", "gauge",
               "Since when the first of them could have been sent.");
    add_queue(out, figures, "message_overdue_seconds", queued, overdue_of);
}

static void add_relays(struct text *out, const struct figures *figures)
{
    const struct relay_figure *relays = figures->relays.items;

    add_family(out, "channel_paused", "gauge", "Whether nobody tries the channel for a while.");
    for (size_t i = 0; i < figures->relays.count; i++) {
        text_add_format(out, PREFIX "channel_paused{channel=\"%s\"} %d\n", relays[i].channel,
                        relays[i].paused);
    }
    add_family(out, "messages_this_hour", "gauge", "Messages taken up in the hour that goes on.");
    for (size_t i = 0; i < figures->relays.count; i++) {
        text_add_format(out, PREFIX "messages_this_hour{channel=\"%s\"} %" PRId64 "\n",
                        relays[i].channel, relays[i].used_this_hour);
    }
    add_gauge(out, "mails_per_hour_limit", "Most mails in an hour; 0: no limit.",
              figures->mails_per_hour);
}

static void add_attempts(struct text *out, const struct figures *figures)
{
    const struct attempt_figure *attempts = figures->attempts.items;

    add_family(out, "delivery_attempts_total", "counter", "Attempts to deliver a message.");
    for (size_t i = 0; i < figures->attempts.count; i++) {
        text_add_format(
            out, PREFIX "delivery_attempts_total{channel=\"%s\",result=\"%s\"} %" PRId64 "\n",
            attempts[i].channel, attempts[i].result, attempts[i].attempts);
    }
}

enum outcome metrics_read(struct request *request)
{
    struct text out = text_in(request->work->arena);
    struct figures figures;

    TRY(overview_read(&figures, request->work));
    add_gauge(&out, "schema_version", "The last migration that the database has.",
              figures.schema_version);
    add_sweeps(&out, &figures);
    add_gauge(&out, "certifications_due", "Expired, and not acted on yet.",
              figures.certifications_due);
    add_gauge(&out, "reminders_due", "Thresholds that are due, and not reminded of yet.",
              figures.reminders_due);
    add_messages(&out, &figures);
    add_relays(&out, &figures);
    add_attempts(&out, &figures);
    add_gauge(&out, "push_targets_ended", "Push targets that said that they are gone for good.",
              figures.ended_push_targets);
    return reply_text(request, METRICS_TYPE, text_done(&out));
}
