/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include "base/clock.h"
#include "base/digits.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 4096 };

static _Atomic int threshold = LOG_LEVEL_INFO;

const char *const log_level_words[] = {"error", "warning", "info", "debug", NULL};

struct line {
    char bytes[LINE_MAX_BYTES];
    size_t length;
};

void log_set_level(enum log_level level)
{
    atomic_store(&threshold, (int)level);
}

/* What does not fit is cut; room for the line end is always left. */
static void add(struct line *line, const char *text, size_t length)
{
    const size_t room = sizeof(line->bytes) - 1 - line->length;
    const size_t taken = length < room ? length : room;

    memcpy(line->bytes + line->length, text, taken);
    line->length += taken;
}

static void add_text(struct line *line, const char *text)
{
    add(line, text, strlen(text));
}

static bool needs_quotes(const char *value)
{
    for (const unsigned char *byte = (const unsigned char *)value; *byte != '\0'; byte++) {
        if (*byte <= ' ' || *byte == '"' || *byte == '=' || *byte == '\\' || *byte == 0x7F) {
            return true;
        }
    }
    return value[0] == '\0';
}

static void add_value(struct line *line, const char *value)
{
    if (!needs_quotes(value)) {
        add_text(line, value);
        return;
    }
    add_text(line, "\"");
    for (const unsigned char *byte = (const unsigned char *)value; *byte != '\0'; byte++) {
        char escaped[8];
        if (*byte == '"' || *byte == '\\') {
            (void)snprintf(escaped, sizeof(escaped), "\\%c", *byte);
        } else if (*byte < ' ' || *byte == 0x7F) {
            (void)snprintf(escaped, sizeof(escaped), "\\x%02x", *byte);
        } else {
            (void)snprintf(escaped, sizeof(escaped), "%c", *byte);
        }
        add_text(line, escaped);
    }
    add_text(line, "\"");
}

static void add_time(struct line *line)
{
    char stamp[INSTANT_ROOM];
    const size_t length = instant_write(stamp, clock_now(), MILLISECONDS);

    add_text(line, "time=");
    add(line, stamp, length);
}

static void add_number(struct line *line, int64_t number)
{
    char digits[DIGITS_ROOM];
    const size_t length = digits_of(digits, number);

    add(line, digits, length);
}

void log_write(enum log_level level, const char *event, const struct log_pair *pairs, size_t count)
{
    struct line line;

    line.length = 0; /* and no zeros for bytes that are written anyhow */
    if ((int)level > atomic_load(&threshold)) {
        return;
    }
    add_time(&line);
    add_text(&line, " level=");
    add_text(&line, log_level_words[level]);
    add_text(&line, " event=");
    add_text(&line, event);
    for (size_t i = 0; i < count; i++) {
        add_text(&line, " ");
        add_text(&line, pairs[i].key);
        add_text(&line, "=");
        if (pairs[i].text != NULL) {
            add_value(&line, pairs[i].text);
        } else {
            add_number(&line, pairs[i].number);
        }
    }
    line.bytes[line.length++] = '\n';
    /* A log that cannot be written has nowhere to say so. */
    if (write(STDERR_FILENO, line.bytes, line.length) < 0) {
        return;
    }
}
