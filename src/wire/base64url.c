/* SPDX-License-Identifier: MIT */
#include "wire/base64url.h"

#include "base/arena.h"

enum { DIGIT_BITS = 6, BYTE_BITS = 8 };

/* The digits for 62 and 63; the others are the same everywhere. */
static const char URL_LAST[] = "-_";
static const char PLAIN_LAST[] = "+/";

static int digit_value(char digit, const char *last)
{
    if (digit >= 'A' && digit <= 'Z') {
        return digit - 'A';
    }
    if (digit >= 'a' && digit <= 'z') {
        return digit - 'a' + 26;
    }
    if (digit >= '0' && digit <= '9') {
        return digit - '0' + 52;
    }
    return digit == last[0] ? 62 : digit == last[1] ? 63 : -1;
}

static bool decode(struct bytes *out, struct arena *arena, const char *text, size_t length,
                   const char *last)
{
    unsigned char *bytes = arena_alloc(arena, length / 4 * 3 + 3);
    size_t count = 0;
    unsigned pending = 0; /* bits that do not make up a byte yet, */
    unsigned bits = 0;    /* and how many they are */

    for (size_t i = 0; i < length; i++) {
        const int value = digit_value(text[i], last);
        if (value < 0) {
            return false;
        }
        pending = pending << DIGIT_BITS | (unsigned)value;
        bits += DIGIT_BITS;
        if (bits >= BYTE_BITS) {
            bits -= BYTE_BITS;
            bytes[count++] = (unsigned char)(pending >> bits);
            pending &= (1U << bits) - 1;
        }
    }
    *out = (struct bytes){bytes, count};
    return pending == 0 && bits < DIGIT_BITS; /* a last digit that begins a byte is one too many */
}

bool base64url_decode(struct bytes *out, struct arena *arena, const char *text, size_t length)
{
    return decode(out, arena, text, length, URL_LAST);
}

bool base64_decode(struct bytes *out, struct arena *arena, const char *text, size_t length)
{
    size_t digits = length;

    while (digits > 0 && length - digits < 2 && text[digits - 1] == '=') {
        digits--;
    }
    return length % 4 == 0 && decode(out, arena, text, digits, PLAIN_LAST);
}

static char digit_of(unsigned value, const char *last)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    const size_t count = sizeof(digits) - 1;

    if (value < count) {
        return digits[value];
    }
    return last[value - count];
}

/* With room for padding. */
static char *encode(struct arena *arena, struct bytes bytes, size_t *length, const char *last)
{
    char *text = arena_alloc(arena, bytes.length / 3 * 4 + 5);
    size_t count = 0;
    unsigned pending = 0;
    unsigned bits = 0;

    for (size_t i = 0; i < bytes.length; i++) {
        pending = (pending << BYTE_BITS | bytes.at[i]) & 0xFFFF;
        bits += BYTE_BITS;
        while (bits >= DIGIT_BITS) {
            bits -= DIGIT_BITS;
            text[count++] = digit_of(pending >> bits & 63, last);
        }
    }
    if (bits > 0) {
        text[count++] = digit_of(pending << (DIGIT_BITS - bits) & 63, last);
    }
    *length = count;
    return text;
}

char *base64url_encode(struct arena *arena, struct bytes bytes)
{
    size_t length;

    return encode(arena, bytes, &length, URL_LAST);
}

char *base64_encode(struct arena *arena, struct bytes bytes)
{
    size_t length;
    char *text = encode(arena, bytes, &length, PLAIN_LAST);

    while (length % 4 != 0) {
        text[length++] = '=';
    }
    return text;
}
