/* SPDX-License-Identifier: MIT */
#include "wire/base64url.h"

#include "base/arena.h"

enum { DIGIT_BITS = 6, BYTE_BITS = 8 };

static int digit_value(char digit)
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
    return digit == '-' ? 62 : digit == '_' ? 63 : -1;
}

bool base64url_decode(struct bytes *out, struct arena *arena, const char *text, size_t length)
{
    unsigned char *bytes = arena_alloc(arena, length / 4 * 3 + 3);
    size_t count = 0;
    unsigned pending = 0; /* bits that do not make up a byte yet, */
    unsigned bits = 0;    /* and how many they are */

    for (size_t i = 0; i < length; i++) {
        const int value = digit_value(text[i]);
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

char *base64url_encode(struct arena *arena, struct bytes bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char *text = arena_alloc(arena, bytes.length / 3 * 4 + 5);
    size_t count = 0;
    unsigned pending = 0;
    unsigned bits = 0;

    for (size_t i = 0; i < bytes.length; i++) {
        pending = (pending << BYTE_BITS | bytes.at[i]) & 0xFFFF;
        bits += BYTE_BITS;
        while (bits >= DIGIT_BITS) {
            bits -= DIGIT_BITS;
            text[count++] = digits[pending >> bits & 63];
        }
    }
    if (bits > 0) {
        text[count++] = digits[pending << (DIGIT_BITS - bits) & 63];
    }
    return text;
}
