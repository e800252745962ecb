/* SPDX-License-Identifier: MIT */
/* A line to the mail relay: what is said goes out, and replies come in. libcurl opens it, up to and
 * with EHLO, TLS and login; then it is used here, because the library waits for each answer before
 * it says the next thing (docs/decisions/mail-dialogue.md). Between transfers_open() and _close()
 * only; one thread at a time.
 *
 * Whatever waits, waits until the deadline of the monotonic clock, and no longer than
 * transfers_are_cut(). A line that failed is to be closed. */
#ifndef MENTORWATCH_NOTIFY_SMTP_LINE_H
#define MENTORWATCH_NOTIFY_SMTP_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct settings;

struct smtp_line;
struct smtp_line *smtp_line_new(const struct settings *settings); /* settings must outlive it */
void smtp_line_free(struct smtp_line *line);                      /* NULL is fine */

/* What comes of asking to be let in. */
enum greeting {
    GREETED,
    GREETING_UNREACHED, /* nobody there, or nobody who answers */
    GREETING_INSECURE,  /* TLS does not come about, or the certificate is not trusted */
    GREETING_REFUSED,   /* it does not take our login */
    GREETING_FAILED,    /* anything else */
};

/* Open it, unless it is still open and nobody has spoken on it in between. */
enum greeting smtp_line_open(struct smtp_line *line, int64_t deadline);
/* Whether the relay takes several commands in a row (PIPELINING). */
bool smtp_line_takes_rows(const struct smtp_line *line);

bool smtp_line_say(struct smtp_line *line, const char *bytes, size_t length, int64_t deadline);
/* The code of the next reply; 0: none came. */
int smtp_line_hear(struct smtp_line *line, int64_t deadline);
/* The words of the last reply to anything, its lines joined, fit for a log and a table; else why
 * there is none. Until the next call. */
const char *smtp_line_words(const struct smtp_line *line);

/* quit: say QUIT first, which must be a command to the relay now, and wait a second for the answer.
 */
void smtp_line_close(struct smtp_line *line, bool quit);

#endif
