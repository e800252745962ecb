/* SPDX-License-Identifier: MIT */
/* Why a mentor was or was not reminded or paused, and what comes next, in sentences that a
 * coordinator would be given. No I/O, no SQL. */
#ifndef MENTORWATCH_MODEL_EXPLANATION_H
#define MENTORWATCH_MODEL_EXPLANATION_H

#include "base/clock.h"
#include "base/record.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct settings;

/* A message about one of the mentor's certifications, as the outbox has it. */
struct told {
    int64_t seq;
    const char *kind;
    const char *channel;
    const char *recipient_role;
    const char *certification_id;
    const char *event_id; /* the reminder or the pause event; NULL: none */
    const char *state;
    const char *last_error;
    int64_t attempts;
    struct instant created_at;
    struct instant sent_at;
    struct instant next_attempt_at;
};
extern const struct record told_row;

/* An open pause of any kind. */
struct open_pause {
    const char *kind;             /* manual or certification_expiry */
    const char *certification_id; /* NULL: manual, or it was removed */
    const char *reason;           /* NULL: none was given */
    bool warned;
    struct instant opened_at;
    struct instant expected_return_date;
};
extern const struct record open_pause_row;

/* All that there is about a mentor. */
struct explanation_facts {
    const char *mentor_id;
    const char *mentor_name;    /* NULL: the directory does not have the mentor any more */
    struct list certifications; /* struct certification, status filled */
    struct list pauses;         /* struct open_pause */
    struct list reminders;      /* struct reminder, in the order in which they were made */
    struct list decisions;      /* struct decision, the last first */
    struct list messages;       /* struct told, in the order in which they were enqueued */
    struct instant now;
    const struct settings *settings;
};

/* Of one certification. */
struct explained {
    const char *certification_id;
    const char *certification_type;
    const char *status;
    struct instant expires_at;
    const char *superseded_by;    /* NULL: nothing supersedes it */
    struct instant next_reminder; /* absent: none will come */
    struct instant pause;         /* when the mentor will be paused for it; absent: never */
    struct list says;             /* sentences */
};

struct explanation {
    const char *mentor_id;
    const char *mentor_name;
    bool paused;
    struct list says;           /* sentences about the mentor */
    struct list certifications; /* struct explained, the last to expire first */
};
extern const struct record explanation;

/* Everything lives in the arena or in the facts. */
struct explanation explain(struct arena *arena, const struct explanation_facts *facts);

#endif
