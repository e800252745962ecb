/* SPDX-License-Identifier: MIT */
#include "model/message.h"

const char *message_kind_name(enum message_kind kind)
{
    static const char *const names[MESSAGE_KINDS] = {
        [MESSAGE_CERTIFICATION_EXPIRED] = "certification_expired",
        [MESSAGE_PAUSE_LIFTED] = "pause_lifted",
    };
    return names[kind];
}

static const struct field facts_fields[] = {
    FIELD(struct message_facts, recipient_name, .is = FIELD_FREE),
    FIELD(struct message_facts, mentor_name, .is = FIELD_FREE),
    FIELD(struct message_facts, mentor_id, .is = FIELD_FREE),
    FIELD(struct message_facts, coordinator_name, .is = FIELD_OMITTED | FIELD_FREE),
    FIELD(struct message_facts, certification_type, .is = FIELD_FREE),
    FIELD(struct message_facts, expires_at),
    FIELD(struct message_facts, unwarned),
    FIELD(struct message_facts, still_paused),
    FIELD(struct message_facts, removed),
};
const struct record message_facts = RECORD(struct message_facts, facts_fields);

static const struct field row_fields[] = {
    FIELD(struct message, seq),
    FIELD(struct message, delivery_id),
    FIELD(struct message, kind),
    FIELD(struct message, recipient_role),
    FIELD(struct message, recipient_name),
    FIELD(struct message, address),
    FIELD(struct message, language),
    FIELD(struct message, facts),
    FIELD(struct message, created_at),
};
const struct record message_row = RECORD(struct message, row_fields);
