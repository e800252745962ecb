/* SPDX-License-Identifier: MIT */
/* Every statement about what people read of their in-app messages. Failures as in db/db.h; unknown
 * ids, and those of others' messages, are NOT_FOUND. */
#ifndef MENTORWATCH_STORE_INBOX_H
#define MENTORWATCH_STORE_INBOX_H

#include "base/listing.h"
#include "base/outcome.h"
#include "model/inbox.h"

struct work;

enum outcome inbox_find(struct inbox_item **out, struct work *work, struct inbox_owner owner,
                        const char *id);
enum outcome inbox_list(struct page *out, struct work *work, struct inbox_owner owner,
                        const struct inbox_filter *filter);

/* It was read at work->now, unless it was read before. Without effect where there is none. */
enum outcome inbox_mark_read(struct work *work, struct inbox_owner owner, const char *id);

#endif
