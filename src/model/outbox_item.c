/* SPDX-License-Identifier: MIT */
#include "model/outbox_item.h"

#include "base/work.h"
#include "model/message.h"
#include "model/person.h"

#include <string.h>

static const struct field row_fields[] = {
    FIELD(struct outbox_item, seq),      FIELD(struct outbox_item, state),
    FIELD(struct outbox_item, kind),     FIELD(struct outbox_item, channel),
    FIELD(struct outbox_item, to),       FIELD(struct outbox_item, attempts),
    FIELD(struct outbox_item, why),      FIELD(struct outbox_item, next_attempt_at),
    FIELD(struct outbox_item, event_id), FIELD(struct outbox_item, has_address),
};
const struct record outbox_item_row = RECORD(struct outbox_item, row_fields);

static const struct field item_fields[] = {
    FIELD(struct outbox_item, id),
    FIELD(struct outbox_item, state, .words = message_state_words),
    FIELD(struct outbox_item, kind),
    FIELD(struct outbox_item, channel, .words = channel_words),
    FIELD(struct outbox_item, to),
    FIELD(struct outbox_item, attempts),
    FIELD(struct outbox_item, next_attempt_at, .is = FIELD_NULLABLE),
    FIELD(struct outbox_item, why, .is = FIELD_NULLABLE),
};
const struct record outbox_item = RECORD(struct outbox_item, item_fields);

static bool is(const struct outbox_item *item, const char *state)
{
    return strcmp(item->state, state) == 0;
}

void outbox_item_check(struct work *work, const struct outbox_item *item, enum outbox_deed deed)
{
    switch (deed) {
    case OUTBOX_RETRY:
        if (!is(item, "failed") && !is(item, "queued")) {
            fault(work, item->id, "is %s: only what failed or is queued can be tried again",
                  item->state);
        } else if (!item->has_address) {
            fault(work, item->id, "cannot be tried again: it has no address");
        }
        break;
    case OUTBOX_HOLD:
        if (!is(item, "queued") && !is(item, "held")) {
            fault(work, item->id, "is %s: only what is queued can be held", item->state);
        }
        break;
    case OUTBOX_RELEASE:
        if (!is(item, "held")) {
            fault(work, item->id, "is %s: only what is held can be released", item->state);
        }
        break;
    }
}
