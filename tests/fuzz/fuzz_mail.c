/* SPDX-License-Identifier: MIT */
/* Whatever names, subjects, texts and addresses come, wire/mail.h writes one mail of RFC 5322, 2045
 * and 2047 that says what was given, and nothing in it can pass for another header, another part or
 * another recipient. The input: a byte of switches, three of a date, and texts that end with NUL.
 */
#include "base/text.h"
#include "fuzz.h"
#include "wire/mail.h"

#include <ctype.h>

enum {
    HAS_HTML = 1 << 0,
    HAS_LIST_UNSUBSCRIBE = 1 << 1,
    NO_FROM_NAME = 1 << 2,
    NO_TO_NAME = 1 << 3,

    ADDRESS_MAX = 254,
    SETTING_MAX = 500,
    LINE_MAX_SMTP = 998,
    LINE_MAX_ENCODED = 76,
    WORD_MAX = 75,
    WORD_FRAME = 12, /* "=?UTF-8?Q?" and "?=" */
    DAYS_MAX = 9999 * 365,
};

static bool is_digit_or_letter(char byte)
{
    return (unsigned char)byte < 0x80 && isalnum((unsigned char)byte) != 0;
}

static const char *after(const char *text, const char *prefix)
{
    MUST(text_starts(text, prefix));
    return text + strlen(prefix);
}

/* ---- what is expected ------------------------------------------------------------------------ */

static char *without_outer_spaces(char *text)
{
    size_t length = strlen(text);

    while (length > 0 && text[length - 1] == ' ') {
        text[--length] = '\0';
    }
    return text + strspn(text, " ");
}

/* A header's value as it must arrive: a space for each byte of a control, '?' for what is not
 * UTF-8. */
static char *shown(struct arena *arena, const char *given)
{
    size_t characters;
    char *text = arena_text(arena, given == NULL ? "" : given);
    const bool readable = utf8_length(text, &characters);

    for (char *at = text; *at != '\0'; at++) {
        const unsigned char byte = (unsigned char)*at;
        const unsigned char next = (unsigned char)at[1];
        if (byte < 0x20 || byte == 0x7F) {
            *at = ' ';
        } else if (byte >= 0x80 && !readable) {
            *at = '?';
        } else if (byte == 0xC2 && next >= 0x80 && next <= 0x9F) {
            at[0] = at[1] = ' ';
        }
    }
    return without_outer_spaces(text);
}

static char *shown_in_brackets(struct arena *arena, const char *given)
{
    char *text = arena_printf(arena, "<%s>", shown(arena, given));

    for (char *at = text; *at != '\0'; at++) {
        if (*at == ' ' || (unsigned char)*at >= 0x80) {
            *at = '?';
        }
    }
    return text;
}

/* A body with each line ended by LF. */
static char *shown_lines(struct arena *arena, const char *given)
{
    struct text text = text_in(arena);

    while (*given != '\0') {
        size_t length = strcspn(given, "\n");
        const char *next = given + length + (given[length] == '\n');
        length -= length > 0 && given[length - 1] == '\r';
        text_add_bytes(&text, given, length);
        text_add(&text, "\n");
        given = next;
    }
    return text_done(&text);
}

/* ---- reading it back ------------------------------------------------------------------------- */

static unsigned hex_digit(char digit)
{
    const char *const digits = "0123456789ABCDEF";
    const char *at = digit == '\0' ? NULL : strchr(digits, digit);

    MUST(at != NULL);
    return (unsigned)(at - digits);
}

static void add_hex(struct text *out, const char *digits)
{
    const char byte = (char)(hex_digit(digits[0]) << 4 | hex_digit(digits[1]));

    text_add_bytes(out, &byte, 1);
}

static void add_q(struct text *out, const char *word, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (word[i] == '=') {
            MUST(i + 2 < length);
            add_hex(out, word + i + 1);
            i += 2;
        } else {
            MUST(is_digit_or_letter(word[i]) || strchr("!*+-/_", word[i]) != NULL);
            text_add_bytes(out, word[i] == '_' ? " " : word + i, 1);
        }
    }
}

static void add_b(struct text *out, const char *word, size_t length)
{
    const char *const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    MUST(length % 4 == 0);
    for (size_t i = 0; i < length; i += 4) {
        const size_t padding = (word[i + 3] == '=') + (size_t)(word[i + 2] == '=');
        MUST(padding == 0 || i + 4 == length);
        unsigned group = 0;
        for (size_t j = 0; j < 4; j++) {
            const char *digit = strchr(digits, word[i + j]);
            MUST(j < 4 - padding ? digit != NULL : word[i + j] == '=');
            group = group << 6 | (j < 4 - padding ? (unsigned)(digit - digits) : 0U);
        }
        const char bytes[] = {(char)(group >> 16), (char)(group >> 8), (char)group};
        text_add_bytes(out, bytes, 3 - padding);
    }
}

