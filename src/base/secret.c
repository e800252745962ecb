/* SPDX-License-Identifier: MIT */
#include "base/secret.h"

#include <string.h>

bool secret_is(const char *given, const char *secret)
{
    const size_t length = strlen(secret);
    unsigned char differs = strlen(given) != length;

    for (size_t i = 0; i < length && given[i] != '\0'; i++) {
        differs |= (unsigned char)(given[i] ^ secret[i]);
    }
    return differs == 0;
}
