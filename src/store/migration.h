/* SPDX-License-Identifier: MIT */
/* The schema's history: the files of sql/, built into the program, and what of it a database has.
 *
 * Neither server can roll back a DDL statement, so a migration is recorded statement by statement
 * and a run that was cut off goes on where it stopped. The one statement that may have happened
 * without being recorded is repeated, and "it exists already" then counts as done; statements that
 * change data must be written so that repeating them is harmless.
 */
#ifndef MENTORWATCH_STORE_MIGRATION_H
#define MENTORWATCH_STORE_MIGRATION_H

#include "base/outcome.h"
#include "base/record.h"

#include <stddef.h>
#include <stdint.h>

struct work;

struct migration {
    int64_t version;  /* from 1, without gaps */
    const char *name; /* "0001-directory.sql" */
    const char *sql;
};

extern const struct migration migrations[]; /* generated from sql/, in order */
extern const size_t migration_count;

/* What the database records of one migration. */
struct migration_state {
    int64_t version;
    int64_t statements; /* how many are done */
    bool finished;
    bool same; /* its checksum is that of our text */
};

/* The version up to which every migration is finished; 0 for an empty database. */
enum outcome schema_version(int64_t *out, struct work *work);
/* The same; OUTDATED: it is older than this program. */
enum outcome schema_is_current(int64_t *out, struct work *work);
/* The same, with one statement and a plainer sentence where there is no schema yet: the gate of the
 * database (db/db.h). */
enum outcome schema_ready(struct work *work);

/* Make the table that records migrations, if it is not there. */
enum outcome migration_prepare(struct work *work);
/* NOT_FOUND: it was never begun. */
enum outcome migration_state(struct migration_state **out, struct work *work,
                             const struct migration *migration);
enum outcome migration_begin(struct work *work, const struct migration *migration);
/* Run statement number `index` (from 0) and record it; `resumed`: it may have happened already. */
enum outcome migration_step(struct work *work, const struct migration *migration, int64_t index,
                            const char *statement, bool resumed);
enum outcome migration_finish(struct work *work, const struct migration *migration);

/* The statements of a migration, without comments, in order (const char *). */
struct list migration_statements(struct work *work, const struct migration *migration);

#endif
