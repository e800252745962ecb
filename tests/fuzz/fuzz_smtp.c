/* SPDX-License-Identifier: MIT */
/* Whatever a mail server says, in whatever pieces, notify/smtp_reply.h takes one reply after the
 * other from it, each up to its last line and no byte more, and each the same whatever the pieces.
 * The input: three bytes that say how long the pieces are, then what the server says. (A reply that
 * is too long would take too much time here; tests/unit/notify/test_smtp_reply.c has one.) */
#include "fuzz.h"
#include "notify/smtp_reply.h"

#include <stdbool.h>

enum {
    PIECES = 3, /* their lengths, in turn */
    PIECE_MAX = UINT8_MAX + 1,
    CODE_LENGTH = 3,
};

static const uint8_t one_byte_each[PIECES] = {0};

struct saying {
    const char *bytes;
    size_t length;
};

/* ---- what a reply is, in other words ----------------------------------------------------------
 */

/* 0: the line does not begin with one. */
static int code_of(struct saying line)
{
    if (line.length < CODE_LENGTH || line.bytes[0] < '2' || line.bytes[0] > '5') {
        return 0;
    }
    for (size_t i = 1; i < CODE_LENGTH; i++) {
        if (line.bytes[i] < '0' || line.bytes[i] > '9') {
            return 0;
        }
    }
    return (line.bytes[0] - '0') * 100 + (line.bytes[1] - '0') * 10 + line.bytes[2] - '0';
}

static bool goes_on(struct saying line)
{
    return code_of(line) > 0 && line.length > CODE_LENGTH && line.bytes[CODE_LENGTH] == '-';
}

/* Without its end; that of what has none goes up to the end of all. */
static struct saying line_at(struct saying said, size_t at)
{
    const char *begin = said.bytes + at;
    const char *end = memchr(begin, '\n', said.length - at);

    return (struct saying){begin, end == NULL ? said.length - at : (size_t)(end - begin)};
}

/* The last line is the first one that does not say that another one follows. */
static void check_lines(const struct smtp_reply *reply, struct saying said, size_t taken)
{
    for (size_t at = 0; at < taken;) {
        const struct saying line = line_at(said, at);
        at += line.length + 1;
        if (at > taken) { /* it has not ended yet, or is beyond the limit */
            MUST(reply->code == 0 && (taken == said.length || taken == SMTP_REPLY_MAX));
        } else if (!goes_on(line)) {
            MUST(reply->ended && at == taken);
            /* The line that fills the limit may be good. */
            MUST(reply->code == code_of(line));
            return;
        }
    }
    MUST(reply->code == 0 && reply->ended == (taken == SMTP_REPLY_MAX));
}

static void check_words(const struct smtp_reply *reply)
{
    MUST(reply->length <= SMTP_WORDS_MAX && strlen(reply->words) == reply->length);
    for (size_t i = 0; i < reply->length; i++) {
        MUST(reply->words[i] >= ' ' && reply->words[i] <= '~');
    }
    MUST(reply->length == 0 || reply->words[reply->length - 1] != ' ');
    MUST(reply->code == 0 || code_of((struct saying){reply->words, reply->length}) > 0);
}

static void check_reply(const struct smtp_reply *reply, struct saying said, size_t taken)
{
    MUST(taken == reply->size && taken <= said.length && taken <= SMTP_REPLY_MAX);
    MUST(reply->ended || taken == said.length);
    check_lines(reply, said, taken);
    MUST(!reply->rows || memchr(said.bytes, '\n', taken) != NULL);
    if (reply->ended) {
        check_words(reply);
    }
}

/* ---- hearing it -------------------------------------------------------------------------------
 */

/* Each piece ends where a block does, so that a read beyond it is seen. */
static const char *piece_of(const char *bytes, size_t length)
{
    static char *block;

    if (block == NULL) {
        block = malloc(PIECE_MAX);
        MUST(block != NULL);
    }
    return memcpy(block + PIECE_MAX - length, bytes, length);
}

/* What was taken. */
static size_t hear_in_pieces(struct smtp_reply *out, struct saying said,
                             const uint8_t lengths[PIECES])
{
    size_t all = 0;

    smtp_reply_begin(out);
    for (size_t i = 0; all < said.length && !out->ended; i++) {
        const size_t left = said.length - all;
        const size_t wanted = (size_t)lengths[i % PIECES] + 1;
        const size_t length = wanted < left ? wanted : left;
        const size_t taken = smtp_reply_take(out, piece_of(said.bytes + all, length), length);
        MUST(taken == length || (taken < length && out->ended));
        all += taken;
    }
    return all;
}

static void must_be_same(const struct smtp_reply *one, const struct smtp_reply *other)
{
    MUST(one->ended == other->ended && one->code == other->code && one->rows == other->rows);
    MUST(one->size == other->size && one->length == other->length);
    MUST(memcmp(one->words, other->words, one->length) == 0);
}

/* One reply; how long it was. */
static size_t hear(struct saying said, const uint8_t lengths[PIECES])
{
    struct smtp_reply whole;
    struct smtp_reply pieces;

    smtp_reply_begin(&whole);
    const size_t taken = smtp_reply_take(&whole, said.bytes, said.length);
    check_reply(&whole, said, taken);
    MUST(!whole.ended || smtp_reply_take(&whole, said.bytes, said.length) == 0);
    MUST(hear_in_pieces(&pieces, said, lengths) == taken);
    must_be_same(&whole, &pieces);
    MUST(hear_in_pieces(&pieces, said, one_byte_each) == taken);
    must_be_same(&whole, &pieces);
    return taken;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct input input = {bytes, length};
    uint8_t lengths[PIECES];

    for (size_t i = 0; i < PIECES; i++) {
        lengths[i] = (uint8_t)input_byte(&input);
    }
    struct saying said = {(const char *)input.at, input.length};
    while (said.length > 0) {
        const size_t taken = hear(said, lengths);
        said.bytes += taken;
        said.length -= taken;
    }
    return 0;
}
