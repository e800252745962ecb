/* SPDX-License-Identifier: MIT */
/* The database server itself: what it is, what time it has, what our account may do there. */
#ifndef MENTORWATCH_STORE_SERVER_H
#define MENTORWATCH_STORE_SERVER_H

#include "base/clock.h"
#include "base/outcome.h"
#include "base/record.h"

#include <stdbool.h>

struct work;

enum outcome server_version(const char **out, struct work *work); /* "10.11.6-MariaDB" */
/* How many statements it has been asked for since it began, by everybody. */
enum outcome server_asked(int64_t *out, struct work *work);
enum outcome server_clock(struct instant *out, struct work *work);

/* The rights that the account needs and does not have (const char *). They are tried: lists of
 * grants do not tell of roles. */

/* Of SCHEMA_RIGHTS: "CREATE". It tries them on a table of its own, doctor_probe, that is gone
 * afterwards. Where a first right is missing that the others need, only that one is told. */
enum outcome server_missing_schema_rights(struct list *out, struct work *work);
/* Of table_rights, of the server (`app`) or of the jobs: "INSERT on messages". It changes nothing.
 * The schema must be current. */
enum outcome server_missing_table_rights(struct list *out, struct work *work, bool app);

#endif
