/* SPDX-License-Identifier: MIT */
/* Every statement about what an operator watches. Cheap however many messages were sent: these are
 * never counted one by one. */
#ifndef MENTORWATCH_STORE_FIGURES_H
#define MENTORWATCH_STORE_FIGURES_H

#include "base/outcome.h"
#include "model/figures.h"

struct work;

/* All but what is due: that the jobs know. OUTDATED: the schema is older than the program. */
enum outcome figures_read(struct figures *out, struct work *work);
/* When a message was last tried; absent: never. */
enum outcome last_attempt_read(struct instant *out, struct work *work);

#endif
