/* SPDX-License-Identifier: MIT */
/* What somebody was told through the channel in_app, for that person to read. */
#ifndef MENTORWATCH_MODEL_INBOX_H
#define MENTORWATCH_MODEL_INBOX_H

#include "base/actor.h"
#include "base/clock.h"
#include "base/listing.h"
#include "base/record.h"
#include "model/message.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

struct inbox_item {
    int64_t seq;
    struct message message; /* as a sender has it, for whoever writes title and text */
    const char *id;         /* as message_id() writes it */
    const char *title;
    const char *text;
    const char *mentor_id;
    const char *certification_id; /* NULL: it is about none */
    struct instant created_at;
    struct instant read_at; /* the first time; absent: not yet */
};
extern const struct record inbox_row;  /* a database row, without id, title and text */
extern const struct record inbox_item; /* as it is shown */

struct inbox_filter {
    struct listing listing;
    bool unread;
};
extern const struct record inbox_filter;

/* Whose messages they are. The directory may know a mentor and a coordinator by the same id. */
struct inbox_owner {
    const char *recipient_id;
    const char *recipient_role;
};
struct inbox_owner inbox_owner_of(const struct actor *actor);

#endif
