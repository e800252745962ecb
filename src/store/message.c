/* SPDX-License-Identifier: MIT */
#include "store/message.h"

#include "base/id.h"
#include "base/text.h"
#include "base/work.h"
#include "db/many.h"
#include "store/inserted.h"

#include <string.h>

enum {
    DETAIL_MAX = 500, /* characters that the table takes */
    SHARDS = 16,
};

/* What so many senders died of waits behind all others, and alone. */
#define STUBBORN "interruptions > 2"

#define COLUMNS                                                                                    \
    "seq, delivery_id, kind, channel, recipient_role, recipient_id, recipient_name, address, "     \
    "language, mentor_id, certification_id, event_id, facts, attempts, "                           \
    "lease_token, created_at"

static const char *first_state(const struct address *address)
{
    if (!address->reachable) {
        return "failed";
    }
    return address->channel == CHANNEL_IN_APP ? "sent" : "queued";
}

static const struct field turn_fields[] = {
    FIELD(struct message_turn, seq),
    FIELD(struct message_turn, recipient_role),
    FIELD(struct message_turn, recipient_id),
    FIELD(struct message_turn, earlier),
};
static const struct record turn_row = RECORD(struct message_turn, turn_fields);

static void add_message(struct db_rows *rows, struct work *work, const char *delivery_id,
                        const struct message_new *message, struct instant sent_at)
{
    const struct address *address = &message->address;
    const bool there_at_once = address->reachable && address->channel == CHANNEL_IN_APP;

    db_rows_add(
        rows,
        DB_ARGS(db_text(delivery_id), db_text(message_kind_name(message->kind)),
                db_text(channel_words[address->channel]), db_text(message->recipient_role),
                db_text(message->recipient_id), db_text(message->recipient_name),
                db_text(address->text), db_text(message->language), db_text(message->mentor_id),
                db_text(message->certification_id), db_text(message->event_id),
                db_text(message->facts), db_text(first_state(address)),
                db_text(address->reachable ? NULL : "the directory has no address for this"),
                db_time(there_at_once ? sent_at : (struct instant){0}), db_time(work->now)));
}

enum outcome messages_insert(struct list *numbers, struct work *work, struct list messages)
{
    const struct message_new *message = messages.items;
    const struct instant now = clock_now();
    struct id_series ids = id_series_long("");
    struct db_rows rows = db_rows(work->arena, messages.count, 16);
    const struct db_many statement = {
        .begin = "INSERT INTO messages (delivery_id, kind, channel, recipient_role, recipient_id, "
                 "recipient_name, address, language, mentor_id, certification_id, event_id, "
                 "facts, state, last_error, sent_at, created_at, next_attempt_at) VALUES ",
        .each = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3))",
    };

    for (size_t i = 0; i < messages.count; i++) {
        add_message(&rows, work, id_next(work->arena, &ids), &message[i], now);
    }
    TRY(db_run_many(NULL, work, &statement, &rows));
    return numbers == NULL ? OK : inserted_numbers(numbers, work, "messages", "delivery_id", &rows);
}

/* Being sent to the same person as m, through the same channel. */
#define IN_HAND                                                                                    \
    "(SELECT 1 FROM messages s FORCE INDEX (messages_in_order) WHERE "                             \
    "s.recipient_id = m.recipient_id AND s.recipient_role = m.recipient_role AND "                 \
    "s.channel = m.channel AND s.state = 'sending')"

/* To the same person, through the same channel, before m, and due as well. */
#define BEFORE                                                                                     \
    "FROM messages e FORCE INDEX (messages_in_order) WHERE "                                       \
    "e.recipient_id = m.recipient_id AND e.recipient_role = m.recipient_role AND "                 \
    "e.channel = m.channel AND e.state = 'queued' AND e.seq < m.seq AND "                          \
    "e.next_attempt_at <= UTC_TIMESTAMP(3) AND NOT (e." STUBBORN ")"

/* Along the index messages_to_claim, so that what is not due yet is never read; the databases would
 * rather walk along the primary key. In the order of next_attempt_at a message that was put off may
 * come after a later one to the same person: then that one has to wait. HAVING, and not WHERE, says
 * so: one look at the others tells how many they are and whether one comes later. Whose message is
 * being sent is found once, for there may be thousands more to the same person. Only where kinds
 * count are rows read, and not the indexes alone. */
#define DUE(of_these, of_those)                                                                    \
    "SELECT m.seq, m.recipient_role, m.recipient_id, (SELECT "                                     \
    "IF(MAX(e.next_attempt_at) > m.next_attempt_at, NULL, COUNT(*)) " BEFORE of_those              \
    ") AS earlier FROM messages m FORCE INDEX (messages_to_claim) WHERE m.channel = ? AND "        \
    "m.state = 'queued' AND m.next_attempt_at <= UTC_TIMESTAMP(3) AND (m." STUBBORN                \
    ") = ?" of_these " AND (m.recipient_id, m.recipient_role) NOT IN (SELECT s.recipient_id, "     \
    "s.recipient_role FROM messages s WHERE s.channel = ? AND s.state = 'sending') "               \
    "HAVING earlier IS NOT NULL ORDER BY m.next_attempt_at, m.seq LIMIT ?"

