/* SPDX-License-Identifier: MIT */
/* mentorwatch: the command line, for cron and for people. */
#include "base/arena.h"
#include "base/config.h"
#include "base/work.h"
#include "cli/command.h"
#include "db/db.h"
#include "notify/email.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

/* The options that a subcommand takes, beside --config. */
enum {
    OPTION_DRY_RUN = 1 << 0,
    OPTION_JSON = 1 << 1,
    OPTION_AS_OF = 1 << 2,
    OPTION_VERBOSE = 1 << 3,
    OPTION_PLAN = 1 << 4,
    OPTION_FILES = 1 << 5, /* one or more file names */
    OPTION_ROLE = 1 << 6,
    OPTION_ORG = 1 << 7,
    OPTION_SUBJECT = 1 << 8,
    OPTION_TTL = 1 << 9,
    OPTION_KID = 1 << 10,
    OPTION_OPENAPI = 1 << 11,
};

struct subcommand {
    const char *name;
    command *run;
    unsigned options;
    const char *arguments;
    const char *summary;
    const char *help;
};

static const struct subcommand subcommands[] = {
    {"sweep",    command_sweep,    OPTION_DRY_RUN | OPTION_JSON | OPTION_AS_OF | OPTION_VERBOSE,
     "[--dry-run] [--json] [--as-of TIME] [-v]",                                                                                "Pause mentors whose certification expired, then deliver the outbox",
     "What cron runs every day. Says nothing when all is well, unless -v is given or it runs on\n"
     "a terminal. Run again, it does nothing again.\n"
     "\n"
     "  --dry-run     compute the same figures, change nothing, send nothing\n"
     "  --json        print the figures as JSON\n"
     "  --as-of TIME  as if it were that moment (RFC 3339, 2026-03-01T00:00:00Z)\n"
     "  -v            print a summary\n"                                                                                                                                                                },
    {"migrate",  command_migrate,  OPTION_PLAN,                                                         "[--plan]",             "Bring the database schema up to date",
     "Runs what the database does not have yet, in order. Safe to run again, also after a crash.\n"
     "\n"
     "  --plan  print the SQL that would run, and change nothing\n"                                                                                                                                     },
    {"import",   command_import,   OPTION_FILES,                                                        "FILE...",
     "Read organisations, coordinators or mentors from CSV files",                                                                                                                                    "Each file has a header row; its first column says what it holds: organisation_id,\n"
     "coordinator_id or mentor_id. Who is there already is replaced. Nothing is imported unless\n"
     "every line of every file is good. \"-\" is standard input. Columns:\n"
     "\n"
     "  organisations  organisation_id, name\n"
     "  coordinators   coordinator_id, organisation_id, name, email, push_target, channels,\n"
     "                 language\n"
     "  mentors        mentor_id, organisation_id, coordinator_id, name, email, push_target,\n"
     "                 channels, language\n"                                                                                          },
    {"routes",   command_routes,   OPTION_JSON | OPTION_OPENAPI,                                        "[--json | --openapi]",
     "List every route of the API",                                                                                                                                                                   "  --json     as JSON: method, path, the path in its doubled form, who may call\n"
     "  --openapi  as a description of the API, OpenAPI 3.1\n"                                                                                                       },
    {"settings", command_settings, 0,                                                                   "",                     "Print the settings as a section of the man page",                    ""},
    {"token",    command_token,    OPTION_ROLE | OPTION_ORG | OPTION_SUBJECT | OPTION_TTL | OPTION_KID,
     "--role ROLE [--org ORG] [--subject NAME] [--ttl SECONDS] [--kid NAME]",                                                   "Print a token for the API",
     "Signs it with the secret or private key of the settings, whose issuer and audience it gets.\n"
     "The API knows the roles coordinator and org_admin, each with an organisation, and\n"
     "global_admin; any other word can be given, too.\n"
     "\n"
     "  --role ROLE      the role claim\n"
     "  --org ORG        the org_id claim\n"
     "  --subject NAME   the sub claim: whom the token is for\n"
     "  --ttl SECONDS    how long it lives, 3600 unless given; below 0 it has expired already\n"
     "  --kid NAME       which key of the API's key set it is signed with\n"                                                                                                                            },
};

enum { SUBCOMMANDS = sizeof(subcommands) / sizeof(subcommands[0]) };

