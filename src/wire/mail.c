/* SPDX-License-Identifier: MIT */
#include "wire/mail.h"

#include "base/arena.h"
#include "base/text.h"
#include "wire/base64url.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

enum {
    ADDRESS_MAX = 254,
    LOCAL_MAX = 64,
    LABEL_MAX = 63,
    LINE_WIDTH = 76,
    WORD_FRAME = 12, /* "=?UTF-8?Q?" and "?=" */
    ATOM_MAX = 60,   /* a longer run without a space is encoded: nothing else could fold it */
};

static const char atom_marks[] = "!#$%&'*+-/=?^_`{|}~";
static const char crlf[] = "\r\n";

static bool is_ascii_alnum(char byte)
{
    return (unsigned char)byte < 0x80 && isalnum((unsigned char)byte) != 0;
}

static bool is_atom_byte(char byte)
{
    return is_ascii_alnum(byte) || (byte != '\0' && strchr(atom_marks, byte) != NULL);
}

/* Atoms with single dots between them. */
static bool local_part_valid(const char *local, size_t length)
{
    if (length == 0 || length > LOCAL_MAX || local[0] == '.' || local[length - 1] == '.') {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        const bool dot = local[i] == '.';
        if ((!dot && !is_atom_byte(local[i])) || (dot && local[i + 1] == '.')) {
            return false;
        }
    }
    return true;
}

static bool label_valid(const char *label, size_t length)
{
    if (length == 0 || length > LABEL_MAX || label[0] == '-' || label[length - 1] == '-') {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (!is_ascii_alnum(label[i]) && label[i] != '-') {
            return false;
        }
    }
    return true;
}

static bool domain_valid(const char *domain)
{
    for (;;) {
        const size_t length = strcspn(domain, ".");
        if (!label_valid(domain, length)) {
            return false;
        }
        if (domain[length] == '\0') {
            /* A last label of digits would be an IP address. */
            return strspn(domain, "0123456789") < length;
        }
        domain += length + 1;
    }
}

bool mail_address_valid(const char *address)
{
    const char *at = strchr(address, '@');

    return at != NULL && strlen(address) <= ADDRESS_MAX &&
           local_part_valid(address, (size_t)(at - address)) && domain_valid(at + 1);
}

/* A header value made harmless: controls are spaces, none at its ends; no byte is left that is
 * not UTF-8. */
static const char *clean(struct arena *arena, const char *value)
{
    size_t characters;
    const bool readable = utf8_length(value, &characters);
    char *copy = arena_text(arena, value);
    size_t length = strlen(copy);

    for (size_t i = 0; i < length; i++) {
        const unsigned char byte = (unsigned char)copy[i];
        if (byte < ' ' || byte == 0x7F) {
            copy[i] = ' ';
        } else if (byte >= 0x80 && !readable) {
            copy[i] = '?';
        } else if (byte == 0xC2 && (unsigned char)copy[i + 1] < 0xA0) {
            copy[i] = copy[i + 1] = ' '; /* the controls U+0080 to U+009F */
        }
    }
    while (length > 0 && copy[length - 1] == ' ') {
        copy[--length] = '\0';
    }
    return copy + strspn(copy, " ");
}

static size_t column(const struct text *message)
{
    const char *newline =
        message->length > 0 ? memrchr(message->bytes, '\n', message->length) : NULL;
    return newline == NULL ? message->length
                           : (size_t)(message->bytes + message->length - newline) - 1;
}

/* One more word of a header, after a space, and on a line of its own where it does not fit. */
static void add_word(struct text *message, const char *word, size_t length)
{
    if (column(message) + 1 + length > LINE_WIDTH) {
        text_add(message, crlf);
    }
    text_add(message, " ");
    text_add_bytes(message, word, length);
}

/* Whether it can stand in a header as it is. Where there are spaces side by side, a fold could
 * leave a line of nothing else, which RFC 5322 forbids. */
static bool is_plain(const char *value)
{
    size_t run = 0;

    for (const char *byte = value; *byte != '\0'; byte++) {
        run = *byte == ' ' ? 0 : run + 1;
        if ((unsigned char)*byte >= 0x80 || run > ATOM_MAX) {
            return false;
        }
    }
    return strstr(value, "=?") == NULL && strstr(value, "  ") == NULL;
}

