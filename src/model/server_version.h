/* SPDX-License-Identifier: MIT */
/* Which database servers will do. */
#ifndef MENTORWATCH_MODEL_SERVER_VERSION_H
#define MENTORWATCH_MODEL_SERVER_VERSION_H

#include <stdbool.h>

struct arena;

/* What SELECT VERSION() says: "10.11.6-MariaDB-0+deb12u1", "8.0.36". MariaDB from 10.6 on, MySQL
 * from 8.0 on. False as well for what is no version. */
bool server_version_will_do(struct arena *arena, const char *version);

/* "MariaDB 10.11.6", "MySQL 8.0.36" */
const char *server_version_name(struct arena *arena, const char *version);

#endif
