/* SPDX-License-Identifier: MIT */
/* What an operator watches: when the last sweeps were, what waits, what goes on, what was tried. */
#ifndef MENTORWATCH_MODEL_FIGURES_H
#define MENTORWATCH_MODEL_FIGURES_H

#include "base/clock.h"
#include "base/record.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

/* A sweep as it was recorded. */
struct sweep_figure {
    struct instant started_at;
    struct instant completed_at; /* absent: it is running, or was cut off */
    const char *result;          /* see the table sweeps; NULL: there is none */
    const char *says;
};
extern const struct record sweep_figure;

/* A job that is running now. */
struct lease_figure {
    const char *name;
    const char *holder;
    struct instant taken_at;
    struct instant heartbeat_at;
};
extern const struct record lease_figure;

/* The messages of one channel in one state. */
struct queue_figure {
    const char *channel;
    const char *state; /* queued, sending, held or failed */
    int64_t messages;
    int64_t oldest_seconds;         /* the age of the oldest of them */
    int64_t overdue_seconds;        /* since when one of them could be sent; 0: none can yet */
    struct instant next_attempt_at; /* when the first of them is due */
};
extern const struct record queue_figure;

/* The way of one channel. */
struct relay_figure {
    const char *channel;
    bool paused;
    struct instant paused_until;
    const char *reason;
    int64_t used_this_hour;
};
extern const struct record relay_figure;

/* Attempts since the beginning. */
struct attempt_figure {
    const char *channel;
    const char *result;
    int64_t attempts;
};
extern const struct record attempt_figure;

struct figures {
    int64_t schema_version;
    struct sweep_figure last_sweep;
    struct sweep_figure last_good_sweep;
    struct list running;        /* struct lease_figure */
    int64_t certifications_due; /* expired, and the expiry job has not acted yet */
    int64_t reminders_due;      /* a threshold is due, and nothing was sent for it */
    struct list queue;          /* struct queue_figure; no sent ones */
    struct list relays;         /* struct relay_figure */
    int64_t mails_per_hour;     /* the limit; 0: none */
    struct list attempts;       /* struct attempt_figure */
    int64_t ended_push_targets;
};

/* What is not as it should be and what to do, as sentences (const char *): no good sweep for 26
 * hours, messages that could have been sent an hour ago, a paused relay. Empty: all is well. */
struct list figures_troubles(struct arena *arena, const struct figures *figures,
                             struct instant now);

/* The first, and the two others, of these alone. */
struct list figures_sweep_troubles(struct arena *arena, const struct figures *figures,
                                   struct instant now);
struct list figures_delivery_troubles(struct arena *arena, const struct figures *figures);

/* "3 hours", "1 day": a span in the largest unit of which there is one. */
const char *span_in_words(struct arena *arena, int64_t seconds);

#endif