static void add_plain(struct text *message, const char *value)
{
    for (;;) {
        const size_t length = strcspn(value, " ");
        add_word(message, value, length);
        if (value[length] == '\0') {
            return;
        }
        value += length + 1;
    }
}

static size_t character_size(const char *at)
{
    const unsigned char first = (unsigned char)*at;
    return first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

/* What Q may leave as it is, in names too; its space is '_'. */
static bool q_leaves(char byte)
{
    return is_ascii_alnum(byte) || byte == ' ' || (byte != '\0' && strchr("!*+-/", byte) != NULL);
}

static size_t q_size(const char *bytes, size_t length)
{
    size_t size = 0;
    for (size_t i = 0; i < length; i++) {
        size += q_leaves(bytes[i]) ? 1 : 3;
    }
    return size;
}

static size_t b_size(size_t length)
{
    return (length + 2) / 3 * 4;
}

static void add_hexadecimal(struct text *message, char byte)
{
    static const char digits[] = "0123456789ABCDEF";
    const unsigned char value = (unsigned char)byte;
    const char code[] = {'=', digits[value >> 4], digits[value & 0xF]};

    text_add_bytes(message, code, sizeof(code));
}

static void add_q(struct text *word, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == ' ') {
            text_add(word, "_");
        } else if (q_leaves(bytes[i])) {
            text_add_bytes(word, bytes + i, 1);
        } else {
            add_hexadecimal(word, bytes[i]);
        }
    }
}

static void add_b(struct text *word, const char *bytes, size_t length)
{
    text_add(word,
             base64_encode(word->arena, (struct bytes){(const unsigned char *)bytes, length}));
}

/* RFC 2047: as many encoded words as it takes, none of which cuts a character. */
static void add_encoded(struct text *message, const char *value)
{
    const size_t all = strlen(value);
    const bool q = q_size(value, all) < 2 * all; /* most of it stays readable */

    while (*value != '\0') {
        /* The first one shares its line with the header's name, the others begin a line. */
        const size_t begun = column(message) < LINE_WIDTH / 2 ? column(message) + 1 : 1;
        const size_t room = LINE_WIDTH - begun - WORD_FRAME;
        size_t length = 0;
        for (;;) {
            const size_t longer = length + character_size(value + length);
            if (value[length] == '\0' || (q ? q_size(value, longer) : b_size(longer)) > room) {
                break;
            }
            length = longer;
        }
        struct text word = text_in(message->arena);
        text_add_format(&word, "=?UTF-8?%c?", q ? 'Q' : 'B');
        (q ? add_q : add_b)(&word, value, length);
        text_add(&word, "?=");
        add_word(message, text_done(&word), word.length);
        value += length;
    }
}

static void add_text_header(struct text *message, const char *name, const char *value)
{
    const char *shown = clean(message->arena, value);

    text_add_format(message, "%s:", name);
    (is_plain(shown) ? add_plain : add_encoded)(message, shown);
    text_add(message, crlf);
}

static const char *quoted(struct arena *arena, const char *name)
{
    struct text text = text_in(arena);

    text_add(&text, "\"");
    for (const char *byte = name; *byte != '\0'; byte++) {
        text_add(&text, *byte == '"' || *byte == '\\' ? "\\" : "");
        text_add_bytes(&text, byte, 1);
    }
    text_add(&text, "\"");
    return text_done(&text);
}

static bool is_atoms(const char *name)
{
    while (*name == ' ' || is_atom_byte(*name)) {
        name++;
    }
    return *name == '\0';
}

static void add_name(struct text *message, const char *name)
{
    if (!is_plain(name)) {
        add_encoded(message, name);
    } else {
        add_plain(message, is_atoms(name) ? name : quoted(message->arena, name));
    }
}

/* Addresses and ids are checked elsewhere; whatever comes, it stays one ASCII word of its line. */
static const char *bracketed(struct arena *arena, const char *value)
{
    char *word = arena_printf(arena, "<%s>", clean(arena, value));

    for (char *byte = word; *byte != '\0'; byte++) {
        if (*byte == ' ' || (unsigned char)*byte >= 0x80) {
            *byte = '?';
        }
    }
    return word;
}

