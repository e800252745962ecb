/* SPDX-License-Identifier: MIT */
#include "base/config.h"

#include "base/arena.h"
#include "base/endpoint.h"
#include "base/home.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/thresholds.h"
#include "base/url.h"
#include "base/webhook_secret.h"
#include "base/work.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ENVIRONMENT_PREFIX "MENTORWATCH_"

enum { SERVICE_TOKEN_MIN = 32 };

static const char *const access_words[] = {"open", "service_token", NULL};
static const char *const switch_words[] = {"off", "on", NULL};
static const char *const tls_words[] = {"none", "starttls", "tls", NULL};
const char *const language_words[] = {"en", "nb", "nn", NULL};
static const char *const refuse_words[] = {"refuse", "allow", NULL};
static const char *const algorithm_words[] = {"HS256", "RS256", "ES256", NULL};

/* It goes into a mail's header as it is. */
static const char *check_list_address(const char *text, struct arena *arena)
{
    size_t length = 0;

    (void)arena;
    while (text[length] > ' ' && text[length] < 0x7F && strchr("<>,", text[length]) == NULL) {
        length++;
    }
    const bool known = text_starts(text, "mailto:") || text_starts(text, "https://");
    return text[0] == '\0' || (text[length] == '\0' && known)
               ? NULL
               : "must be one address that begins with mailto: or https://, of ASCII characters "
                 "without spaces, commas, < and >";
}

