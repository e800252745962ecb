/* SPDX-License-Identifier: MIT */
#include "notify/smtp_reply.h"

#include <string.h>
#include <strings.h>

enum {
    CODE_LENGTH = 3,
    CODE_FIRST = 200,
    CODE_LAST = 599,
};

void smtp_reply_begin(struct smtp_reply *reply)
{
    *reply = (struct smtp_reply){0};
}

/* They are a line of ASCII. */
static void add_to_words(struct smtp_reply *reply, char byte)
{
    if (reply->length < SMTP_WORDS_MAX) {
        reply->words[reply->length++] = byte;
        if (byte < ' ' || byte > '~') {
            reply->words[reply->length - 1] = ' ';
        }
    }
}

static void end_words(struct smtp_reply *reply)
{
    while (reply->length > 0 && reply->words[reply->length - 1] == ' ') {
        reply->length--;
    }
    reply->words[reply->length] = '\0';
}

/* 0: the line does not begin with one. */
static int code_of(const char *line)
{
    int code = 0;

    for (size_t i = 0; i < CODE_LENGTH; i++) {
        if (line[i] < '0' || line[i] > '9') {
            return 0;
        }
        code = code * 10 + (line[i] - '0');
    }
    return code < CODE_FIRST || code > CODE_LAST ? 0 : code;
}

/* Whatever a line is that has no code: it is the last one, and there is no reply. */
static void end_reply(struct smtp_reply *reply, int code)
{
    reply->ended = true;
    reply->code = code;
    end_words(reply);
}

/* "550-" means that a line of the same reply follows. */
static void end_line(struct smtp_reply *reply)
{
    static const char rows[] = "PIPELINING";
    const char *line = reply->begin;

    reply->begin[reply->at < sizeof(reply->begin) ? reply->at : sizeof(reply->begin) - 1] = '\0';
    reply->at = 0;
    const int code = code_of(line);
    reply->rows = reply->rows || (code > 0 && line[CODE_LENGTH] != '\0' &&
                                  strncasecmp(line + CODE_LENGTH + 1, rows, strlen(rows)) == 0);
    if (code == 0 || line[CODE_LENGTH] != '-') {
        end_reply(reply, code);
        return;
    }
    end_words(reply);
    add_to_words(reply, ' ');
}

static void take_byte(struct smtp_reply *reply, char byte)
{
    reply->size++;
    add_to_words(reply, byte);
    if (byte == '\n') {
        end_line(reply);
        return;
    }
    if (reply->at + 1 < sizeof(reply->begin)) {
        reply->begin[reply->at] = byte;
    }
    reply->at++;
}

size_t smtp_reply_take(struct smtp_reply *reply, const char *bytes, size_t length)
{
    size_t taken = 0;

    while (taken < length && !reply->ended) {
        take_byte(reply, bytes[taken++]);
        if (!reply->ended && reply->size == SMTP_REPLY_MAX) {
            end_reply(reply, 0);
        }
    }
    return taken;
}
