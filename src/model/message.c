/* SPDX-License-Identifier: MIT */
#include "model/message.h"

#include "base/arena.h"
#include "base/text.h"

#include <inttypes.h>
#include <string.h>

const char *const recipient_roles[] = {"mentor", "coordinator", NULL};

const char *message_kind_name(enum message_kind kind)
{
    static const char *const names[MESSAGE_KINDS] = {
        [MESSAGE_CERTIFICATION_EXPIRED] = "certification_expired",
        [MESSAGE_CERTIFICATION_EXPIRING] = "certification_expiring",
        [MESSAGE_PAUSE_ACTIVATED] = "pause_activated",
        [MESSAGE_PAUSE_LIFTED] = "pause_lifted",
    };
    return names[kind];
}

#define STORED_FACTS                                                                               \
    FIELD(struct message_facts, recipient_name, .is = FIELD_FREE),                                 \
        FIELD(struct message_facts, mentor_name, .is = FIELD_FREE),                                \
        FIELD(struct message_facts, mentor_id, .is = FIELD_FREE),                                  \
        FIELD(struct message_facts, coordinator_name, .is = FIELD_OMITTED | FIELD_FREE),           \
        FIELD(struct message_facts, certification_type, .is = FIELD_OMITTED | FIELD_FREE),         \
        FIELD(struct message_facts, expires_at, .is = FIELD_OMITTED),                              \
        FIELD(struct message_facts, days_remaining),                                               \
        FIELD(struct message_facts, reason, .is = FIELD_OMITTED | FIELD_FREE),                     \
        FIELD(struct message_facts, expected_return_date, .is = FIELD_OMITTED),                    \
        FIELD(struct message_facts, unwarned), FIELD(struct message_facts, manual),                \
        FIELD(struct message_facts, paused), FIELD(struct message_facts, removed),                 \
        FIELD(struct message_facts, ordered)

static const struct field facts_fields[] = {STORED_FACTS};
const struct record message_facts = RECORD(struct message_facts, facts_fields);

static const struct field letter_fields[] = {
    STORED_FACTS,
    FIELD(struct message_facts, in_days),
    FIELD(struct message_facts, expired),
};
const struct record letter_facts = RECORD(struct message_facts, letter_fields);

static const struct field row_fields[] = {
    FIELD(struct message, seq),
    FIELD(struct message, delivery_id),
    FIELD(struct message, kind),
    FIELD(struct message, channel),
    FIELD(struct message, recipient_role),
    FIELD(struct message, recipient_id),
    FIELD(struct message, recipient_name),
    FIELD(struct message, address),
    FIELD(struct message, language),
    FIELD(struct message, mentor_id),
    FIELD(struct message, certification_id),
    FIELD(struct message, event_id),
    FIELD(struct message, facts),
    FIELD(struct message, attempts),
    FIELD(struct message, lease_token),
    FIELD(struct message, created_at),
};
const struct record message_row = RECORD(struct message, row_fields);

static const struct field fate_fields[] = {
    FIELD(struct message_fate, seq),          FIELD(struct message_fate, recipient_role),
    FIELD(struct message_fate, recipient_id), FIELD(struct message_fate, channel),
    FIELD(struct message_fate, state),        FIELD(struct message_fate, sent_at),
    FIELD(struct message_fate, event_id),
};
const struct record message_fate_row = RECORD(struct message_fate, fate_fields);

const char *const message_result_words[] = {
    [MESSAGE_SENT] = "sent",
    [MESSAGE_PUT_OFF] = "put_off",
    [MESSAGE_UNKNOWN] = "unknown",
    [MESSAGE_FAILED] = "failed",
    [MESSAGE_INTERRUPTED] = "interrupted",
    [MESSAGE_SUPERSEDED] = "superseded",
};

const char *const message_state_words[] = {"queued", "sending",    "sent", "failed",
                                           "held",   "superseded", NULL};

static const char ID_PREFIX[] = "msg-";

const char *message_id(struct arena *arena, int64_t seq)
{
    return arena_printf(arena, "%s%05" PRId64, ID_PREFIX, seq);
}

int64_t message_seq(struct arena *arena, const char *id)
{
    int64_t seq;
    const bool readable = text_starts(id, ID_PREFIX) && text_to_int(id + strlen(ID_PREFIX), &seq);

    return readable && seq > 0 && strcmp(message_id(arena, seq), id) == 0 ? seq : 0;
}

const char *message_status(const struct message_fate *fate, const char *gone_out)
{
    if (strcmp(fate->state, "sent") == 0) {
        return gone_out;
    }
    const bool over = strcmp(fate->state, "failed") == 0 || strcmp(fate->state, "superseded") == 0;
    return over ? "failed" : "queued";
}
