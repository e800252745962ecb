/* SPDX-License-Identifier: MIT */
/* Hands one mail at a time to the SMTP relay. Owner of the transfer library (libcurl). */
#ifndef MENTORWATCH_NOTIFY_EMAIL_H
#define MENTORWATCH_NOTIFY_EMAIL_H

#include "wire/mail.h"

#include <stdint.h>

struct arena;
struct settings;

/* One reused connection; one thread at a time. */
struct mailer;

enum delivery {
    DELIVERED,  /* the relay accepted it: 250 after the final dot */
    PUT_OFF,    /* a temporary refusal, or no answer to the final dot: try again later */
    REFUSED,    /* never for this address */
    RELAY_AWAY, /* the relay cannot be reached, is busy (421), or will not take our login, our TLS
                 * or our sender: other mails need not try now */
};

/* Call once before the first thread starts, and once after the last has ended. */
void mailer_library_open(void);
void mailer_library_close(void);

struct mailer *mailer_new(const struct settings *settings); /* settings must outlive it */
void mailer_free(struct mailer *mailer);                    /* says QUIT */

/* Send within timeout_ms; a server that goes silent may hold us up a second longer. *detail gets
 * one line for the attempt's record (the server's words, or why it could not be reached), in the
 * arena. */
enum delivery mailer_send(struct mailer *mailer, struct arena *arena, const struct mail *mail,
                          int64_t timeout_ms, const char **detail);

#endif