static void add_encoded_word(struct text *out, const char *word, size_t length)
{
    struct text piece = text_in(out->arena);
    size_t characters;

    MUST(length <= WORD_MAX && length >= WORD_FRAME);
    const char *inside = after(word, "=?UTF-8?");
    const size_t inside_length = length - WORD_FRAME;
    MUST(inside[1] == '?' && memcmp(word + length - 2, "?=", 2) == 0);
    MUST(*inside == 'Q' || *inside == 'B');
    (*inside == 'Q' ? add_q : add_b)(&piece, inside + 2, inside_length);
    MUST(utf8_length(text_done(&piece), &characters)); /* no character is cut in two */
    text_add_bytes(out, piece.bytes, piece.length);
}

/* What a reader sees of an unstructured value. */
static char *decoded(struct arena *arena, const char *value)
{
    struct text out = text_in(arena);

    if (strstr(value, "=?") == NULL) {
        return arena_text(arena, value);
    }
    for (;;) { /* nothing but encoded words, whose spaces between them do not count */
        const size_t length = strcspn(value, " ");
        add_encoded_word(&out, value, length);
        if (value[length] == '\0') {
            return text_done(&out);
        }
        value += length + 1;
    }
}

static char *decoded_name(struct arena *arena, const char *value)
{
    struct text out = text_in(arena);

    if (*value != '"') {
        for (const char *at = value; strstr(value, "=?") == NULL && *at != '\0'; at++) {
            MUST(is_digit_or_letter(*at) || strchr(" !#$%&'*+-/=?^_`{|}~", *at) != NULL);
        }
        return decoded(arena, value);
    }
    for (value++; *value != '"'; value++) {
        value += *value == '\\';
        MUST(*value != '\0');
        text_add_bytes(&out, value, 1);
    }
    MUST(value[1] == '\0');
    return text_done(&out);
}

static char *decoded_body(struct arena *arena, const char *body, size_t length)
{
    struct text out = text_in(arena);
    size_t line = 0;

    for (size_t i = 0; i < length; i++) {
        if (body[i] == '\r') {
            MUST(line == 0 || (body[i - 1] != ' ' && body[i - 1] != '\t'));
            text_add(&out, "\n");
            line = 0;
            i++;
            continue;
        }
        MUST(++line <= LINE_MAX_ENCODED);
        if (body[i] != '=') {
            text_add_bytes(&out, body + i, 1);
        } else if (body[i + 1] == '\r') {
            line = 0;
            i += 2;
        } else {
            add_hex(&out, body + i + 1);
            line += 2;
            MUST(line <= LINE_MAX_ENCODED);
            i += 2;
        }
    }
    return text_done(&out);
}

/* ---- the message, from its beginning to its end ---------------------------------------------- */

static void check_lines(const char *message)
{
    size_t length = 0;

    for (const char *at = message; *at != '\0'; at++) {
        if (*at == '\r') {
            MUST(at[1] == '\n' && length <= LINE_MAX_SMTP);
            length = 0;
            at++;
        } else {
            MUST((*at >= ' ' && *at <= '~') || *at == '\t');
            length++;
        }
    }
    MUST(length == 0);
}

/* The value of the header that must stand here, without its folds. *at goes on to the next one. */
static const char *take_header(struct arena *arena, const char **at, const char *name)
{
    struct text value = text_in(arena);
    const char *line = after(*at, arena_printf(arena, "%s:", name));

    do {
        const size_t length = strcspn(line, "\r");
        MUST(value.length == 0 || strspn(line, " ") < length); /* a fold holds more than blanks */
        text_add_bytes(&value, line, length);
        line += length + strlen("\r\n");
    } while (*line == ' ');
    *at = line;
    return after(text_done(&value), " ");
}

static void check_person(struct arena *arena, const char **at, const char *header, const char *name,
                         const char *address)
{
    const char *value = take_header(arena, at, header);
    const char *word = shown_in_brackets(arena, address);
    const size_t length = strlen(value);

    MUST(length >= strlen(word));
    const size_t rest = length - strlen(word);
    MUST(strcmp(value + rest, word) == 0);
    MUST(rest == 0 || value[rest - 1] == ' ');
    const char *phrase = arena_bytes(arena, value, rest == 0 ? 0 : rest - 1);
    MUST(strcmp(decoded_name(arena, phrase), shown(arena, name)) == 0);
}

static void check_text(struct arena *arena, const char **at, const char *header, const char *text)
{
    MUST(strcmp(take_header(arena, at, header), text) == 0);
}

static void check_part(struct arena *arena, const char *at, const char *end, const char *type,
                       const char *content)
{
    check_text(arena, &at, "Content-Type", arena_printf(arena, "%s; charset=utf-8", type));
    check_text(arena, &at, "Content-Transfer-Encoding", "quoted-printable");
    at = after(at, "\r\n");
    MUST(at <= end);
    MUST(strcmp(decoded_body(arena, at, (size_t)(end - at)), shown_lines(arena, content)) == 0);
}

