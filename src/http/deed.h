/* SPDX-License-Identifier: MIT */
/* What a request does, written into the audit (store/audit.h). Every route whose unit is WRITING is
 * written down by the dispatcher; a handler that begins its own transactions leads to somebody who
 * does it there. */
#ifndef MENTORWATCH_HTTP_DEED_H
#define MENTORWATCH_HTTP_DEED_H

#include "base/outcome.h"

struct request;
struct requests;
struct work;

/* "POST /api/v1/loans/:id/renewal"; NULL for a GET. */
const char *deed_name(const struct request *request);

/* In the transaction in which it was handled, after that. */
enum outcome deed_record(const struct request *request);
/* The same for all of them but those that are apart. */
enum outcome deeds_record(struct work *work, const struct requests *requests);

#endif
