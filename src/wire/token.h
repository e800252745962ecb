/* SPDX-License-Identifier: MIT */
/* Tokens: JSON Web Tokens (RFC 7519) that say who asks, read as RFC 8725 advises.
 *
 * A token must be signed with the algorithm and a key of the settings [token], live (exp is
 * required), meant for us (iss and aud, where they are set), and name a role; coordinators and
 * organisation admins name their organisation as well, and mentors themselves (sub):
 *
 *     {"iat":1772352000,"nbf":1772352000,"exp":1772355600,"sub":"ingrid","role":"coordinator",
 *      "org_id":"org-1"}
 *
 * Times are whole seconds since 1970. Claims beside these are ignored; claims of another type than
 * these have, and claims given twice, are not.
 */
#ifndef MENTORWATCH_WIRE_TOKEN_H
#define MENTORWATCH_WIRE_TOKEN_H

#include "base/actor.h"
#include "base/outcome.h"
#include "wire/token_keys.h"

#include <stddef.h>
#include <stdint.h>

struct work;

enum { TOKEN_MAX = 4096 }; /* bytes */

/* Who asks, according to the token; its texts live in the work's arena. UNAUTHENTICATED: why it is
 * not accepted, in a sentence that may be shown: it tells nothing of the keys, and of a token that
 * they did not sign, nothing that it says. */
enum outcome token_verify(struct actor *out, struct work *work, const struct token_keys *keys,
                          const char *token, size_t length);

/* What a new token is to say. Nothing is checked: tests need bad tokens, too. */
struct grant {
    const char *role;
    const char *organisation_id; /* NULL: none */
    const char *subject;         /* NULL: none */
    const char *kid;             /* NULL: none */
    int64_t seconds;             /* until it expires */
};

/* Sign a token, issuer and audience as the settings say, with a key of token_keys_load_private().
 */
enum outcome token_mint(char **out, struct work *work, const struct token_keys *keys,
                        const struct grant *grant);

#endif
