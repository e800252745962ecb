/* SPDX-License-Identifier: MIT */
/* Who is asking, and may they? */
#ifndef MENTORWATCH_HTTP_AUTHENTICATE_H
#define MENTORWATCH_HTTP_AUTHENTICATE_H

#include "base/outcome.h"

struct request;
struct token_keys;

/* Find out who asks (work->actor) and hold it against the route's column `who`. UNAUTHENTICATED,
 * with the response's WWW-Authenticate: no token, or one that will not do. FORBIDDEN: a good
 * token of a role that may not. NOT_FOUND: the route is switched off. */
enum outcome authenticate(struct request *request, const struct token_keys *keys);

#endif
