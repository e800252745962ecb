/* SPDX-License-Identifier: MIT */
/* What a mail server says, read in whatever pieces it comes: no I/O. It may say anything; what is
 * no reply, or has no end, is a reply with the code 0. */
#ifndef MENTORWATCH_NOTIFY_SMTP_REPLY_H
#define MENTORWATCH_NOTIFY_SMTP_REPLY_H

#include <stdbool.h>
#include <stddef.h>

enum {
    SMTP_WORDS_MAX = 500,
    SMTP_REPLY_MAX = 64 * 1024, /* bytes of one reply; who says more says no end */
    SMTP_GREETING = 220,
};

struct smtp_reply {
    bool ended; /* begin it anew before more is taken */
    int code;   /* 200 to 599, that of its last line; 0: not ended, or none of a mail server */
    bool rows;  /* one of its lines is PIPELINING */
    char words[SMTP_WORDS_MAX + 1]; /* once ended: its lines joined, of ASCII without controls */
    size_t length;                  /* of these */
    size_t size;                    /* bytes that came */
    /* smtp_reply.c's own, of the line that is being read: */
    size_t at;
    char begin[16];
};

void smtp_reply_begin(struct smtp_reply *reply);
/* How many of the bytes belong to it: all, or those up to its end. */
size_t smtp_reply_take(struct smtp_reply *reply, const char *bytes, size_t length);

#endif
