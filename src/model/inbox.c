/* SPDX-License-Identifier: MIT */
#include "model/inbox.h"

static const struct field row_fields[] = {
    FIELD(struct inbox_item, seq),
    FIELD_AS(kind, struct inbox_item, message.kind),
    FIELD_AS(recipient_role, struct inbox_item, message.recipient_role),
    FIELD_AS(language, struct inbox_item, message.language),
    FIELD_AS(facts, struct inbox_item, message.facts),
    FIELD(struct inbox_item, mentor_id),
    FIELD(struct inbox_item, certification_id),
    FIELD(struct inbox_item, created_at),
    FIELD(struct inbox_item, read_at),
};
const struct record inbox_row = RECORD(struct inbox_item, row_fields);

static const struct field shown_fields[] = {
    FIELD(struct inbox_item, id, .meaning = "Names the message"),
    FIELD_AS(kind, struct inbox_item, message.kind,
             .meaning = "What it tells: certification_expired, certification_expiring, "
                        "pause_activated or pause_lifted"),
    FIELD(struct inbox_item, title, .meaning = "In the reader's language, as a mail's subject"),
    FIELD(struct inbox_item, text,
          .meaning = "In the reader's language, with line breaks; an empty line ends a paragraph"),
    FIELD(struct inbox_item, mentor_id, .meaning = "Whom it is about"),
    FIELD(struct inbox_item, certification_id, .is = FIELD_NULLABLE,
          .meaning = "The certification that it is about"),
    FIELD(struct inbox_item, created_at),
    FIELD(struct inbox_item, read_at, .is = FIELD_NULLABLE,
          .meaning = "When it was marked as read for the first time"),
};
const struct record inbox_item = RECORD(struct inbox_item, shown_fields);

static const char *const sort_words[] = {"created_at", "-created_at", NULL};

static const struct field filter_fields[] = {
    LISTING_FIELDS(struct inbox_filter, sort_words),
    FIELD(struct inbox_filter, unread, .meaning = "true: only what was not read yet"),
};
const struct record inbox_filter = RECORD(struct inbox_filter, filter_fields);

struct inbox_owner inbox_owner_of(const struct actor *actor)
{
    return (struct inbox_owner){
        .recipient_id = actor->subject,
        .recipient_role = actor->role == ROLE_MENTOR ? "mentor" : "coordinator",
    };
}