static void add_person(struct text *message, const char *header, const char *name,
                       const char *address)
{
    const char *shown = clean(message->arena, name == NULL ? "" : name);
    const char *word = bracketed(message->arena, address);

    text_add_format(message, "%s:", header);
    if (shown[0] != '\0') {
        add_name(message, shown);
    }
    add_word(message, word, strlen(word));
    text_add(message, crlf);
}

static void add_date(struct text *message, struct instant instant)
{
    static const char *const days[] = {"Sat", "Sun", "Mon", "Tue", "Wed", "Thu", "Fri"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const struct civil at = instant_civil(instant);

    /* The count of instants begins on a Saturday. */
    text_add_format(message, "Date: %s, %d %s %04d %02d:%02d:%02d +0000\r\n",
                    days[instant.ms / MS_PER_DAY % 7], at.date.day, months[at.date.month - 1],
                    at.date.year, at.hour, at.minute, at.second);
}

/* Quoted-printable: the text between two line breaks, on lines of at most 76. */
static void add_body_line(struct text *message, const char *line, size_t length)
{
    size_t width = 0;
    size_t added = 0; /* bytes of the line; those after them stand as they are */

    for (size_t i = 0; i < length; i++) {
        const char byte = line[i];
        const bool last = i + 1 == length;
        const bool blank = byte == ' ' || byte == '\t';
        const bool as_is = (byte > ' ' && byte < 0x7F && byte != '=') || (blank && !last);
        const size_t size = as_is ? 1 : 3;
        const bool fits = width + size + (last ? 0 : 1) <= LINE_WIDTH;
        if (!fits || !as_is) {
            text_add_bytes(message, line + added, i - added);
            added = i;
        }
        if (!fits) {
            text_add(message, "=\r\n");
            width = 0;
        }
        if (!as_is) {
            add_hexadecimal(message, byte);
            added = i + 1;
        }
        width += size;
    }
    text_add_bytes(message, line + added, length - added);
    text_add(message, crlf);
}

static void add_body(struct text *message, const char *text)
{
    while (*text != '\0') {
        const size_t length = strcspn(text, "\n");
        const bool has_cr = length > 0 && text[length - 1] == '\r';
        add_body_line(message, text, length - has_cr);
        text += length + (text[length] == '\n');
    }
}

static void add_part(struct text *message, const char *type, const char *content)
{
    text_add_format(message,
                    "Content-Type: %s; charset=utf-8\r\n"
                    "Content-Transfer-Encoding: quoted-printable\r\n"
                    "\r\n",
                    type);
    add_body(message, content);
}

/* The best alternative comes last. No line of quoted-printable begins as the boundary does: in it
 * "=" is never followed by "_". */
static void add_alternatives(struct text *message, const struct mail *mail)
{
    const char *boundary =
        arena_printf(message->arena, "=_%016" PRIx64, text_hash(mail->message_id));

    text_add_format(message,
                    "Content-Type: multipart/alternative; boundary=\"%s\"\r\n"
                    "\r\n"
                    "--%s\r\n",
                    boundary, boundary);
    add_part(message, "text/plain", mail->text);
    text_add_format(message, "\r\n--%s\r\n", boundary);
    add_part(message, "text/html", mail->html);
    text_add_format(message, "\r\n--%s--\r\n", boundary);
}

char *mail_write(struct arena *arena, const struct mail *mail)
{
    struct text message = text_in(arena);

    add_person(&message, "From", mail->from_name, mail->from);
    add_person(&message, "To", mail->to_name, mail->to);
    add_text_header(&message, "Subject", mail->subject);
    add_date(&message, mail->date);
    text_add_format(&message, "Message-ID: %s\r\n", bracketed(arena, mail->message_id));
    text_add(&message, "Auto-Submitted: auto-generated\r\n"
                       "X-Auto-Response-Suppress: All\r\n");
    if (mail->list_unsubscribe != NULL) {
        text_add_format(&message, "List-Unsubscribe: %s\r\n",
                        bracketed(arena, mail->list_unsubscribe));
    }
    text_add(&message, "MIME-Version: 1.0\r\n");
    if (mail->html == NULL) {
        add_part(&message, "text/plain", mail->text);
    } else {
        add_alternatives(&message, mail);
    }
    return text_done(&message);
}
