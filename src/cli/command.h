/* SPDX-License-Identifier: MIT */
/* A subcommand of mentorwatch: one row in main.c, one file. */
#ifndef MENTORWATCH_CLI_COMMAND_H
#define MENTORWATCH_CLI_COMMAND_H

#include "base/outcome.h"

#include <stdbool.h>

struct work;

/* What the words after the subcommand said. */
struct command_line {
    bool dry_run;
    bool json;
    bool openapi;
    bool plan;
    bool verbose;
    const char *as_of;
    const char *role;
    const char *organisation;
    const char *subject;
    const char *ttl;
    const char *kid;
    char *const *files; /* NULL at the end */
    int file_count;
};

/* Returns an exit status of <sysexits.h>. work->settings are loaded; work->db connects when first
 * asked. */
typedef int command(struct work *work, const struct command_line *line);

command command_import;
command command_migrate;
command command_routes;
command command_settings;
command command_sweep;
command command_token;

/* Say on stderr what went wrong: each fault on a line, or the sentence. Returns the exit status. */
int command_failed(const struct work *work, enum outcome outcome);

#endif
