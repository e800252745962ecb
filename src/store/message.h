/* SPDX-License-Identifier: MIT */
/* Every statement about the outbox. A sender first claims messages (they are then `sending`, with
 * a lease and a token), sends outside any transaction, and settles each while the token is still
 * its own: a message whose lease ran out goes back to the queue and to whoever claims it next. */
#ifndef MENTORWATCH_STORE_MESSAGE_H
#define MENTORWATCH_STORE_MESSAGE_H

#include "base/outcome.h"
#include "model/message.h"
#include "model/person.h"

struct work;

struct message_new {
    enum message_kind kind;
    const char *recipient_role; /* "mentor" or "coordinator" */
    const char *recipient_id;
    const char *recipient_name;
    struct address address; /* not reachable: the message fails at once, and visibly */
    const char *language;
    const char *mentor_id;
    const char *certification_id;
    const char *event_id;
    const char *facts;
};

/* What needs no carrier (in_app) is there at once, and so counts as sent. */
enum outcome message_insert(int64_t *seq, struct work *work, const struct message_new *message);

/* Claim up to `limit` queued messages with seq > after, lowest first (struct message). */
enum outcome message_claim(struct list *out, struct work *work, const char *token, int64_t after,
                           int64_t limit, int64_t lease_seconds);
/* Claim this one; NOT_FOUND: it is no longer queued. */
enum outcome message_claim_one(struct message **out, struct work *work, const char *token,
                               int64_t seq, int64_t lease_seconds);
/* Back to the queue with what a dead sender left. */
enum outcome message_reclaim(struct work *work);

enum message_result { MESSAGE_SENT, MESSAGE_PUT_OFF, MESSAGE_FAILED };

/* Write down how an attempt ended, in the message and in its list of attempts. OK and without
 * effect when the lease was lost. */
enum outcome message_settle(struct work *work, int64_t seq, const char *token,
                            enum message_result result, const char *detail);
/* Give back all that is still claimed under this token, as if it had not been tried. */
enum outcome message_release(struct work *work, const char *token);

/* What became of these messages (int64_t), in their order (struct message_fate). */
enum outcome message_fates(struct list *out, struct work *work, struct list numbers);
/* … of the messages of a pause event or of a reminder. */
enum outcome message_fates_of_event(struct list *out, struct work *work, const char *event_id);

enum outcome message_count_queued(int64_t *out, struct work *work);

#endif
