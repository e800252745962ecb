/* SPDX-License-Identifier: MIT */
/* mentorwatch: the command line, for cron and for people. */
#include "base/arena.h"
#include "base/config.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/work.h"
#include "cli/command.h"
#include "cli/operator.h"
#include "db/db.h"
#include "notify/proof.h"
#include "notify/transfers.h"
#include "store/migration.h"
#include "wire/signature.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

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
        [BUSY] = EX_TEMPFAIL,
        [OUTDATED] = EX_TEMPFAIL,
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

/* The one command that is no subcommand: it reads no settings. */
static const struct subcommand help_itself = {
    .name = "help",
    .arguments = "[COMMAND]",
    .summary = "Say more about a command",
    .help = "",
};

static void print_summary(FILE *to, const struct subcommand *subcommand)
{
    (void)fprintf(to, "  %-9s %s\n", subcommand->name, subcommand->summary);
}

static void print_overview(FILE *to)
{
    (void)fputs("usage: mentorwatch [--config FILE] COMMAND [ARGUMENT...]\n\n", to);
    for (size_t i = 0; i < subcommand_count; i++) {
        print_summary(to, &subcommands[i]);
    }
    print_summary(to, &help_itself);
    (void)fputs("\nmentorwatch(1) is the manual.\n", to);
}