static const struct field settings_fields[] = {
    FIELD(struct settings, database.host, .fallback = "localhost",
          .meaning = "Host of the MariaDB or MySQL server; localhost means its Unix socket."),
    FIELD(struct settings, database.port, .fallback = "3306", .min = 1, .max = 65535,
          .meaning = "Its TCP port."),
    FIELD(struct settings, database.socket, .fallback = "",
          .meaning = "Path of its Unix socket; empty: the client library's own default."),
    FIELD(struct settings, database.hosts, .fallback = "", .max = 2000, .check = endpoints_check,
          .meaning =
              "Hosts of one cluster, as host, host:port or [address]:port, comma between, of "
              "which the first that works is used, over TCP; host and socket then do not "
              "count, and port does for those that name none; empty: there is no cluster."),
    FIELD(struct settings, database.read_own_writes, .fallback = "on", .words = switch_words,
          .meaning = "Whether what is read on a node of a Galera cluster waits for what was "
                     "committed before on the others: on or off."),
    FIELD(struct settings, database.name, .fallback = "mentorwatch", .min = 1, .max = 64,
          .meaning = "Name of the schema."),
    FIELD(struct settings, database.user, .fallback = "mentorwatch", .max = 128,
          .meaning = "Database account."),
    FIELD(struct settings, database.password, .fallback = "", .is = FIELD_SECRET,
          .meaning = "Its password; the file must then not be readable by everybody."),
    FIELD(struct settings, database.sweep_account, .fallback = "", .max = 1024,
          .meaning =
              "Path of a file with user and password, in a section [database], of the account "
              "of sweep, dispatch, cron, outbox and counts; empty: the same account."),
    FIELD(struct settings, database.migrate_account, .fallback = "", .max = 1024,
          .meaning = "The same for migrate, import and person, which nothing that the web reaches "
                     "need be able to read."),
    FIELD(struct settings, database.timeout, .fallback = "5", .min = 1, .max = 300,
          .meaning = "Seconds to wait for a connection; a statement may take six times as long."),
    FIELD(struct settings, database.idle, .fallback = "20", .min = 0, .max = 3600,
          .meaning = "Seconds after which mentorwatch.fcgi closes a connection that it does not "
                     "use, since shared hosts allow few at a time; 0: never."),
    FIELD(struct settings, api.public_access, .fallback = "open", .words = access_words,
          .meaning = "Who may call the routes that the contracts call public: open lets everybody, "
                     "service_token only whoever sends api.service_token as a Bearer token."),
    FIELD(struct settings, api.service_token, .fallback = "", .max = 1024, .is = FIELD_SECRET,
          .meaning = "That token, of at least 32 characters."),
    FIELD(struct settings, api.cron, .fallback = "off", .words = switch_words,
          .meaning = "Whether POST /api/v1/cron does what mentorwatch cron does, for a host that "
                     "has no cron: off or on; it always wants api.service_token."),
    FIELD(struct settings, api.cron_seconds, .fallback = "8", .min = 1, .max = 60,
          .meaning = "Seconds after which such a request begins nothing more; the next one goes "
                     "on."),
    FIELD(struct settings, server.socket, .fallback = "",
          .meaning = "Unix socket on which mentorwatch.fcgi listens, unless it is handed one."),
    FIELD(struct settings, server.url, .fallback = "", .max = 1024, .check = url_check,
          .meaning = "Address at which the web server shows the API, such as "
                     "https://mentors.example.org; mentorwatch doctor asks it."),
    FIELD(struct settings, server.threads, .fallback = "8", .min = 1, .max = 256,
          .meaning = "Worker threads, each with its own database connection."),
    FIELD(struct settings, server.max_body, .fallback = "65536", .min = 1024, .max = 16777216,
          .meaning = "Largest request body, in bytes; a larger one is answered 413."),
    FIELD(struct settings, mail.relay, .fallback = "localhost:25", .min = 1,
          .meaning = "SMTP server that takes our mail, as host:port."),
    FIELD(struct settings, mail.hello, .fallback = "localhost", .min = 1,
          .meaning = "Name by which we greet it."),
    FIELD(struct settings, mail.from, .fallback = "mentorwatch@localhost", .min = 3, .max = 254,
          .meaning = "Sender address of every mail."),
    FIELD(struct settings, mail.from_name, .fallback = "mentorwatch",
          .meaning = "Name shown beside it."),
    FIELD(struct settings, mail.user, .fallback = "",
          .meaning = "Account at the SMTP server; empty: no login."),
    FIELD(struct settings, mail.password, .fallback = "", .is = FIELD_SECRET,
          .meaning = "Its password."),
    FIELD(struct settings, mail.tls, .fallback = "none", .words = tls_words,
          .meaning = "none, starttls (must succeed) or tls from the first byte."),
    FIELD(struct settings, mail.ca_file, .fallback = "", .max = 1024,
          .meaning =
              "Certificates that the SMTP server's is checked against; empty: the system's."),
    FIELD(struct settings, mail.timeout, .fallback = "60", .min = 1, .max = 600,
          .meaning = "Seconds that handing over one mail may take."),
    FIELD(struct settings, mail.per_hour, .fallback = "0", .min = 0, .max = 1000000,
          .meaning = "Most mails in an hour, as shared hosts limit them; the rest waits; 0: no "
                     "limit."),
    FIELD(struct settings, mail.list_unsubscribe, .fallback = "", .max = 500,
          .check = check_list_address,
          .meaning = "Where a reader can ask for no more reminders, a mailto: or https: address: "
                     "the List-Unsubscribe header of reminders; empty: none."),
    FIELD(struct settings, push.secret, .fallback = "", .max = 400, .is = FIELD_SECRET,
          .check = webhook_secrets_check,
          .meaning = "Signs webhooks: whsec_ and 24 to 64 bytes in base64, as Standard Webhooks "
                     "has it; several with a space between, while they are changed; without any no "
                     "webhook is sent."),
    FIELD(struct settings, push.timeout, .fallback = "15", .min = 1, .max = 60,
          .meaning = "Seconds that one push message may take."),
    FIELD(struct settings, push.private_addresses, .fallback = "refuse", .words = refuse_words,
          .meaning = "Whether a push target may be at a loopback, link-local or private address: "
                     "refuse or allow."),
    FIELD(struct settings, push.plain_http, .fallback = "refuse", .words = refuse_words,
          .meaning = "Whether a push target may be without TLS (http:): refuse or allow."),
    FIELD(struct settings, push.ca_file, .fallback = "", .max = 1024,
          .meaning = "Certificates that a push target's is checked against; empty: the system's."),
    FIELD(struct settings, notify.templates, .fallback = "", .max = 1024,
          .meaning = "Folder of the message templates; empty: those installed with the program."),
    FIELD(struct settings, notify.state, .fallback = "", .max = 1024,
          .meaning = "Folder in which sweep, dispatch and cron of this host remember how much was "
                     "delivered, so that they notice a database that was restored; empty: the one "
                     "of the installation; where it is not there, nothing is remembered."),
    FIELD(struct settings, notify.language, .fallback = "nb", .words = language_words,
          .meaning = "Language of messages to people whose own is not known."),
    FIELD(struct settings, notify.deadline, .fallback = "2000", .min = 0, .max = 30000,
          .meaning = "Milliseconds that a request waits for its own messages to be delivered; 0: "
                     "only dispatch and the sweep deliver."),
    FIELD(struct settings, notify.senders, .fallback = "4", .min = 1, .max = SENDERS_MAX,
          .meaning = "Threads that deliver the outbox, in each run and in mentorwatch.fcgi, each "
                     "with a connection to the mail server; those of mentorwatch.fcgi have one "
                     "to the database, too."),
    FIELD(struct settings, jobs.grace_days, .fallback = "0", .min = 0, .max = 365,
          .meaning = "Days between a certification's expiry and the pause."),
    FIELD(struct settings, jobs.batch, .fallback = "500", .min = 1, .max = 5000,
          .meaning = "Certifications that a job handles in one transaction."),
    FIELD(struct settings, jobs.connections, .fallback = "2", .min = 1, .max = 2,
          .meaning =
              "Connections to the database with which a sweep's job handles batches: with 2, two "
              "at the same time, where jobs.batch is 200 or more and nobody else asks that server "
              "for more than 20 statements a second."),
    FIELD(struct settings, jobs.lease, .fallback = "120", .min = 5, .max = 3600,
          .meaning = "Seconds after which a job that no longer reports is taken for dead."),
    FIELD(struct settings, jobs.ping_url, .fallback = "", .max = 1024, .check = url_check,
          .meaning = "Address that a sweep calls when it begins (/start), ends well, or fails "
                     "(/fail), as Healthchecks has it; empty: none."),
    FIELD(struct settings, jobs.hour, .fallback = "4", .min = 0, .max = 23,
          .meaning = "Hour of the day, in UTC, from which mentorwatch cron begins the sweep."),
    FIELD(struct settings, reminders.thresholds, .fallback = "30,14,7", .check = thresholds_check,
          .meaning = "How many days before a certification expires its mentor is reminded: up to "
                     "10 numbers from 365 to 1, the largest first, comma between."),
    FIELD(struct settings, reminders.thresholds_by_type, .fallback = "", .max = 2000,
          .check = thresholds_by_type_check,
          .meaning = "Other thresholds for single types of certification, such as first_aid: 60,30 "
                     "| driving: 14."),
    FIELD(struct settings, token.algorithm, .fallback = "HS256", .words = algorithm_words,
          .meaning = "The one algorithm that signs tokens: HS256, RS256 or ES256; a token that "
                     "names another is refused."),
    FIELD(struct settings, token.secret, .fallback = "", .max = 1024, .is = FIELD_SECRET,
          .meaning = "HS256: the secret shared with whoever issues tokens, at least 32 bytes long; "
                     "without it no token is accepted."),
    FIELD(struct settings, token.key_file, .fallback = "", .max = 1024,
          .meaning = "RS256, ES256: the issuer's public key in PEM, or a JWKS file, of whose keys "
                     "the token's kid names one; without it no token is accepted."),
    FIELD(struct settings, token.private_key_file, .fallback = "", .max = 1024,
          .meaning = "RS256, ES256: the private key in PEM that mentorwatch token signs with; "
                     "nothing else reads it."),
    FIELD(struct settings, token.issuer, .fallback = "",
          .meaning = "What a token's iss claim must be; empty: it is not looked at."),
    FIELD(struct settings, token.audience, .fallback = "",
          .meaning = "What a token's aud claim must be or hold; empty: it is not looked at."),
    FIELD(struct settings, token.leeway, .fallback = "60", .min = 0, .max = 300,
          .meaning = "Seconds by which the issuer's clock may differ from ours."),
    FIELD(struct settings, retention.messages, .fallback = "730", .min = 0, .max = 36500,
          .meaning = "Days after which a message that was sent, has failed or was superseded is "
                     "removed, with its attempts, by the sweep; 0: never, here and below."),
    FIELD(struct settings, retention.in_app, .fallback = "730", .min = 0, .max = 36500,
          .meaning = "The same for in-app messages, read or not."),
    FIELD(struct settings, retention.reminders, .fallback = "0", .min = 0, .max = 36500,
          .meaning =
              "The same for reminders, once the expiry that they are about is as long ago, too."),
    FIELD(struct settings, retention.expiry_notifications, .fallback = "0", .min = 0, .max = 36500,
          .meaning = "The same for expiry notifications, acknowledged or not."),
    FIELD(struct settings, retention.pauses, .fallback = "0", .min = 0, .max = 36500,
          .meaning = "The same for pauses, counted from when they were closed."),
    FIELD(struct settings, retention.pause_events, .fallback = "0", .min = 0, .max = 36500,
          .meaning = "The same for pause events."),
    FIELD(struct settings, retention.expiry_log, .fallback = "0", .min = 0, .max = 36500,
          .meaning = "The same for the log of the expiry job."),
    FIELD(struct settings, retention.decisions, .fallback = "730", .min = 0, .max = 36500,
          .meaning = "The same for what the jobs decided, which mentorwatch explain tells, once "
                     "the expiry is as long ago, too."),
    FIELD(
        struct settings, retention.runs, .fallback = "730", .min = 0, .max = 36500,
        .meaning =
            "The same for the records of sweeps and of runs of jobs that the log no longer names."),
    FIELD(struct settings, retention.audit, .fallback = "1095", .min = 0, .max = 36500,
          .meaning = "The same for the audit."),
    FIELD(struct settings, log.level, .fallback = "info", .words = log_level_words,
          .meaning = "error, warning, info or debug."),
    FIELD(struct settings, log.to, .fallback = "stderr", .words = log_target_words,
          .meaning = "Where the log goes: stderr or syslog (facility daemon)."),
    FIELD(struct settings, log.format, .fallback = "logfmt", .words = log_format_words,
          .meaning = "What a line is: logfmt, which is key=value pairs, or json, which is one "
                     "object."),
};

