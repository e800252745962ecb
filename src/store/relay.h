/* SPDX-License-Identifier: MIT */
/* Every statement about the way of a channel. Times are the database's. */
#ifndef MENTORWATCH_STORE_RELAY_H
#define MENTORWATCH_STORE_RELAY_H

#include "base/outcome.h"
#include "model/relay.h"

struct work;

/* SQL: whether a row of relays is paused; how many mails of this hour are used. */
#define RELAY_PAUSED "COALESCE(paused_until > UTC_TIMESTAMP(3), FALSE)"
#define RELAY_USED   "IF(hour_began_at > UTC_TIMESTAMP(3) - INTERVAL 1 HOUR, used_this_hour, 0)"

/* Hold everybody else off the channel's claims until the transaction ends. */
enum outcome relay_lock(struct relay **out, struct work *work, const char *channel);
/* So many messages more were claimed in this hour; the channel must be locked. */
enum outcome relay_use(struct work *work, const char *channel, int64_t messages);
/* So many of them were not sent after all. */
enum outcome relay_give_back(struct work *work, const char *channel, int64_t messages);

/* Nobody tries it for a while: 1 minute, then 2, 4, … up to 15. One that is paused stays so. */
enum outcome relay_pause(struct work *work, const char *channel, const char *reason);
/* It answers, or somebody wants it tried: no pause, and the next one is short. */
enum outcome relay_resume(struct work *work, const char *channel);

#endif
