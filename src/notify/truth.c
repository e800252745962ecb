/* SPDX-License-Identifier: MIT */
#include "notify/truth.h"

#include "base/arena.h"
#include "base/work.h"
#include "db/many.h"
#include "model/reminder.h"
#include "notify/facts.h"
#include "store/certification.h"
#include "store/truth.h"

#include <string.h>

/* What a message has to be held against. */
enum question {
    ALWAYS_TRUE,
    PAUSE_OF_CERTIFICATION,
    MANUAL_PAUSE,
    ORDERED_REMINDER,
    REMINDER_OF_JOB,
};

struct asked {
    struct statement *statement;
    struct message_facts facts;
    enum question question;
};

/* What the database says. */
struct answers {
    struct list paused;         /* struct truth_subject: certifications */
    struct list manual;         /* struct truth_subject: mentors */
    struct list certifications; /* struct certification: all of the mentors who are reminded */
    struct list ranks;          /* struct reminder_rank */
};

static bool is_kind(const struct message *message, enum message_kind kind)
{
    return strcmp(message->kind, message_kind_name(kind)) == 0;
}

static enum question question_of(const struct message *message, const struct message_facts *facts)
{
    if (is_kind(message, MESSAGE_CERTIFICATION_EXPIRING)) {
        if (message->certification_id == NULL) {
            return ALWAYS_TRUE;
        }
        return message->event_id == NULL || facts->ordered ? ORDERED_REMINDER : REMINDER_OF_JOB;
    }
    if (message->event_id == NULL) {
        return ALWAYS_TRUE;
    }
    return facts->manual ? MANUAL_PAUSE : PAUSE_OF_CERTIFICATION;
}

static struct asked *ask(struct work *work, struct statement *statements, size_t count)
{
    struct asked *asked = arena_array(work->arena, count, sizeof(*asked));

    for (size_t i = 0; i < count; i++) {
        struct statement *statement = asked[i].statement = &statements[i];
        statement->stale = statement->unreadable = NULL;
        if (facts_read(&asked[i].facts, work, statement->message) == OK) {
            asked[i].question = question_of(statement->message, &asked[i].facts);
        } else {
            statement->unreadable = work->failure.sentence;
            work->failure = (struct failure){0};
        }
    }
    return asked;
}

/* What the statement that answers these questions is asked with. */
static struct db_rows rows_of(struct arena *arena, const struct asked *asked, size_t count,
                              enum question first, enum question last,
                              struct db_arg argument(const struct message *))
{
    struct db_rows rows = db_rows(arena, count, 1);

    for (size_t i = 0; i < count; i++) {
        if (asked[i].question >= first && asked[i].question <= last) {
            db_rows_add(&rows, DB_ARGS(argument(asked[i].statement->message)));
        }
    }
    return rows;
}

static struct db_arg certification_of(const struct message *message)
{
    return db_text(message->certification_id);
}

static struct db_arg mentor_of(const struct message *message)
{
    return db_text(message->mentor_id);
}

static struct db_arg number_of(const struct message *message)
{
    return db_int(message->seq);
}

static enum outcome find_answers(struct answers *out, struct work *work, const struct asked *asked,
                                 size_t count)
{
    struct arena *arena = work->arena;
    const struct db_rows certifications = rows_of(arena, asked, count, PAUSE_OF_CERTIFICATION,
                                                  PAUSE_OF_CERTIFICATION, certification_of);
    const struct db_rows mentors =
        rows_of(arena, asked, count, MANUAL_PAUSE, MANUAL_PAUSE, mentor_of);
    const struct db_rows holders =
        rows_of(arena, asked, count, ORDERED_REMINDER, REMINDER_OF_JOB, mentor_of);
    const struct db_rows reminders =
        rows_of(arena, asked, count, REMINDER_OF_JOB, REMINDER_OF_JOB, number_of);

    TRY(truth_of_pauses(&out->paused, work, &certifications));
    TRY(truth_of_manual_pauses(&out->manual, work, &mentors));
    TRY(certification_of_mentors(&out->certifications, work, &holders));
    return truth_of_reminders(&out->ranks, work, &reminders);
}

static bool is_among(struct list subjects, const char *id)
{
    const struct truth_subject *subject = subjects.items;

    for (size_t i = 0; id != NULL && i < subjects.count; i++) {
        if (strcmp(subject[i].id, id) == 0) {
            return true;
        }
    }
    return false;
}

static const char *pause_stale(const struct message *message, bool open)
{
    const bool ended = is_kind(message, MESSAGE_PAUSE_LIFTED);

    if (open != ended) {
        return NULL;
    }
    return ended ? "the mentor has been paused again" : "the pause has ended";
}

static const struct certification *certification_among(struct list all, const char *id)
{
    const struct certification *certification = all.items;

    for (size_t i = 0; i < all.count; i++) {
        if (strcmp(certification[i].certification_id, id) == 0) {
            return &certification[i];
        }
    }
    return NULL;
}

static const struct reminder_rank *rank_among(struct list all, int64_t seq)
{
    const struct reminder_rank *rank = all.items;

    for (size_t i = 0; i < all.count; i++) {
        if (rank[i].seq == seq) {
            return &rank[i];
        }
    }
    return NULL;
}

static const char *reminder_stale(struct work *work, const struct asked *asked,
                                  const struct answers *answers)
{
    const struct message *message = asked->statement->message;
    const struct certification *certification =
        certification_among(answers->certifications, message->certification_id);
    const struct instant expires_at = asked->facts.expires_at;
    const char *type = certification != NULL ? certification->certification_type : NULL;
    const struct reminder_rank *rank = rank_among(answers->ranks, message->seq);

    /* Where nobody knows any more why the job sent it, it is as if it were an order. */
    if (asked->question == ORDERED_REMINDER || rank == NULL) {
        return truth_of_order(certification, expires_at);
    }
    const int64_t due = truth_due_threshold(
        certification, thresholds_of(work->arena, work->settings, type), work->now);
    return truth_of_threshold(certification, expires_at, answers->certifications, rank, due);
}

static const char *stale(struct work *work, const struct asked *asked,
                         const struct answers *answers)
{
    const struct message *message = asked->statement->message;

    switch (asked->question) {
    case ALWAYS_TRUE:
        break;
    case PAUSE_OF_CERTIFICATION:
        return pause_stale(message, is_among(answers->paused, message->certification_id));
    case MANUAL_PAUSE:
        return pause_stale(message, is_among(answers->manual, message->mentor_id));
    case ORDERED_REMINDER:
    case REMINDER_OF_JOB:
        return reminder_stale(work, asked, answers);
    }
    return NULL;
}

enum outcome truth_look(struct work *work, struct statement *statements, size_t count)
{
    const struct asked *asked = ask(work, statements, count);
    struct answers answers;

    TRY(find_answers(&answers, work, asked, count));
    for (size_t i = 0; i < count; i++) {
        statements[i].stale = stale(work, &asked[i], &answers);
    }
    return OK;
}
