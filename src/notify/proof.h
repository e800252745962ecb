/* SPDX-License-Identifier: MIT */
/* Letters with invented facts, to see how they read and that their templates are good. */
#ifndef MENTORWATCH_NOTIFY_PROOF_H
#define MENTORWATCH_NOTIFY_PROOF_H

#include "base/outcome.h"
#include "model/message.h"

struct work;

/* A message to somebody of that role, with the facts that such a one has as a rule. */
struct message proof_message(struct work *work, enum message_kind kind, const char *role,
                             const char *language);

/* Write every letter, each kind, role and language, as text and as HTML, and one for each push
 * template that there is. BROKEN: a template is missing or wrong; the sentence says which and
 * where. */
enum outcome letters_check(struct work *work);

#endif
