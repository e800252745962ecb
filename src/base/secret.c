/* SPDX-License-Identifier: MIT */
#include "base/secret.h"

#include <string.h>
#include <sys/prctl.h>

bool secret_is(const char *given, const char *secret)
{
    const size_t length = strlen(secret);
    unsigned char differs = strlen(given) != length;

    for (size_t i = 0; i < length && given[i] != '\0'; i++) {
        differs |= (unsigned char)(given[i] ^ secret[i]);
    }
    return differs == 0;
}

void secrets_out_of_dumps(void)
{
#ifdef WITHOUT_DUMPS
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}
