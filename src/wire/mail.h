/* SPDX-License-Identifier: MIT */
/* A mail as the bytes that go over the wire: RFC 5322, 2045 and 2047. */
#ifndef MENTORWATCH_WIRE_MAIL_H
#define MENTORWATCH_WIRE_MAIL_H

#include "base/clock.h"

#include <stdbool.h>

struct arena;

struct mail {
    const char *message_id; /* without the angle brackets */
    const char *from, *from_name;
    const char *to, *to_name;
    const char *subject;
    const char *text;
    const char *html;             /* the same as HTML; NULL: there is none */
    const char *list_unsubscribe; /* where to ask for no more; NULL: one cannot */
    struct instant date;
};

/* local@domain as we are ready to send to: ASCII, local part (dot-atom) at most 64, all at most
 * 254, no quotes, no address literal, no brackets, spaces or controls. */
bool mail_address_valid(const char *address);

/* The whole message, every line ended by CR LF: From, To, Subject, Date, Message-ID, that it was
 * sent by a machine and wants no automatic answer, and the MIME headers; then the text in
 * quoted-printable, and where there is HTML both, the text first, as alternatives. It is ASCII;
 * words that are not are encoded, long header lines folded. No name, subject or text can break out
 * of its place: control characters in header values become spaces. Names may be NULL. What stands
 * between the alternatives is made of the Message-ID, so a mail that is repeated is the same. */
char *mail_write(struct arena *arena, const struct mail *mail);

#endif