const struct record settings_record = RECORD(struct settings, settings_fields);

struct reader {
    struct settings *settings;
    struct work *work;
    bool password_seen;
};

static void set(struct reader *reader, const char *name, const char *shown_as, const char *value)
{
    const struct field *field = record_field(&settings_record, name);

    if (field == NULL) {
        fault(reader->work, shown_as, "is not a setting");
        return;
    }
    const char *wrong = field_parse(field, reader->settings, value, reader->work->arena);
    if (wrong != NULL) {
        fault(reader->work, shown_as, "%s", wrong);
    }
}

static int take_line(void *context, const char *section, const char *key, const char *value)
{
    struct reader *reader = context;
    const char *name = arena_printf(reader->work->arena, "%s.%s", section, key);
    const struct field *field = record_field(&settings_record, name);

    if (field != NULL && (field->is & FIELD_SECRET) != 0 && value[0] != '\0') {
        reader->password_seen = true;
    }
    set(reader, name, name, value);
    return 1;
}

/* Of the file of an account. */
static int take_account_line(void *context, const char *section, const char *key, const char *value)
{
    struct reader *reader = context;
    const char *name = arena_printf(reader->work->arena, "%s.%s", section, key);

    if (strcmp(name, "database.user") == 0 || strcmp(name, "database.password") == 0) {
        return take_line(context, section, key, value);
    }
    fault(reader->work, name, "is not part of an account: user and password in [database] are");
    return 1;
}