/* Where the next line that is `line` begins. */
static const char *find_line(struct arena *arena, const char *from, const char *line)
{
    const char *at = strstr(from, arena_printf(arena, "\r\n%s\r\n", line));

    MUST(at != NULL);
    return at;
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;

    for (const char *at = text; (at = strstr(at, part)) != NULL; at++) {
        count++;
    }
    return count;
}

static void check_alternatives(struct arena *arena, const char *at, const struct mail *mail)
{
    const char *value =
        after(take_header(arena, &at, "Content-Type"), "multipart/alternative; boundary=\"");
    const char *boundary = arena_bytes(arena, value, strcspn(value, "\""));
    const char *line = arena_printf(arena, "--%s", boundary);
    const char *last = arena_printf(arena, "--%s--", boundary);
    const size_t gap = strlen("\r\n") + strlen(line) + strlen("\r\n");

    MUST(strcmp(value + strlen(boundary), "\"") == 0);
    MUST(text_starts(boundary, "=_")); /* which no quoted-printable text can hold: it has "=3D_" */
    const char *first = after(at, arena_printf(arena, "\r\n%s\r\n", line));
    MUST(count_of(at, boundary) == 3);
    const char *second = find_line(arena, first, line);
    const char *end = find_line(arena, second + 1, last);
    check_part(arena, first, second, "text/plain", mail->text);
    check_part(arena, second + gap, end, "text/html", mail->html);
    MUST(end[gap + strlen("--")] == '\0');
}

static void check_mail(struct arena *arena, const char *message, const struct mail *mail)
{
    const char *at = message;

    check_lines(message);
    check_person(arena, &at, "From", mail->from_name, mail->from);
    check_person(arena, &at, "To", mail->to_name, mail->to);
    MUST(strcmp(decoded(arena, take_header(arena, &at, "Subject")), shown(arena, mail->subject)) ==
         0);
    MUST(strlen(take_header(arena, &at, "Date")) >= strlen("Sun, 1 Mar 2026 08:05:09 +0000"));
    check_text(arena, &at, "Message-ID", shown_in_brackets(arena, mail->message_id));
    check_text(arena, &at, "Auto-Submitted", "auto-generated");
    check_text(arena, &at, "X-Auto-Response-Suppress", "All");
    if (mail->list_unsubscribe != NULL) {
        check_text(arena, &at, "List-Unsubscribe",
                   shown_in_brackets(arena, mail->list_unsubscribe));
    }
    check_text(arena, &at, "MIME-Version", "1.0");
    if (mail->html == NULL) {
        check_part(arena, at, at + strlen(at), "text/plain", mail->text);
    } else {
        check_alternatives(arena, at, mail);
    }
}

/* An accepted address is one recipient, in SMTP and in a header. */
static void check_address(const char *address)
{
    const char *at = strchr(address, '@');

    if (!mail_address_valid(address)) {
        return;
    }
    MUST(at != NULL && at > address && at[1] != '\0' && strchr(at + 1, '@') == NULL);
    MUST(strlen(address) <= ADDRESS_MAX);
    MUST(strpbrk(address, " <>,;:()[]\\\"") == NULL);
    for (const char *byte = address; *byte != '\0'; byte++) {
        MUST(*byte > ' ' && *byte <= '~');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct input input = {bytes, length};
    struct arena *arena = arena_new();
    const unsigned has = input_byte(&input);
    struct mail mail = {0};

    for (int i = 0; i < 3; i++) {
        mail.date.ms = (mail.date.ms << 8 | input_byte(&input)) % DAYS_MAX;
    }
    mail.date.ms *= MS_PER_DAY + 61001; /* not always midnight */
    mail.from = input_text(&input, arena, ADDRESS_MAX);
    mail.to = input_text(&input, arena, ADDRESS_MAX);
    mail.message_id = input_text(&input, arena, SETTING_MAX);
    mail.from_name = input_text(&input, arena, length);
    mail.to_name = input_text(&input, arena, length);
    mail.subject = input_text(&input, arena, length);
    mail.list_unsubscribe = input_text(&input, arena, SETTING_MAX);
    mail.text = input_text(&input, arena, length);
    mail.html = input_text(&input, arena, length);
    mail.html = (has & HAS_HTML) != 0 ? mail.html : NULL;
    mail.list_unsubscribe = (has & HAS_LIST_UNSUBSCRIBE) != 0 ? mail.list_unsubscribe : NULL;
    mail.from_name = (has & NO_FROM_NAME) != 0 ? NULL : mail.from_name;
    mail.to_name = (has & NO_TO_NAME) != 0 ? NULL : mail.to_name;
    check_address(mail.from);
    check_address(mail.to);
    check_mail(arena, mail_write(arena, &mail), &mail);
    arena_free(arena);
    return 0;
}