static const struct subcommand *find(const char *name)
{
    for (size_t i = 0; i < subcommand_count; i++) {
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
    const struct subcommand *subcommand =
        strcmp(name, help_itself.name) == 0 ? &help_itself : find(name);
    if (subcommand == NULL) {
        return unknown(name);
    }
    print_help(stdout, subcommand);
    return EX_OK;
}

/* How an option is written, and where what it says goes. */
struct known_option {
    const char *name;
    int letter; /* 0: it has none */
    unsigned bit;
    bool takes_text;
    size_t offset; /* in struct command_line */
};

#define SWITCH(name, letter, bit, member)                                                          \
    {                                                                                              \
        name, letter, bit, false, offsetof(struct command_line, member)                            \
    }
#define TEXT(name, bit, member)                                                                    \
    {                                                                                              \
        name, 0, bit, true, offsetof(struct command_line, member)                                  \
    }

static const struct known_option known_options[] = {
    TEXT("about", OPTION_ABOUT, about),
    SWITCH("accept", 0, OPTION_ACCEPT, accept),
    TEXT("actor", OPTION_ACTOR, actor),
    TEXT("as-of", OPTION_AS_OF, as_of),
    SWITCH("dry-run", 0, OPTION_DRY_RUN, dry_run),
    SWITCH("html", 0, OPTION_HTML, html),
    SWITCH("json", 0, OPTION_JSON, json),
    TEXT("kid", OPTION_KID, kid),
    TEXT("lang", OPTION_LANG, language),
    TEXT("limit", OPTION_LIMIT, limit),
    TEXT("mail", OPTION_MAIL, mail),
    SWITCH("openapi", 0, OPTION_OPENAPI, openapi),
    TEXT("org", OPTION_ORG, organisation),
    SWITCH("plan", 0, OPTION_PLAN, plan),
    SWITCH("repair", 0, OPTION_REPAIR, repair),
    TEXT("role", OPTION_ROLE, role),
    TEXT("since", OPTION_SINCE, since),
    TEXT("state", OPTION_STATE, state),
    TEXT("subject", OPTION_SUBJECT, subject),
    TEXT("test-mail", OPTION_TEST_MAIL, test_mail),
    TEXT("to", OPTION_TO, to),
    TEXT("ttl", OPTION_TTL, ttl),
    TEXT("url", OPTION_URL, url),
    SWITCH("verbose", 'v', OPTION_VERBOSE, verbose),
    SWITCH("watch", 0, OPTION_WATCH, watch),
};

enum {
    KNOWN_OPTIONS = sizeof(known_options) / sizeof(known_options[0]),
    FIRST_LONG = 256, /* known_options[i] without a letter is FIRST_LONG + i to getopt */
    LONG_CONFIG = FIRST_LONG + KNOWN_OPTIONS,
    LONG_HELP,
    LONG_VERSION,
};

/* All that the command line said. */
struct invocation {
    const struct subcommand *subcommand;
    struct command_line line;
    unsigned options; /* those that were given */
    bool help;
    bool version;
};

static int getopt_value(size_t number)
{
    const struct known_option *known = &known_options[number];

    return known->letter != 0 ? known->letter : FIRST_LONG + (int)number;
}

static void list_options(struct option out[KNOWN_OPTIONS + 4])
{
    size_t count = 0;

    for (; count < KNOWN_OPTIONS; count++) {
        out[count] = (struct option){.name = known_options[count].name,
                                     .has_arg = known_options[count].takes_text,
                                     .val = getopt_value(count)};
    }
    out[count++] = (struct option){"config", required_argument, NULL, LONG_CONFIG};
    out[count++] = (struct option){"help", no_argument, NULL, LONG_HELP};
    out[count++] = (struct option){"version", no_argument, NULL, LONG_VERSION};
    out[count] = (struct option){0};
}

static void take_known(struct invocation *out, const struct known_option *known)
{
    char *place = (char *)&out->line + known->offset;

    out->options |= known->bit;
    if (known->takes_text) {
        *(const char **)(void *)place = optarg;
    } else {
        *(bool *)(void *)place = true;
    }
}

/* False: getopt has said already what is wrong. */
static bool take_option(struct invocation *out, int option)
{
    for (size_t i = 0; i < KNOWN_OPTIONS; i++) {
        if (getopt_value(i) == option) {
            take_known(out, &known_options[i]);
            return true;
        }
    }
    switch (option) {
    case LONG_CONFIG:
        out->line.config = optarg;
        return true;
    case 'h':
    case LONG_HELP:
        return out->help = true;
    case LONG_VERSION:
        return out->version = true;
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
    const int count = invocation->line.argument_count;

    if ((invocation->options & ~subcommand->options) != 0) {
        (void)fprintf(stderr, "mentorwatch: %s does not take one of these options\n\n",
                      subcommand->name);
        return wrong_use(subcommand);
    }
    if (count < subcommand->least || (subcommand->most != ANY_NUMBER && count > subcommand->most)) {
        (void)fprintf(stderr, "mentorwatch: %s takes %s arguments\n\n", subcommand->name,
                      subcommand->most == 0       ? "no"
                      : count < subcommand->least ? "more"
                                                  : "fewer");
        return wrong_use(subcommand);
    }
    return EX_OK;
}

/* Where each kind of program has an account of its own, that of the subcommand. */
static enum outcome take_account(struct settings *settings, struct work *work, enum account account)
{
    switch (account) {
    case ACCOUNT_SWEEP:
        return settings_take_account(settings, work, settings->database.sweep_account);
    case ACCOUNT_MIGRATE:
        return settings_take_account(settings, work, settings->database.migrate_account);
    case ACCOUNT_APP:
        break;
    }
    return OK;
}

static enum outcome load(struct settings *settings, struct work *work,
                         const struct invocation *invocation)
{
    TRY(settings_load(settings, work, invocation->line.config));
    return take_account(settings, work, invocation->subcommand->account);
}

static int run(const struct invocation *invocation)
{
    struct settings settings = {0};
    struct work work = {.arena = arena_new(), .settings = &settings, .now = clock_now()};
    int status;

    signatures_open();
    work.actor = operator_here(work.arena);
    work.deed = arena_printf(work.arena, "mentorwatch %s", invocation->subcommand->name);
    if (load(&settings, &work, invocation) != OK && !invocation->subcommand->bad_settings_too) {
        (void)command_failed(&work, INVALID);
        status = EX_CONFIG;
    } else if (invocation->subcommand->writes_letters && letters_check(&work) != OK) {
        (void)command_failed(&work, BROKEN);
        status = EX_CONFIG;
    } else {
        db_library_open(invocation->subcommand->any_schema ? NULL : schema_ready);
        transfers_open();
        work.db = db_new(&settings);
        status = invocation->subcommand->run(&work, &invocation->line);
        db_free(work.db);
        transfers_close();
        db_library_close();
    }
    arena_free(work.arena);
    return status;
}

int main(int argc, char **argv)
{
    struct invocation invocation = {0};
    struct option options[KNOWN_OPTIONS + 4];
    int option;

    secrets_out_of_dumps();
    memory_keep();
    (void)signal(SIGPIPE, SIG_IGN);
    list_options(options);
    while ((option = getopt_long(argc, argv, "hv", options, NULL)) != -1) {
        if (!take_option(&invocation, option)) {
            return EX_USAGE;
        }
    }
    const char *name = optind < argc ? argv[optind++] : NULL;
    if (invocation.version) {
        (void)puts("mentorwatch " PACKAGE_VERSION);
        return EX_OK;
    }
    if (invocation.help || (name != NULL && strcmp(name, help_itself.name) == 0)) {
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
    invocation.line.arguments = argv + optind;
    invocation.line.argument_count = argc - optind;
    const int status = check_use(&invocation);
    return status == EX_OK ? run(&invocation) : status;
}
