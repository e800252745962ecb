/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include "base/clock.h"
#include "base/digits.h"

#include <ctype.h>
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

/* What a mail address may have before its '@', quotes apart. */
static bool is_of_local_part(char byte)
{
    return byte != '\0' && (isalnum((unsigned char)byte) != 0 || (unsigned char)byte >= 0x80 ||
                            strchr(".!#$%&'*+-/=?^_`{|}~", byte) != NULL);
}

/* Of each mail address only the first character and the domain: "k***@example.org". What does not
 * fit is cut. */
static void mask_addresses(char masked[LINE_MAX_BYTES], const char *text)
{
    size_t length = 0;

    for (size_t i = 0; text[i] != '\0' && length + sizeof("***@") < LINE_MAX_BYTES; i++) {
        if (text[i] != '@') {
            masked[length++] = text[i];
            continue;
        }
        size_t local = 0;
        while (local < length && is_of_local_part(masked[length - local - 1])) {
            local++;
        }
        length -= local;
        if (local > 0) {
            length += (unsigned char)masked[length] < 0x80;
            memcpy(masked + length, "***", strlen("***"));
            length += strlen("***");
        }
        masked[length++] = '@';
    }
    masked[length] = '\0';
}

/* Whoever says something may quote what a mail server said, and that names whom the mail was to. */
static void add_masked(struct line *line, const char *value)
{
    char masked[LINE_MAX_BYTES];

    if (strchr(value, '@') == NULL) {
        add_value(line, value);
        return;
    }
    mask_addresses(masked, value);
    add_value(line, masked);
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
            add_masked(&line, pairs[i].text);
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