enum outcome message_due(struct list *out, struct work *work, const struct message_choice *choice)
{
    static const char urgent[] =
        DUE(" AND m.kind <> 'certification_expiring'", " AND e.kind <> 'certification_expiring'");
    static const char any[] = DUE("", "");

    return db_all(out, work, &turn_row, choice->urgent ? urgent : any,
                  DB_ARGS(db_text(choice->channel), db_bool(choice->stubborn),
                          db_text(choice->channel), db_int(choice->limit)));
}

enum outcome message_is_next(bool *out, struct work *work, int64_t seq)
{
    int64_t next;

    TRY(db_number(&next, work,
                  "SELECT EXISTS (SELECT 1 FROM messages m WHERE m.seq = ? AND m.state = 'queued' "
                  "AND m.next_attempt_at <= UTC_TIMESTAMP(3) AND NOT EXISTS " IN_HAND " AND "
                  "NOT EXISTS (SELECT 1 " BEFORE ")) AS number",
                  DB_ARGS(db_int(seq))));
    *out = next != 0;
    return OK;
}

enum outcome message_channel(const char **out, struct work *work, int64_t seq)
{
    struct message *message;

    TRY(db_one(&message, work, &message_row,
               "SELECT channel FROM messages WHERE seq = ? AND state = 'queued' AND "
               "channel <> 'in_app'",
               DB_ARGS(db_int(seq))));
    *out = message->channel;
    return OK;
}

enum outcome message_claim(int64_t *taken, struct work *work, struct list numbers,
                           const char *token, int64_t lease_seconds)
{
    const struct db_rows rows = db_rows_of_numbers(work->arena, numbers);

    return db_run_many(
        taken, work,
        &(struct db_many){
            .begin = "UPDATE messages SET state = 'sending', attempts = attempts + 1, "
                     "lease_token = ?, lease_until = UTC_TIMESTAMP(3) + INTERVAL ? SECOND "
                     "WHERE state = 'queued' AND seq IN (",
            .begin_args = DB_ARGS(db_text(token), db_int(lease_seconds)),
            .each = "?",
            .end = ")",
            .repeatable = true,
        },
        &rows);
}

enum outcome message_claimed(struct list *out, struct work *work, struct list numbers,
                             const char *token)
{
    const struct db_rows rows = db_rows_of_numbers(work->arena, numbers);

    return db_all_many(
        out, work, &message_row,
        &(struct db_many){
            .begin = "SELECT " COLUMNS " FROM messages WHERE lease_token = ? AND seq IN (",
            .begin_args = DB_ARGS(db_text(token)),
            .each = "?",
            .end = ") ORDER BY seq",
        },
        &rows);
}

enum outcome message_lost(struct list *out, struct work *work)
{
    return db_all(out, work, &message_row,
                  "SELECT " COLUMNS " FROM messages WHERE " CARRIED " AND state = 'sending' "
                  "AND lease_until < UTC_TIMESTAMP(3) ORDER BY seq",
                  DB_NO_ARGS);
}

static const char *state_after(const struct message_ending *ending)
{
    if (ending->again) {
        return "queued";
    }
    switch (ending->result) {
    case MESSAGE_SENT:
        return "sent";
    case MESSAGE_SUPERSEDED:
        return "superseded";
    case MESSAGE_PUT_OFF:
    case MESSAGE_UNKNOWN:
    case MESSAGE_FAILED:
    case MESSAGE_INTERRUPTED:
        break;
    }
    return "failed";
}

/* One of several rows for the same figure, so that senders seldom wait for each other. */
static enum outcome count_attempts(struct work *work, const struct message *message,
                                   enum message_result result, int64_t attempts)
{
    const int64_t shard = (int64_t)(text_hash(message->lease_token) % SHARDS);

    return db_run(NULL, work,
                  "INSERT INTO delivery_counters (channel, result, shard, attempts) "
                  "VALUES (?, ?, ?, ?) ON DUPLICATE KEY UPDATE attempts = attempts + "
                  "VALUES(attempts)",
                  DB_ARGS(db_text(message->channel), db_text(message_result_words[result]),
                          db_int(shard), db_int(attempts)));
}

static enum outcome record_attempts(struct work *work, const struct message_ending *endings,
                                    size_t count)
{
    struct db_rows rows = db_rows(work->arena, count, 3);

    for (size_t i = 0; i < count; i++) {
        db_rows_add(&rows, DB_ARGS(db_int(endings[i].message->seq),
                                   db_text(message_result_words[endings[i].result]),
                                   db_text(text_cut(work->arena, endings[i].detail, DETAIL_MAX))));
    }
    return db_run_many(
        NULL, work,
        &(struct db_many){
            .begin = "INSERT INTO message_attempts (message_seq, result, detail, attempted_at) "
                     "VALUES ",
            .each = "(?, ?, ?, UTC_TIMESTAMP(3))",
        },
        &rows);
}

