/* SPDX-License-Identifier: MIT */
/* A subcommand of mentorwatch: one row in commands.c, one file. */
#ifndef MENTORWATCH_CLI_COMMAND_H
#define MENTORWATCH_CLI_COMMAND_H

#include "base/outcome.h"

#include <stdbool.h>
#include <stddef.h>

struct work;

/* The options that a subcommand may take; main.c says how each is written. */
enum option_bit {
    OPTION_ACCEPT = 1 << 0,
    OPTION_AS_OF = 1 << 1,
    OPTION_DRY_RUN = 1 << 2,
    OPTION_HTML = 1 << 3,
    OPTION_JSON = 1 << 4,
    OPTION_KID = 1 << 5,
    OPTION_LANG = 1 << 6,
    OPTION_LIMIT = 1 << 7,
    OPTION_OPENAPI = 1 << 8,
    OPTION_ORG = 1 << 9,
    OPTION_PLAN = 1 << 10,
    OPTION_ROLE = 1 << 11,
    OPTION_STATE = 1 << 12,
    OPTION_SUBJECT = 1 << 13,
    OPTION_TTL = 1 << 14,
    OPTION_VERBOSE = 1 << 15,
    OPTION_WATCH = 1 << 16,
    OPTION_REPAIR = 1 << 17,
    OPTION_TEST_MAIL = 1 << 18,
    OPTION_TO = 1 << 19,
    OPTION_MAIL = 1 << 20,
    OPTION_URL = 1 << 21,
    OPTION_ABOUT = 1 << 22,
    OPTION_ACTOR = 1 << 23,
    OPTION_SINCE = 1 << 24,
};

/* What the words after the subcommand said. Texts are NULL when not given. */
struct command_line {
    bool accept;
    bool dry_run;
    bool html;
    bool json;
    bool openapi;
    bool plan;
    bool repair;
    bool verbose;
    bool watch;
    const char *about;
    const char *actor;
    const char *as_of;
    const char *config; /* --config, which goes with every subcommand */
    const char *kid;
    const char *language;
    const char *limit;
    const char *mail;
    const char *organisation;
    const char *role;
    const char *since;
    const char *state;
    const char *subject;
    const char *test_mail;
    const char *to;
    const char *ttl;
    const char *url;
    char *const *arguments; /* NULL at the end */
    int argument_count;
};

/* Returns an exit status of <sysexits.h>. work->settings are loaded; work->db connects when first
 * asked. */
typedef int command(struct work *work, const struct command_line *line);

enum { ANY_NUMBER = -1 };

/* The account of the database that a subcommand uses, where each has its own. */
enum account { ACCOUNT_APP, ACCOUNT_SWEEP, ACCOUNT_MIGRATE };

struct subcommand {
    const char *name;
    command *run;
    unsigned options;
    enum account account;
    bool any_schema;       /* it works with any, also with none yet */
    bool writes_letters;   /* their templates are checked before it begins */
    bool bad_settings_too; /* it begins all the same, and work->failure says what is wrong */
    int least, most;       /* arguments; most may be ANY_NUMBER */
    const char *arguments; /* how options and arguments are shown */
    const char *summary;
    const char *help;
};

extern const struct subcommand subcommands[];
extern const size_t subcommand_count;

command command_audit;
command command_counts;
command command_cron;
command command_dispatch;
command command_doctor;
command command_explain;
command command_grants;
command command_import;
command command_migrate;
command command_outbox;
command command_person;
command command_preview;
command command_routes;
command command_settings;
command command_setup;
command command_status;
command command_sweep;
command command_token;

/* Say on stderr what went wrong: each fault on a line, or the sentence. Returns the exit status. */
int command_failed(const struct work *work, enum outcome outcome);

#endif
