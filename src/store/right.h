/* SPDX-License-Identifier: MIT */
/* What an account of the database must be able to do, where the server, the jobs and the schema
 * each have one of their own. Nobody but the jobs and the server writes a record of what was done,
 * and nobody but the owner of the schema changes the directory of people. */
#ifndef MENTORWATCH_STORE_RIGHT_H
#define MENTORWATCH_STORE_RIGHT_H

#include <stddef.h>

struct table_right {
    const char *table;
    const char *app; /* as GRANT has them */
    const char *sweep;
};
extern const struct table_right table_rights[];
extern const size_t table_right_count;

/* On the whole schema: of the one who migrates, and of the only account where there is one. */
#define SCHEMA_RIGHTS "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES"

#endif
