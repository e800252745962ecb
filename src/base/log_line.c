/* SPDX-License-Identifier: MIT */
#include "base/log_line.h"

#include "base/clock.h"
#include "base/digits.h"
#include "base/text.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum {
    CLOSING = 3, /* always left for what closes the line: a quote, a brace, the newline */
    ESCAPED_ROOM = 6,
};

static size_t room_in(const struct log_line *line)
{
    const size_t most = sizeof(line->bytes) - CLOSING;

    return line->length < most ? most - line->length : 0;
}

/* All of it, or nothing. */
static bool add(struct log_line *line, const char *bytes, size_t length)
{
    if (length > room_in(line)) {
        return false;
    }
    memcpy(line->bytes + line->length, bytes, length);
    line->length += length;
    return true;
}

static void add_byte(struct log_line *line, char byte)
{
    line->bytes[line->length++] = byte;
}

static bool is_special(unsigned char byte)
{
    return byte < ' ' || byte == '"' || byte == '\\' || byte == 0x7F;
}

/* How many bytes go into the line as they are. */
static size_t plain_bytes(enum log_format format, const unsigned char *at)
{
    size_t length = 0;

    while (!is_special(at[length]) && (format == LOG_FORMAT_LOGFMT || at[length] < 0x80)) {
        length++;
    }
    return length;
}

/* What a special byte becomes, or in JSON one that is no UTF-8; returns its length. */
static size_t escape(char escaped[ESCAPED_ROOM], enum log_format format, unsigned char byte)
{
    static const char hex[] = "0123456789abcdef";
    static const char no_character[ESCAPED_ROOM] = {'\\', 'u', 'f', 'f', 'f', 'd'};

    if (byte >= 0x80) {
        memcpy(escaped, no_character, sizeof(no_character));
        return sizeof(no_character);
    }
    escaped[0] = '\\';
    if (byte == '"' || byte == '\\') {
        escaped[1] = (char)byte;
        return 2;
    }
    const size_t before = format == LOG_FORMAT_JSON ? 4 : 2;
    memcpy(escaped + 1, format == LOG_FORMAT_JSON ? "u00" : "x", before - 1);
    escaped[before] = hex[byte >> 4];
    escaped[before + 1] = hex[byte & 0xF];
    return before + 2;
}

/* As much as there is room for; in JSON no character is cut. */
static void add_escaped(struct log_line *line, const char *value)
{
    const unsigned char *at = (const unsigned char *)value;
    char escaped[ESCAPED_ROOM];

    for (;;) {
        const size_t plain = plain_bytes(line->format, at);
        const size_t room = room_in(line);
        (void)add(line, (const char *)at, plain < room ? plain : room);
        at += plain;
        if (*at == '\0' || plain > room) {
            return;
        }
        const size_t character = *at < 0x80 ? 0 : utf8_step(at);
        const bool added = character > 0 ? add(line, (const char *)at, character)
                                         : add(line, escaped, escape(escaped, line->format, *at));
        if (!added) {
            return;
        }
        at += character > 0 ? character : 1;
    }
}

static bool needs_quotes(const char *value)
{
    for (const unsigned char *byte = (const unsigned char *)value; *byte != '\0'; byte++) {
        if (is_special(*byte) || *byte == ' ' || *byte == '=') {
            return true;
        }
    }
    return value[0] == '\0';
}

/* What stands before a value. False: there is no room for the pair. */
static bool open_pair(struct log_line *line, const char *key)
{
    const bool is_json = line->format == LOG_FORMAT_JSON;
    const size_t length = strlen(key);

    if (length + strlen(",\"\":\"") > room_in(line)) {
        return false;
    }
    if (line->length > is_json) {
        add_byte(line, is_json ? ',' : ' ');
    }
    if (is_json) {
        add_byte(line, '"');
    }
    (void)add(line, key, length);
    if (is_json) {
        add_byte(line, '"');
    }
    add_byte(line, is_json ? ':' : '=');
    return true;
}

static void add_pair(struct log_line *line, const char *key, const char *value)
{
    if (!open_pair(line, key)) {
        return;
    }
    if (line->format == LOG_FORMAT_LOGFMT && !needs_quotes(value)) {
        add_escaped(line, value);
        return;
    }
    add_byte(line, '"');
    add_escaped(line, value);
    add_byte(line, '"');
}

/* What a mail address may have before its '@', quotes apart. */
static bool is_of_local_part(char byte)
{
    return byte != '\0' && (isalnum((unsigned char)byte) != 0 || (unsigned char)byte >= 0x80 ||
                            strchr(".!#$%&'*+-/=?^_`{|}~", byte) != NULL);
}

/* 'user'@'host' is how a database names an account, and its administrator wants to read that. */
static bool begins_domain(const char *at)
{
    return at[1] != '\'';
}

/* Of each mail address only the first character and the domain: "k***@example.org". What does not
 * fit is cut. */
static void mask_addresses(char masked[LOG_LINE_MAX], const char *text)
{
    size_t length = 0;

    for (size_t i = 0; text[i] != '\0' && length + sizeof("***@") < LOG_LINE_MAX; i++) {
        if (text[i] != '@' || !begins_domain(text + i)) {
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

void log_line_begin(struct log_line *line, enum log_format format)
{
    char stamp[INSTANT_ROOM + 1];

    line->format = format;
    line->length = 0; /* and no zeros for bytes that are written anyhow */
    if (format == LOG_FORMAT_JSON) {
        add_byte(line, '{');
    }
    stamp[instant_write(stamp, clock_now(), MILLISECONDS)] = '\0';
    add_pair(line, "time", stamp);
}

void log_line_text(struct log_line *line, const char *key, const char *text)
{
    char masked[LOG_LINE_MAX];

    /* Whoever says something may quote what a mail server said, and that names whom the mail was
     * to. */
    if (strchr(text, '@') != NULL) {
        mask_addresses(masked, text);
        text = masked;
    }
    add_pair(line, key, text);
}

void log_line_number(struct log_line *line, const char *key, int64_t number)
{
    char digits[DIGITS_ROOM];
    const size_t length = digits_of(digits, number);
    const size_t before = line->length;

    if (!open_pair(line, key) || !add(line, digits, length)) {
        line->length = before;
    }
}

void log_line_end(struct log_line *line)
{
    if (line->format == LOG_FORMAT_JSON) {
        add_byte(line, '}');
    }
    add_byte(line, '\n');
}