/* Whether one statement settles both alike. */
static bool same_ending(const struct message_ending *one, const struct message_ending *other)
{
    return one->result == MESSAGE_SENT && other->result == MESSAGE_SENT &&
           strcmp(one->message->lease_token, other->message->lease_token) == 0;
}

static enum outcome settle_alike(bool *settled, struct work *work,
                                 const struct message_ending *endings, size_t count)
{
    const struct message_ending *ending = &endings[0];
    const struct instant sent_at =
        ending->result == MESSAGE_SENT ? clock_now() : (struct instant){0};
    struct db_rows rows = db_rows(work->arena, count, 1);
    int64_t changed;

    for (size_t i = 0; i < count; i++) {
        db_rows_add(&rows, DB_ARGS(db_int(endings[i].message->seq)));
    }
    TRY(db_run_many(&changed, work,
                    &(struct db_many){
                        .begin = "UPDATE messages SET state = ?, sent_at = ?, last_error = ?, "
                                 "lease_token = NULL, lease_until = NULL, "
                                 "interruptions = interruptions + ?, next_attempt_at = "
                                 "UTC_TIMESTAMP(3) + INTERVAL ? SECOND "
                                 "WHERE lease_token = ? AND seq IN (",
                        .begin_args = DB_ARGS(
                            db_text(state_after(ending)), db_time(sent_at),
                            db_text(text_cut(work->arena, ending->last_error, DETAIL_MAX)),
                            db_int(ending->result == MESSAGE_INTERRUPTED),
                            db_int(ending->wait_seconds), db_text(ending->message->lease_token)),
                        .each = "?",
                        .end = ")",
                        .repeatable = true,
                    },
                    &rows));
    *settled = changed == (int64_t)count;
    return *settled ? count_attempts(work, ending->message, ending->result, changed) : OK;
}

enum outcome message_settle(bool *settled, struct work *work, const struct message_ending *endings,
                            size_t count)
{
    *settled = true;
    for (size_t i = 0, alike; i < count && *settled; i += alike) {
        for (alike = 1; i + alike < count && same_ending(&endings[i], &endings[i + alike]);) {
            alike++;
        }
        TRY(settle_alike(settled, work, &endings[i], alike));
    }
    return *settled ? record_attempts(work, endings, count) : OK;
}

enum outcome message_release(int64_t *released, struct work *work, const char *token,
                             struct list numbers)
{
    const struct db_rows rows = db_rows_of_numbers(work->arena, numbers);

    return db_run_many(released, work,
                       &(struct db_many){
                           .begin = "UPDATE messages SET state = 'queued', "
                                    "attempts = attempts - 1, lease_token = NULL, "
                                    "lease_until = NULL WHERE lease_token = ? AND seq IN (",
                           .begin_args = DB_ARGS(db_text(token)),
                           .each = "?",
                           .end = ")",
                           .repeatable = true,
                       },
                       &rows);
}

enum outcome message_count_queued(int64_t *out, struct work *work)
{
    return db_number(out, work,
                     "SELECT COUNT(*) AS number FROM messages WHERE " CARRIED
                     " AND state IN ('queued', 'sending')",
                     DB_NO_ARGS);
}

enum outcome message_count_held(int64_t *out, struct work *work)
{
    return db_number(out, work,
                     "SELECT COUNT(*) AS number FROM messages WHERE " CARRIED " AND state = 'held'",
                     DB_NO_ARGS);
}

enum outcome message_count_due(int64_t *out, struct work *work, int64_t most)
{
    return db_number(
        out, work,
        "SELECT COUNT(*) AS number FROM (SELECT seq FROM messages "
        "FORCE INDEX (messages_to_claim) WHERE " CARRIED
        " AND state = 'queued' AND next_attempt_at <= UTC_TIMESTAMP(3) LIMIT ?) AS due",
        DB_ARGS(db_int(most)));
}

#define FATE "seq, recipient_role, recipient_id, channel, state, sent_at"

enum outcome message_fates(struct list *out, struct work *work, struct list numbers)
{
    const int64_t *seqs = numbers.items;

    *out = (struct list){0};
    for (size_t i = 0; i < numbers.count; i++) {
        struct message_fate *fate;
        TRY(db_one(&fate, work, &message_fate_row, "SELECT " FATE " FROM messages WHERE seq = ?",
                   DB_ARGS(db_int(seqs[i]))));
        *(struct message_fate *)list_append(out, work->arena, sizeof(*fate)) = *fate;
    }
    return OK;
}

enum outcome message_fates_of_events(struct list *out, struct work *work, struct list event_ids)
{
    const struct db_rows rows = db_rows_of_texts(work->arena, event_ids);
    const struct db_many statement = {
        .begin = "SELECT " FATE ", event_id FROM messages WHERE event_id IN (",
        .each = "?",
        .end = ") ORDER BY event_id, seq",
    };

    return db_all_many(out, work, &message_fate_row, &statement, &rows);
}

enum outcome message_fates_of_event(struct list *out, struct work *work, const char *event_id)
{
    return message_fates_of_events(out, work, (struct list){.items = &event_id, .count = 1});
}
