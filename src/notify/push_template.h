/* SPDX-License-Identifier: MIT */
/* A push message as some service wants it: FOLDER/push/NAME.txt in the template folder has header
 * lines, an empty line, and the body. Read each time, so that an edited one counts from the next
 * message on.
 *
 *     {{title}} {{text}}   the letter's subject and text
 *     {{kind}}             "pause_lifted"
 *     {{message_id}}       the same each time that the message is tried
 *
 * Values stay what they are where they stand: in the body of a "Content-Type: application/json"
 * they are escaped as parts of JSON texts, in headers they are ASCII (RFC 2047 for the rest). */
#ifndef MENTORWATCH_NOTIFY_PUSH_TEMPLATE_H
#define MENTORWATCH_NOTIFY_PUSH_TEMPLATE_H

#include "base/outcome.h"
#include "model/message.h"
#include "notify/letter.h"

#include <stdbool.h>

struct http_post;
struct work;

/* The name may come from the directory: it is looked for and not read. */
bool push_template_exists(struct work *work, const char *name);

/* Headers and body. BROKEN: the template is missing or wrong; the sentence says which and where. */
enum outcome push_template_write(struct http_post *out, struct work *work, const char *name,
                                 const struct message *message, const struct letter *letter);

#endif
