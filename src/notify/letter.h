/* SPDX-License-Identifier: MIT */
/* Says a message in its reader's language, by its template file
 * FOLDER/LANGUAGE/KIND.ROLE.txt: "Subject: …", an empty line, the text. wire/template.h is the
 * manual. Read each time, so that an edited template counts from the next message on, unless there
 * is a shelf (notify/template_file.h); NULL: there is none.
 *
 * A language without that file speaks as the next one that has it: nb for nn, then
 * notify.language, then en.
 *
 * A mail has its text as HTML, too: each paragraph as <p> in FOLDER/layout.html, which knows
 * {{language}}, {{subject}} and {{paragraphs}}. FOLDER/LANGUAGE/KIND.ROLE.html, where there is
 * one, is used instead, and knows what the text knows. Without either there is no HTML. */
#ifndef MENTORWATCH_NOTIFY_LETTER_H
#define MENTORWATCH_NOTIFY_LETTER_H

#include "base/outcome.h"
#include "model/message.h"
#include "wire/mail.h"

struct template_shelf;
struct work;

/* What a message says, on whatever channel. */
struct letter {
    const char *subject;
    const char *text;
    struct message_facts facts; /* of which it was made */
};

/* What is told of days is true at work->now, however old the message is. BROKEN: a template is
 * missing or wrong; the sentence says which and where. */
enum outcome letter_compose(struct letter *out, struct work *work, const struct message *message,
                            struct template_shelf *shelf);
/* The same as a mail to the message's address, of work->now. */
enum outcome letter_write(struct mail *out, struct work *work, const struct message *message,
                          struct template_shelf *shelf);

#endif
