/* SPDX-License-Identifier: MIT */
/* Every statement that carries the outbox on; the operator's are in store/outbox.h. A sender first
 * claims messages (they are then `sending`, with a lease and a token), sends outside any
 * transaction, and settles each while the token is still its own: a message whose lease ran out
 * goes back to the queue and to whoever claims it next. */
#ifndef MENTORWATCH_STORE_MESSAGE_H
#define MENTORWATCH_STORE_MESSAGE_H

#include "base/outcome.h"
#include "model/message.h"
#include "model/person.h"

#include <stdbool.h>
#include <stdint.h>

struct work;

/* Said with a state, so that the index that begins with the channel answers: there is none of
 * states alone. The first are those that wait for a carrier. */
#define CARRIED     "channel IN ('email', 'push')"
#define ANY_CHANNEL "channel IN ('email', 'push', 'in_app')"

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

/* What needs no carrier (in_app) is there at once, and so counts as sent. *numbers (int64_t, in the
 * order of the messages) may be NULL, which saves looking for them. */
enum outcome messages_insert(struct list *numbers, struct work *work, struct list messages);

/* A message whose turn has come, and to whom it is. */
struct message_turn {
    int64_t seq;
    const char *recipient_role;
    const char *recipient_id;
    int64_t earlier; /* so many that are due as well, to the same person, must go before it */
};

/* What may be claimed of a channel. */
struct message_choice {
    const char *channel;
    bool urgent;   /* no reminders */
    bool stubborn; /* only what its senders died of again and again; else only the others */
    int64_t limit;
};

/* Messages (struct message_turn) that are due, those first that were due first.
 * Nobody gets two messages at once: whoever's message is being sent waits; and nobody's messages
 * overtake each other. The channel must be locked (relay_lock), here and in what follows until
 * message_claimed(). */
enum outcome message_due(struct list *out, struct work *work, const struct message_choice *choice);
/* Whether this one is due, and no earlier one to the same person through the same channel waits to
 * be sent before it. */
enum outcome message_is_next(bool *out, struct work *work, int64_t seq);
/* The channel of a message that waits to be carried; NOT_FOUND: it does not. */
enum outcome message_channel(const char **out, struct work *work, int64_t seq);

/* They (int64_t) are being sent now, under this token. *taken: how many; the others no longer
 * waited. */
enum outcome message_claim(int64_t *taken, struct work *work, struct list numbers,
                           const char *token, int64_t lease_seconds);
/* Those of them that are claimed under the token (struct message), in the order of the numbers
 * where these rise. */
enum outcome message_claimed(struct list *out, struct work *work, struct list numbers,
                             const char *token);
/* Those whose sender let the lease run out (struct message). */
enum outcome message_lost(struct list *out, struct work *work);

/* What comes of an attempt. */
struct message_ending {
    const struct message *message;
    enum message_result result;
    bool again;             /* it is queued for another one, */
    int64_t wait_seconds;   /* so long from now */
    const char *detail;     /* the other side's words; NULL: there are none */
    const char *last_error; /* what is wrong with the message now; NULL: nothing */
};

/* Write them down, in the messages and in their lists of attempts, and count them. Those that were
 * sent under the same token take one statement where they are neighbours. *settled is false
 * when the lease of any was lost: then the unit must be rolled back, but for a single one, which
 * has changed nothing. */
enum outcome message_settle(bool *settled, struct work *work, const struct message_ending *endings,
                            size_t count);
/* Give back those of these messages (int64_t) that are still claimed under this token, as if they
 * had not been tried. */
enum outcome message_release(int64_t *released, struct work *work, const char *token,
                             struct list numbers);

/* What became of these messages (int64_t), in their order (struct message_fate). */
enum outcome message_fates(struct list *out, struct work *work, struct list numbers);
/* … of the messages of a pause event or of a reminder. */
enum outcome message_fates_of_event(struct list *out, struct work *work, const char *event_id);
/* … of many (texts), those of each side by side, each with its event_id. */
enum outcome message_fates_of_events(struct list *out, struct work *work, struct list event_ids);

enum outcome message_count_queued(int64_t *out, struct work *work);
enum outcome message_count_held(int64_t *out, struct work *work);
/* … that are due now, on the channels that need a carrier; no more than `most` are counted. */
enum outcome message_count_due(int64_t *out, struct work *work, int64_t most);

#endif
