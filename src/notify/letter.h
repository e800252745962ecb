/* SPDX-License-Identifier: MIT */
/* Makes a mail out of a message and its template file,
 * FOLDER/LANGUAGE/KIND.ROLE.txt: "Subject: …", an empty line, the text. Read each time, so that an
 * edited template counts from the next mail on. */
#ifndef MENTORWATCH_NOTIFY_LETTER_H
#define MENTORWATCH_NOTIFY_LETTER_H

#include "base/outcome.h"
#include "model/message.h"
#include "wire/mail.h"

struct work;

/* BROKEN: the template is missing or wrong; the sentence says which and where. */
enum outcome letter_write(struct mail *out, struct work *work, const struct message *message);

#endif
