/* SPDX-License-Identifier: MIT */
/* The index of the command line: an entry a subcommand, in the order of `mentorwatch help`. */
#include "cli/command.h"

const struct subcommand subcommands[] = {
    {
     .name = "sweep",
     .run = command_sweep,
     .account = ACCOUNT_SWEEP,
     .options = OPTION_ACCEPT | OPTION_DRY_RUN | OPTION_JSON | OPTION_AS_OF | OPTION_VERBOSE,
     .writes_letters = true,
     .arguments = "[--accept] [--dry-run] [--json] [--as-of TIME] [-v]",
     .summary = "Pause mentors whose certification expired, remind of those that will, deliver",
     .help = "What cron runs every day. Says nothing when all is well, unless -v is given or it "
                "runs "
                "on\n"
                "a terminal. Run again, it does nothing again. It refuses to pause more than 10\n"
                "mentors at once if they are more than 20 % of all, and to do anything when the\n"
                "clock has jumped.\n"
                "\n"
                "  --accept      pause them all the same, and take the clock as it is\n"
                "  --dry-run     compute the same figures, change nothing, send nothing\n"
                "  --json        print the figures as JSON\n"
                "  --as-of TIME  as if it were that moment (RFC 3339, 2026-03-01T00:00:00Z)\n"
                "  -v            print a summary\n", },
    {
     .name = "explain",
     .run = command_explain,
     .options = OPTION_JSON,
     .least = 1,
     .most = 1,
     .arguments = "MENTOR [--json]",
     .summary = "Say why a mentor was or was not reminded or paused",
     .help = "For each certification, the last to expire first: how it stands, which reminders\n"
                "there were and what became of their messages, what the jobs decided and why, and\n"
                "what comes next and when.\n"
                "\n"
                "  --json  the same as JSON\n", },
    {
     .name = "dispatch",
     .run = command_dispatch,
     .account = ACCOUNT_SWEEP,
     .writes_letters = true,
     .options = OPTION_JSON | OPTION_VERBOSE | OPTION_WATCH,
     .arguments = "[--watch] [--json] [-v]",
     .summary = "Deliver what is due in the outbox",
     .help =
            "For cron, every 5 to 15 minutes, or as a service with --watch. Says nothing when\n"
            "all is well, unless -v is given or it runs on a terminal. A mail server that could\n"
            "not be reached the last time is tried with one mail.\n"
            "\n"
            "  --watch  stay, and deliver whatever becomes due; a signal TERM or INT ends it\n"
            "           after the messages in hand\n"
            "  --json   print the figures as JSON\n"
            "  -v       print a summary\n", },
    {
     .name = "cron",
     .run = command_cron,
     .account = ACCOUNT_SWEEP,
     .writes_letters = true,
     .options = OPTION_VERBOSE,
     .arguments = "[-v]",
     .summary = "Sweep if today's is due, then deliver: one line for cron",
     .help =
            "For cron, every 5 to 15 minutes, where one line must do. The sweep is begun once a\n"
            "day, by the first run after the hour of the setting jobs.hour (UTC). Says nothing\n"
            "when all is well, unless -v is given or it runs on a terminal.\n"
            "\n"
            "  -v  print a summary\n", },
    {
     .name = "outbox",
     .run = command_outbox,
     .account = ACCOUNT_SWEEP,
     .options = OPTION_JSON | OPTION_LIMIT | OPTION_STATE,
     .least = 1,
     .most = ANY_NUMBER,
     .arguments = "list|retry|hold|release [--state STATE] [--limit N] [--json] [ID...]",
     .summary = "Look at messages, and try, hold or release them",
     .help =
            "  list              what waits or failed; with --state, what is queued, sending,\n"
            "                    sent, failed, held or superseded; at most --limit (50) lines\n"
            "  retry ID...       try these now, and begin to count attempts afresh; also all that\n"
            "                    failed (--state failed). A paused mail server is tried again.\n"
            "  hold [ID...]      send these no more until they are released; without an ID, all\n"
            "                    that are queued now. What is enqueued later is not held.\n"
            "  release [ID...]   let them go; without an ID, all that are held, or the outbox as "
            "a\n"
            "                    whole where it is on hold, as after a backup was restored\n"
            "\n"
            "An ID is as list shows it: msg-00940. Nothing is changed unless every ID is good.\n"
            "A message that is tried again keeps its Message-ID.\n", },
    {
     .name = "person",
     .run = command_person,
     .account = ACCOUNT_MIGRATE,
     .least = 2,
     .most = 2,
     .arguments = "export|erase ID",
     .summary = "Hand out or erase all that is stored about a person",
     .help =
            "ID is that of a mentor or a coordinator.\n"
            "\n"
            "  export ID  all that is stored about the person, as JSON\n"
            "  erase ID   remove the person from the directory, and name, addresses, reasons and\n"
            "             the id from all else. What was done stays on record without them, so\n"
            "             totals stay as they are. Certifications are revoked, pauses are closed,\n"
            "             and messages that wait are not sent. It cannot be undone.\n", },
    {
     .name = "audit",
     .run = command_audit,
     .options = OPTION_ABOUT | OPTION_ACTOR | OPTION_JSON | OPTION_LIMIT | OPTION_SINCE,
     .arguments = "[--actor WHO] [--about ID] [--since TIME] [--limit N] [--json]",
     .summary = "Tell who did what, when",
     .help = "Each change, and each export of a person, the last one first.\n"
                "\n"
                "  --actor WHO   by this subject of a token, user@host, or public or service\n"
                "  --about ID    of what has this id: a certification, a pause event, a run\n"
                "  --since TIME  from this moment on (RFC 3339, 2026-03-01T00:00:00Z)\n"
                "  --limit N     at most so many (50)\n"
                "  --json        the same as JSON\n", },
    {
     .name = "migrate",
     .run = command_migrate,
     .account = ACCOUNT_MIGRATE,
     .any_schema = true,
     .options = OPTION_PLAN,
     .arguments = "[--plan]",
     .summary = "Bring the database schema up to date",
     .help = "Runs what the database does not have yet, in order. Safe to run again, also\n"
                "after a crash.\n"
                "\n"
                "  --plan  print the SQL that would run, and change nothing\n", },
    {
     .name = "grants",
     .run = command_grants,
     .least = 2,
     .most = 2,
     .arguments = "app|sweep|migrate USER@HOST",
     .summary = "Print the rights that an account of the database needs",
     .help =
            "As GRANT statements for the administrator of the database. Where mentorwatch has "
            "three\n"
            "accounts, each can do what its programs do and nothing else:\n"
            "\n"
            "  app      mentorwatch.fcgi, and the commands that only look\n"
            "  sweep    sweep, dispatch, cron, outbox, counts (setting database.sweep_account)\n"
            "  migrate  migrate, import, person (setting database.migrate_account); also the\n"
            "           rights of a single account\n"
            "\n"
            "Those of app and sweep name tables, so they are granted after `mentorwatch migrate`,\n"
            "and again after each upgrade.\n", },
    {
     .name = "counts",
     .run = command_counts,
     .account = ACCOUNT_SWEEP,
     .options = OPTION_REPAIR,
     .arguments = "[--repair]",
     .summary = "Recount the totals that lists keep",
     .help =
            "Holds every kept count against the rows. A sweep does this too, and repairs. Tells\n"
            "each wrong one in the log; the exit status is 65 when there is any.\n"
            "\n"
            "  --repair  put wrong counts right\n", },
    {
     .name = "import",
     .run = command_import,
     .account = ACCOUNT_MIGRATE,
     .least = 1,
     .most = ANY_NUMBER,
     .arguments = "FILE...",
     .summary = "Read organisations, coordinators or mentors from CSV files",
     .help =
            "Each file has a header row; its first column says what it holds: organisation_id,\n"
            "coordinator_id or mentor_id. Who is there already is replaced. Nothing is imported\n"
            "unless every line of every file is good. \"-\" is standard input. Columns:\n"
            "\n"
            "  organisations  organisation_id, name\n"
            "  coordinators   coordinator_id, organisation_id, name, email, push_target,\n"
            "                 channels, language\n"
            "  mentors        mentor_id, organisation_id, coordinator_id, name, email,\n"
            "                 push_target, channels, language\n", },
    {
     .name = "status",
     .run = command_status,
     .options = OPTION_JSON,
     .arguments = "[--json]",
     .summary = "Tell how things stand: sweeps, what is due, the outbox",
     .help =
            "Ends with 0 when all is well, and with 69 when the last good sweep is more than 26\n"
            "hours old, the last one was braked, refused or failed, a message could have been "
            "sent\n"
            "an hour ago, or the mail server is away.\n"
            "\n"
            "  --json  the same for programs\n", },
    {
     .name = "doctor",
     .run = command_doctor,
     .any_schema = true,
     .options = OPTION_JSON | OPTION_MAIL | OPTION_URL,
     .bad_settings_too = true,
     .arguments = "[--url ADDRESS] [--mail ADDRESS] [--json]",
     .summary = "Look for what is wrong with this installation, and say what to do",
     .help =
            "A line for each thing looked at: ok, wrong and what to do, or not and why not.\n"
            "Ends with 0 when nothing is wrong, and with 1 when something is. It changes nothing\n"
            "but a table doctor_probe that it makes and removes, to see what the account may do.\n"
            "\n"
            "  --url ADDRESS   ask the web server there, in the place of the setting server.url\n"
            "  --mail ADDRESS  send a mail there\n"
            "  --json          the same for programs\n", },
    {
     .name = "preview",
     .run = command_preview,
     .options = OPTION_HTML | OPTION_LANG | OPTION_ROLE,
     .writes_letters = true,
     .least = 1,
     .most = 1,
     .arguments = "[--lang LANGUAGE] [--role ROLE] [--html] KIND",
     .summary = "Print a mail as it would go out, with invented facts",
     .help = "Reads the templates and needs no database. KIND is certification_expired,\n"
                "certification_expiring, pause_activated or pause_lifted.\n"
                "\n"
                "  --lang LANGUAGE  en, nb or nn; the setting notify.language unless given\n"
                "  --role ROLE      to a mentor, unless coordinator is given\n"
                "  --html           only its HTML, for a browser\n", },
    {
     .name = "routes",
     .run = command_routes,
     .options = OPTION_JSON | OPTION_OPENAPI,
     .arguments = "[--json | --openapi]",
     .summary = "List every route of the API",
     .help = "  --json     as JSON: method, path, the path in its doubled form, who may call\n"
                "  --openapi  as a description of the API, OpenAPI 3.1\n", },
    {
     .name = "settings",
     .run = command_settings,
     .arguments = "",
     .summary = "Print the settings as a section of the man page",
     .help = "",
     },
    {
     .name = "setup",
     .run = command_setup,
     .any_schema = true,
     .most = ANY_NUMBER,
     .options = OPTION_TO | OPTION_TEST_MAIL,
     .arguments = "[--to FILE] [--test-mail ADDRESS] [SETTING=VALUE...]",
     .summary = "Set an unpacked hosting archive up: configuration, database, mail",
     .help =
            "Asks for what it is not told, where it runs on a terminal; otherwise takes settings\n"
            "from its arguments and from the environment, secrets from the latter alone. Writes\n"
            "the configuration where the web does not see it, reaches the database, brings its\n"
            "schema up to date, and prints the line for cron. Nothing is left when it fails.\n"
            "\n"
            "  --to FILE            where the configuration goes; ~/private-mentorwatch/ unless\n"
            "                       given\n"
            "  --test-mail ADDRESS  send a mail there; the exit status is 69 when it is not "
            "taken\n", },
    {
     .name = "token",
     .run = command_token,
     .options = OPTION_ROLE | OPTION_ORG | OPTION_SUBJECT | OPTION_TTL | OPTION_KID,
     .arguments = "--role ROLE [--org ORG] [--subject NAME] [--ttl SECONDS] [--kid NAME]",
     .summary = "Print a token for the API",
     .help = "Signs it with the secret or private key of the settings, whose issuer and\n"
                "audience it gets. The API knows the roles coordinator and org_admin, each with\n"
                "an organisation, global_admin, and mentor with a subject; any other word can be\n"
                "given, too.\n"
                "\n"
                "  --role ROLE      the role claim\n"
                "  --org ORG        the org_id claim\n"
                "  --subject NAME   the sub claim: whom the token is for\n"
                "  --ttl SECONDS    how long it lives, 3600 unless given; below 0 it has expired\n"
                "                   already\n"
                "  --kid NAME       which key of the API's key set it is signed with\n", },
};

const size_t subcommand_count = sizeof(subcommands) / sizeof(subcommands[0]);
