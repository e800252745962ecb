/* SPDX-License-Identifier: MIT */
#include "store/message.h"

#include "base/id.h"
#include "base/text.h"
#include "base/work.h"
#include "db/db.h"

enum { DETAIL_MAX = 500 }; /* characters that the table takes */

#define COLUMNS                                                                                    \
    "seq, delivery_id, kind, recipient_role, recipient_name, address, language, event_id, facts, " \
    "created_at"

static const char *first_state(const struct address *address)
{
    if (!address->reachable) {
        return "failed";
    }
    return address->channel == CHANNEL_IN_APP ? "sent" : "queued";
}

enum outcome message_insert(int64_t *seq, struct work *work, const struct message_new *message)
{
    const struct address *address = &message->address;
    const bool there_at_once = address->reachable && address->channel == CHANNEL_IN_APP;

    return db_insert(
        seq, work,
        "INSERT INTO messages (delivery_id, kind, channel, recipient_role, recipient_id, "
        "recipient_name, address, language, mentor_id, certification_id, event_id, facts, state, "
        "last_error, sent_at, next_attempt_at, created_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3), ?)",
        DB_ARGS(db_text(id_new_long(work->arena, "")), db_text(message_kind_name(message->kind)),
                db_text(channel_words[address->channel]), db_text(message->recipient_role),
                db_text(message->recipient_id), db_text(message->recipient_name),
                db_text(address->text), db_text(message->language), db_text(message->mentor_id),
                db_text(message->certification_id), db_text(message->event_id),
                db_text(message->facts), db_text(first_state(address)),
                db_text(address->reachable ? NULL : "the directory has no address for this"),
                db_time(there_at_once ? clock_now() : (struct instant){0}), db_time(work->now)));
}

static enum outcome claimed(struct list *out, struct work *work, const char *token)
{
    return db_all(out, work, &message_row,
                  "SELECT " COLUMNS " FROM messages WHERE lease_token = ? ORDER BY seq",
                  DB_ARGS(db_text(token)));
}

enum outcome message_claim(struct list *out, struct work *work, const char *token, int64_t after,
                           int64_t limit, int64_t lease_seconds)
{
    TRY(db_run(NULL, work,
               "UPDATE messages SET state = 'sending', attempts = attempts + 1, lease_token = ?, "
               "lease_until = UTC_TIMESTAMP(3) + INTERVAL ? SECOND "
               "WHERE state = 'queued' AND channel = 'email' AND seq > ? AND "
               "next_attempt_at <= UTC_TIMESTAMP(3) ORDER BY seq LIMIT ?",
               DB_ARGS(db_text(token), db_int(lease_seconds), db_int(after), db_int(limit))));
    return claimed(out, work, token);
}

enum outcome message_claim_one(struct message **out, struct work *work, const char *token,
                               int64_t seq, int64_t lease_seconds)
{
    TRY(db_run(NULL, work,
               "UPDATE messages SET state = 'sending', attempts = attempts + 1, lease_token = ?, "
               "lease_until = UTC_TIMESTAMP(3) + INTERVAL ? SECOND "
               "WHERE seq = ? AND state = 'queued' AND channel = 'email'",
               DB_ARGS(db_text(token), db_int(lease_seconds), db_int(seq))));
    return db_one(out, work, &message_row,
                  "SELECT " COLUMNS " FROM messages WHERE seq = ? AND lease_token = ?",
                  DB_ARGS(db_int(seq), db_text(token)));
}

enum outcome message_reclaim(struct work *work)
{
    return db_run(NULL, work,
                  "UPDATE messages SET state = 'queued', lease_token = NULL, lease_until = NULL "
                  "WHERE state = 'sending' AND lease_until < UTC_TIMESTAMP(3)",
                  DB_NO_ARGS);
}

enum outcome message_settle(struct work *work, int64_t seq, const char *token,
                            enum message_result result, const char *detail)
{
    const char *words = text_cut(work->arena, detail, DETAIL_MAX);
    static const char *const states[] = {
        [MESSAGE_SENT] = "sent", [MESSAGE_PUT_OFF] = "queued", [MESSAGE_FAILED] = "failed"};
    static const char *const results[] = {
        [MESSAGE_SENT] = "sent", [MESSAGE_PUT_OFF] = "put_off", [MESSAGE_FAILED] = "failed"};
    const struct instant sent_at = result == MESSAGE_SENT ? clock_now() : (struct instant){0};
    int64_t settled;

    TRY(db_run(&settled, work,
               "UPDATE messages SET state = ?, sent_at = ?, last_error = ?, lease_token = NULL, "
               "lease_until = NULL WHERE seq = ? AND lease_token = ?",
               DB_ARGS(db_text(states[result]), db_time(sent_at),
                       db_text(result == MESSAGE_SENT ? NULL : words), db_int(seq),
                       db_text(token))));
    if (settled == 0) {
        return OK;
    }
    return db_run(NULL, work,
                  "INSERT INTO message_attempts (message_seq, attempted_at, result, detail) "
                  "VALUES (?, UTC_TIMESTAMP(3), ?, ?)",
                  DB_ARGS(db_int(seq), db_text(results[result]), db_text(words)));
}

enum outcome message_release(struct work *work, const char *token)
{
    return db_run(NULL, work,
                  "UPDATE messages SET state = 'queued', attempts = attempts - 1, "
                  "lease_token = NULL, lease_until = NULL WHERE lease_token = ?",
                  DB_ARGS(db_text(token)));
}

enum outcome message_count_queued(int64_t *out, struct work *work)
{
    return db_number(out, work,
                     "SELECT COUNT(*) AS number FROM messages WHERE state IN ('queued', 'sending')",
                     DB_NO_ARGS);
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

enum outcome message_fates_of_event(struct list *out, struct work *work, const char *event_id)
{
    return db_all(out, work, &message_fate_row,
                  "SELECT " FATE " FROM messages WHERE event_id = ? ORDER BY seq",
                  DB_ARGS(db_text(event_id)));
}
