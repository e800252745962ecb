/* SPDX-License-Identifier: MIT */
#include "base/digits.h"

size_t digits_padded(char *to, uint64_t number, size_t least)
{
    size_t count = 1;

    for (uint64_t rest = number; rest >= 10; rest /= 10) {
        count++;
    }
    count = count < least ? least : count;
    for (size_t i = count; i > 0; i--, number /= 10) {
        to[i - 1] = (char)('0' + number % 10);
    }
    return count;
}

size_t digits_of(char *to, int64_t number)
{
    if (number >= 0) {
        return digits_padded(to, (uint64_t)number, 1);
    }
    to[0] = '-';
    return 1 + digits_padded(to + 1, 0 - (uint64_t)number, 1);
}
