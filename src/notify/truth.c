/* SPDX-License-Identifier: MIT */
#include "notify/truth.h"

#include "base/work.h"
#include "model/reminder.h"
#include "notify/facts.h"
#include "store/certification.h"
#include "store/truth.h"

#include <stddef.h>
#include <string.h>

static bool is_kind(const struct message *message, enum message_kind kind)
{
    return strcmp(message->kind, message_kind_name(kind)) == 0;
}

static enum outcome find_certification(struct certification **out, struct work *work,
                                       const char *id)
{
    const enum outcome found = certification_find(out, work, id);

    if (found != NOT_FOUND) {
        return found;
    }
    work->failure = (struct failure){0}; /* that is an answer, too */
    *out = NULL;
    return OK;
}

static enum outcome decided_by_job(const char **why, struct work *work,
                                   const struct message *message, struct instant expires_at,
                                   const struct certification *certification)
{
    const char *type = certification != NULL ? certification->certification_type : NULL;
    const int64_t due = truth_due_threshold(
        certification, thresholds_of(work->arena, work->settings, type), work->now);
    struct reminder_rank *rank;
    struct list all = {0};

    const enum outcome found = truth_of_reminder(&rank, work, message, due);
    if (found == NOT_FOUND) { /* nobody knows any more why it was sent: as if it were an order */
        *why = truth_of_order(certification, expires_at);
        return OK;
    }
    TRY(found);
    if (certification != NULL) {
        TRY(certification_of_mentor(&all, work, certification->mentor_id));
    }
    *why = truth_of_threshold(certification, expires_at, all, rank, due);
    return OK;
}

static enum outcome reminder_stale(const char **why, struct work *work,
                                   const struct message *message, const struct message_facts *facts)
{
    struct certification *certification;

    if (message->certification_id == NULL) {
        return OK;
    }
    TRY(find_certification(&certification, work, message->certification_id));
    if (message->event_id == NULL || facts->ordered) {
        *why = truth_of_order(certification, facts->expires_at);
        return OK;
    }
    return decided_by_job(why, work, message, facts->expires_at, certification);
}

/* Whether the pause that the message tells of, its beginning or its end, is open now. */
static enum outcome pause_is_open_now(bool *out, struct work *work, const struct message *message,
                                      const struct message_facts *facts)
{
    if (facts->manual) {
        return truth_of_manual_pause(out, work, message->mentor_id);
    }
    return truth_of_pause(out, work, message->certification_id);
}

static enum outcome pause_stale(const char **why, struct work *work, const struct message *message,
                                const struct message_facts *facts)
{
    const bool ended = is_kind(message, MESSAGE_PAUSE_LIFTED);
    bool open;

    if (message->event_id == NULL) {
        return OK;
    }
    TRY(pause_is_open_now(&open, work, message, facts));
    if (open == ended) {
        *why = ended ? "the mentor has been paused again" : "the pause has ended";
    }
    return OK;
}

enum outcome message_is_stale(const char **why, struct work *work, const struct message *message)
{
    struct message_facts facts;

    *why = NULL;
    TRY(facts_read(&facts, work, message));
    return is_kind(message, MESSAGE_CERTIFICATION_EXPIRING)
               ? reminder_stale(why, work, message, &facts)
               : pause_stale(why, work, message, &facts);
}