static enum outcome read_file(struct reader *reader, const char *path, ini_handler take)
{
    struct stat file;
    struct work *work = reader->work;
    FILE *open = fopen(path, "re");

    if (open == NULL && errno == ENOMEM) {
        out_of_memory();
    }
    if (open == NULL) {
        return fail(work, INVALID, "cannot read the configuration %s: %s", path, strerror(errno));
    }
    if (fstat(fileno(open), &file) != 0 || !S_ISREG(file.st_mode)) {
        (void)fclose(open);
        return fail(work, INVALID, "cannot read the configuration %s: it is not a file", path);
    }
    const int line = ini_parse_file(open, take, reader);
    (void)fclose(open);
    if (line != 0) {
        return fail(work, INVALID, "%s, line %d: not a [section], a key = value or a ; comment",
                    path, line);
    }
    if (reader->password_seen && (file.st_mode & S_IROTH) != 0) {
        return fail(work, INVALID, "%s holds a password and everybody can read it: chmod 640 %s",
                    path, path);
    }
    return OK;
}

/* MENTORWATCH_DATABASE_HOST → database.host. The first underscore divides: no section has one. */
static const char *setting_of_variable(struct arena *arena, const char *variable)
{
    char *name = arena_text(arena, variable + strlen(ENVIRONMENT_PREFIX));
    char *divider = strchr(name, '_');

    for (char *at = name; *at != '\0'; at++) {
        *at = (char)tolower((unsigned char)*at);
    }
    if (divider != NULL) {
        *divider = '.';
    }
    return name;
}

static void read_environment(struct reader *reader)
{
    struct arena *arena = reader->work->arena;

    for (char **entry = environ; *entry != NULL; entry++) {
        const char *equals = strchr(*entry, '=');
        if (!text_starts(*entry, ENVIRONMENT_PREFIX) || equals == NULL) {
            continue;
        }
        const char *variable = arena_bytes(arena, *entry, (size_t)(equals - *entry));
        if (strcmp(variable, ENVIRONMENT_PREFIX "CONFIG") != 0 &&
            strcmp(variable, HOME_VARIABLE) != 0) {
            set(reader, setting_of_variable(arena, variable), variable, equals + 1);
        }
    }
}