int command_failed(const struct work *work, enum outcome outcome)
{
    static const int statuses[OUTCOMES] = {
        [OK] = EX_OK,
        [MALFORMED] = EX_DATAERR,
        [INVALID] = EX_DATAERR,
        [UNAUTHENTICATED] = EX_NOPERM,
        [FORBIDDEN] = EX_NOPERM,
        [NOT_FOUND] = EX_DATAERR,
        [NOT_ALLOWED] = EX_USAGE,
        [STALE] = EX_TEMPFAIL,
        [CONFLICT] = EX_TEMPFAIL,
        [TOO_LARGE] = EX_DATAERR,
        [UNSUPPORTED] = EX_DATAERR,
        [UNAVAILABLE] = EX_UNAVAILABLE,
        [BROKEN] = EX_SOFTWARE,
    };
    const struct fault *at = work->failure.faults;

    if (at == NULL) {
        (void)fprintf(stderr, "mentorwatch: %s\n",
                      work->failure.sentence != NULL ? work->failure.sentence : "it failed");
    }
    for (; at != NULL; at = at->next) {
        (void)fprintf(stderr, "mentorwatch: %s %s\n", at->field, at->message);
    }
    return statuses[outcome];
}

static void print_overview(FILE *to)
{
    (void)fputs("usage: mentorwatch [--config FILE] COMMAND [ARGUMENT...]\n\n", to);
    for (size_t i = 0; i < SUBCOMMANDS; i++) {
        (void)fprintf(to, "  %-9s %s\n", subcommands[i].name, subcommands[i].summary);
    }
    (void)fputs("  help      Say more about a command\n"
                "\nmentorwatch(1) is the manual.\n",
                to);
}

static const struct subcommand *find(const char *name)
{
    for (size_t i = 0; i < SUBCOMMANDS; i++) {
        if (strcmp(subcommands[i].name, name) == 0) {
            return &subcommands[i];
        }
    }
    return NULL;
}

static void print_help(FILE *to, const struct subcommand *subcommand)
{
    (void)fprintf(to, "usage: mentorwatch %s %s\n\n%s.\n", subcommand->name, subcommand->arguments,
                  subcommand->summary);
    if (subcommand->help[0] != '\0') {
        (void)fprintf(to, "\n%s", subcommand->help);
    }
}

static int unknown(const char *name)
{
    (void)fprintf(stderr, "mentorwatch: there is no command %s\n\n", name);
    print_overview(stderr);
    return EX_USAGE;
}

static int help(const char *name)
{
    if (name == NULL) {
        print_overview(stdout);
        return EX_OK;
    }
    const struct subcommand *subcommand = find(name);
    if (subcommand == NULL) {
        return unknown(name);
    }
    print_help(stdout, subcommand);
    return EX_OK;
}

enum {
    SHORT_VERBOSE = 'v',
    SHORT_HELP = 'h',
    LONG_ONLY = 256, /* from here on options without a letter */
    LONG_AS_OF,
    LONG_CONFIG,
    LONG_DRY_RUN,
    LONG_JSON,
    LONG_KID,
    LONG_OPENAPI,
    LONG_ORG,
    LONG_PLAN,
    LONG_ROLE,
    LONG_SUBJECT,
    LONG_TTL,
    LONG_VERSION,
};

static const struct option long_options[] = {
    {"as-of",   required_argument, NULL, LONG_AS_OF   },
    {"config",  required_argument, NULL, LONG_CONFIG  },
    {"dry-run", no_argument,       NULL, LONG_DRY_RUN },
    {"help",    no_argument,       NULL, SHORT_HELP   },
    {"json",    no_argument,       NULL, LONG_JSON    },
    {"kid",     required_argument, NULL, LONG_KID     },
    {"openapi", no_argument,       NULL, LONG_OPENAPI },
    {"org",     required_argument, NULL, LONG_ORG     },
    {"plan",    no_argument,       NULL, LONG_PLAN    },
    {"role",    required_argument, NULL, LONG_ROLE    },
    {"subject", required_argument, NULL, LONG_SUBJECT },
    {"ttl",     required_argument, NULL, LONG_TTL     },
    {"verbose", no_argument,       NULL, SHORT_VERBOSE},
    {"version", no_argument,       NULL, LONG_VERSION },
    {NULL,      0,                 NULL, 0            },
};

