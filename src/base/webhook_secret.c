/* SPDX-License-Identifier: MIT */
#include "base/webhook_secret.h"

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <string.h>

enum { SECRET_MIN = 24, SECRET_MAX = 64 }; /* bytes */

/* "whsec_" and 24 to 64 bytes in base64, as its decoder takes it. */
static bool is_webhook_secret(const char *word)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    static const unsigned unused[] = {0, 3, 15}; /* bits of the last digit, by the padding */
    const char *text = word + strlen(WEBHOOK_SECRET_PREFIX);

    if (!text_starts(word, WEBHOOK_SECRET_PREFIX)) {
        return false;
    }
    const size_t count = strspn(text, digits);
    const size_t padding = strspn(text + count, "=");
    const size_t bytes = (count + padding) / 4 * 3 - padding;
    if (text[count + padding] != '\0' || (count + padding) % 4 != 0 || padding > 2 ||
        bytes < SECRET_MIN || bytes > SECRET_MAX) {
        return false;
    }
    const char *last = strchr(digits, text[count - 1]);
    return ((unsigned)(last - digits) & unused[padding]) == 0;
}

struct list webhook_secrets(struct arena *arena, const char *text)
{
    struct list secrets = {0};

    for (const char *at = text + strspn(text, " "); *at != '\0'; at += strspn(at, " ")) {
        const size_t length = strcspn(at, " ");
        *(const char **)list_append(&secrets, arena, sizeof(at)) = arena_bytes(arena, at, length);
        at += length;
    }
    return secrets;
}

const char *webhook_secrets_check(const char *text, struct arena *arena)
{
    const struct list secrets = webhook_secrets(arena, text);
    const char *const *words = secrets.items;

    for (size_t i = 0; i < secrets.count; i++) {
        if (!is_webhook_secret(words[i])) {
            return "must be whsec_ and 24 to 64 bytes in base64; several with a space between";
        }
    }
    return NULL;
}
