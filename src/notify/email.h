/* SPDX-License-Identifier: MIT */
/* Hands one mail at a time to the SMTP relay. Between transfers_open() and _close() only. */
#ifndef MENTORWATCH_NOTIFY_EMAIL_H
#define MENTORWATCH_NOTIFY_EMAIL_H

#include "notify/delivery.h"
#include "notify/smtp_line.h"
#include "wire/mail.h"

#include <stdint.h>

struct arena;
struct settings;

/* One reused connection; one thread at a time. */
struct mailer;

struct mailer *mailer_new(const struct settings *settings); /* settings must outlive it */
void mailer_free(struct mailer *mailer);                    /* says QUIT */

/* Send within timeout_ms; a server that goes silent may hold us up a second longer. out->detail
 * gets the server's words, or why it could not be reached. Never TARGET_ENDED. */
enum delivery mailer_send(struct mailer *mailer, struct arena *arena, const struct mail *mail,
                          int64_t timeout_ms, struct delivery_reply *out);

/* Connect, greet and log in as for a mail, and send none. *says gets the server's words, or why
 * not. */
enum greeting mailer_greet(struct mailer *mailer, struct arena *arena, int64_t timeout_ms,
                           const char **says);

#endif