/* All that the command line said. */
struct invocation {
    const char *config;
    const struct subcommand *subcommand;
    struct command_line line;
    unsigned options; /* those that were given */
    bool help;
    bool version;
};

/* False: getopt has said already what is wrong. */
static bool take_option(struct invocation *out, int option)
{
    switch (option) {
    case LONG_AS_OF:
        out->options |= OPTION_AS_OF;
        out->line.as_of = optarg;
        return true;
    case LONG_CONFIG:
        out->config = optarg;
        return true;
    case LONG_DRY_RUN:
        out->options |= OPTION_DRY_RUN;
        return out->line.dry_run = true;
    case LONG_JSON:
        out->options |= OPTION_JSON;
        return out->line.json = true;
    case LONG_KID:
        out->options |= OPTION_KID;
        out->line.kid = optarg;
        return true;
    case LONG_OPENAPI:
        out->options |= OPTION_OPENAPI;
        return out->line.openapi = true;
    case LONG_ORG:
        out->options |= OPTION_ORG;
        out->line.organisation = optarg;
        return true;
    case LONG_PLAN:
        out->options |= OPTION_PLAN;
        return out->line.plan = true;
    case LONG_ROLE:
        out->options |= OPTION_ROLE;
        out->line.role = optarg;
        return true;
    case LONG_SUBJECT:
        out->options |= OPTION_SUBJECT;
        out->line.subject = optarg;
        return true;
    case LONG_TTL:
        out->options |= OPTION_TTL;
        out->line.ttl = optarg;
        return true;
    case LONG_VERSION:
        return out->version = true;
    case SHORT_HELP:
        return out->help = true;
    case SHORT_VERBOSE:
        out->options |= OPTION_VERBOSE;
        return out->line.verbose = true;
    default:
        return false;
    }
}

static int wrong_use(const struct subcommand *subcommand)
{
    print_help(stderr, subcommand);
    return EX_USAGE;
}

/* EX_OK, or the status to end with after telling why. */
static int check_use(const struct invocation *invocation)
{
    const struct subcommand *subcommand = invocation->subcommand;
    const bool takes_files = (subcommand->options & OPTION_FILES) != 0;

    if ((invocation->options & ~subcommand->options) != 0) {
        (void)fprintf(stderr, "mentorwatch: %s does not take one of these options\n\n",
                      subcommand->name);
        return wrong_use(subcommand);
    }
    if (takes_files != (invocation->line.file_count > 0)) {
        (void)fprintf(stderr, "mentorwatch: %s takes %s\n\n", subcommand->name,
                      takes_files ? "at least one file" : "no arguments");
        return wrong_use(subcommand);
    }
    return EX_OK;
}

static int run(const struct invocation *invocation)
{
    struct settings settings = {0};
    struct work work = {.arena = arena_new(), .settings = &settings, .now = clock_now()};
    int status;

    if (settings_load(&settings, &work, invocation->config) != OK) {
        (void)command_failed(&work, INVALID);
        status = EX_CONFIG;
    } else {
        db_library_open();
        mailer_library_open();
        work.db = db_new(&settings);
        status = invocation->subcommand->run(&work, &invocation->line);
        db_free(work.db);
        mailer_library_close();
        db_library_close();
    }
    arena_free(work.arena);
    return status;
}

int main(int argc, char **argv)
{
    struct invocation invocation = {0};
    int option;

    (void)signal(SIGPIPE, SIG_IGN);
    while ((option = getopt_long(argc, argv, "hv", long_options, NULL)) != -1) {
        if (!take_option(&invocation, option)) {
            return EX_USAGE;
        }
    }
    const char *name = optind < argc ? argv[optind++] : NULL;
    if (invocation.version) {
        (void)puts("mentorwatch " PACKAGE_VERSION);
        return EX_OK;
    }
    if (invocation.help || (name != NULL && strcmp(name, "help") == 0)) {
        return help(invocation.help ? name : argv[optind]);
    }
    if (name == NULL) {
        print_overview(stderr);
        return EX_USAGE;
    }
    invocation.subcommand = find(name);
    if (invocation.subcommand == NULL) {
        return unknown(name);
    }
    invocation.line.files = argv + optind;
    invocation.line.file_count = argc - optind;
    const int status = check_use(&invocation);
    return status == EX_OK ? run(&invocation) : status;
}
