/* SPDX-License-Identifier: MIT */
/* The keys of tokens, from the settings [token].
 *
 * Made once at start and then only read, by all threads. The algorithm is the setting's: no token
 * has a say in it.
 */
#ifndef MENTORWATCH_WIRE_TOKEN_KEYS_H
#define MENTORWATCH_WIRE_TOKEN_KEYS_H

#include "base/outcome.h"
#include "wire/signature.h"

#include <stdbool.h>

struct token_keys;
struct work;

/* The keys to check tokens with, to end with token_keys_free(). Without token.secret or
 * token.key_file there are none, which is no failure: then no token is accepted. INVALID, with a
 * sentence: a secret shorter than 32 bytes, a file that cannot be read or has no key for the
 * algorithm, a setting that the algorithm has no use for. */
enum outcome token_keys_load(struct token_keys **out, struct work *work);
/* The key to sign tokens with: token.secret or token.private_key_file. INVALID: neither is set,
 * too. */
enum outcome token_keys_load_private(struct token_keys **out, struct work *work);
void token_keys_free(struct token_keys *keys); /* NULL will do */

const char *token_keys_algorithm(const struct token_keys *keys); /* "HS256" */
bool token_keys_given(const struct token_keys *keys);            /* is there any? */

/* The key of that name, or NULL. A key without a name, such as a secret or that of a PEM file,
 * answers to any; no name (NULL) stands for an only key. Names are compared and nothing else. */
const struct signature_key *token_keys_find(const struct token_keys *keys, const char *kid);

#endif