static const char *beside_the_binary(struct arena *arena)
{
    char path[PATH_MAX];
    const ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

    if (length <= 0) {
        return NULL;
    }
    path[length] = '\0';
    char *slash = strrchr(path, '/');
    if (slash == NULL) {
        return NULL;
    }
    *slash = '\0';
    return arena_printf(arena, "%s/mentorwatch.conf", path);
}

const char *settings_file(struct arena *arena, const char *path)
{
    if (path != NULL) {
        return path;
    }
    const char *named = getenv(ENVIRONMENT_PREFIX "CONFIG");
    if (named != NULL && named[0] != '\0') {
        return named;
    }
    const char *pointed_to = home_configuration(arena);
    if (pointed_to != NULL) {
        return pointed_to;
    }
    const char *beside = beside_the_binary(arena);
    if (beside != NULL && access(beside, F_OK) == 0) {
        return beside;
    }
    return access(CONFIG_FILE, F_OK) == 0 ? CONFIG_FILE : NULL;
}

static bool needs_service_token(const struct settings *settings)
{
    return strcmp(settings->api.public_access, "service_token") == 0 ||
           strcmp(settings->api.cron, "on") == 0;
}

/* What an unpacked hosting archive brings with it stands in for the host's own. */
static const char *brought(struct arena *arena, const char *name, const char *otherwise)
{
    const char *path = home_path(arena, name);

    return path != NULL ? path : otherwise;
}

static void fill_places(struct settings *settings, struct arena *arena)
{
    if (settings->notify.templates[0] == '\0') {
        settings->notify.templates = brought(arena, HOME_TEMPLATES, TEMPLATE_FOLDER);
    }
    if (settings->notify.state[0] == '\0') {
        settings->notify.state = brought(arena, HOME_STATE, STATE_FOLDER);
    }
    if (settings->mail.ca_file[0] == '\0') {
        settings->mail.ca_file = brought(arena, HOME_CA_FILE, "");
    }
    if (settings->push.ca_file[0] == '\0') {
        settings->push.ca_file = brought(arena, HOME_CA_FILE, "");
    }
}

static void set_log(const struct settings *settings)
{
    log_set_level((enum log_level)text_index(log_level_words, settings->log.level));
    log_set_format((enum log_format)text_index(log_format_words, settings->log.format));
    log_set_target((enum log_target)text_index(log_target_words, settings->log.to));
}

enum outcome settings_load(struct settings *out, struct work *work, const char *path)
{
    struct reader reader = {.settings = out, .work = work};
    const char *file = settings_file(work->arena, path);

    record_defaults(&settings_record, out, work->arena);
    if (file != NULL) {
        TRY(read_file(&reader, file, take_line));
    }
    read_environment(&reader);
    TRY(work_verdict(work));
    if (needs_service_token(out) && strlen(out->api.service_token) < SERVICE_TOKEN_MIN) {
        fault(work, "api.service_token", "must have at least %d characters", SERVICE_TOKEN_MIN);
        return work_verdict(work);
    }
    fill_places(out, work->arena);
    set_log(out);
    return OK;
}

enum outcome settings_take_account(struct settings *settings, struct work *work, const char *path)
{
    struct reader reader = {.settings = settings, .work = work};

    if (path[0] == '\0') {
        return OK;
    }
    TRY(read_file(&reader, path, take_account_line));
    return work_verdict(work);
}

void settings_print_man(FILE *to)
{
    const char *section = "";

    for (size_t i = 0; i < settings_record.count; i++) {
        const struct field *field = &settings_record.fields[i];
        const size_t length = strcspn(field->name, ".");
        if (strncmp(section, field->name, length) != 0 || section[0] == '\0') {
            if (section[0] != '\0') {
                (void)fprintf(to, ".El\n");
            }
            (void)fprintf(to, ".Ss [%.*s]\n.Bl -tag -width Ds\n", (int)length, field->name);
            section = field->name;
        }
        (void)fprintf(to, ".It Cm %s", field->name + length + 1);
        if (field->type == FIELD_INT) {
            (void)fprintf(to, " Pq %" PRId64 " to %" PRId64, field->min, field->max);
        }
        (void)fprintf(to, "\n%s\n", field->meaning);
        if (field->fallback[0] != '\0') {
            (void)fprintf(to, "Default:\n.Ql %s .\n", field->fallback);
        }
    }
    (void)fprintf(to, ".El\n");
}
