/* SPDX-License-Identifier: MIT */
/* What can be seen through the connection to the database. */
#include "base/arena.h"
#include "base/config.h"
#include "base/endpoint.h"
#include "base/work.h"
#include "db/db.h"
#include "doctor/check.h"
#include "model/server_version.h"
#include "store/migration.h"
#include "store/server.h"
#include "store/upgrade.h"

/* What the server or the client library answers when it does not let us in. */
enum {
    SCHEMA_DENIED = 1044,
    LOGIN_DENIED = 1045,
    NO_SUCH_SCHEMA = 1049,
    HOST_DENIED = 1130,
    LOGIN_NEEDS_PLUGIN = 1698,
    NO_SOCKET = 2002,
    NO_HOST = 2003,
    UNKNOWN_HOST = 2005,
};

/* What to do about it: the work has just failed to reach the database. */
static const char *why_unreached(const struct work *work)
{
    const struct settings *settings = work->settings;
    const unsigned error = db_error_number(work);

    switch (error) {
    case LOGIN_DENIED:
    case LOGIN_NEEDS_PLUGIN:
        return arena_printf(
            work->arena,
            "the database does not let %s in: look at database.user and database.password",
            settings->database.user);
    case SCHEMA_DENIED:
        return arena_printf(
            work->arena,
            "the account %s may not use the schema %s: GRANT it the rights that the README names, "
            "or mend database.name",
            settings->database.user, settings->database.name);
    case NO_SUCH_SCHEMA:
        return arena_printf(work->arena,
                            "there is no schema %s: CREATE DATABASE, or mend database.name",
                            settings->database.name);
    case HOST_DENIED:
        return "the database lets nobody in from this host: CREATE USER for it, or mend "
               "database.host";
    case NO_SOCKET:
    case NO_HOST:
    case UNKNOWN_HOST:
        return settings->database.hosts[0] != '\0'
                   ? "nobody answers: does the database run, and is database.hosts right?"
                   : "nobody answers: does the database run, and are database.host, database.port "
                     "and database.socket right?";
    default:
        return arena_printf(work->arena,
                            "%s: error %u; standard error has the database's own words",
                            work->failure.sentence, error);
    }
}

void say_unreached(struct examination *examination, const struct work *work)
{
    say_wrong(examination, "%s", why_unreached(work));
}

void check_database(struct examination *examination)
{
    struct work *work = examination->work;
    const char *version;

    if (server_version(&version, work) != OK) {
        say_unreached(examination, work);
        work_clear(work);
        return;
    }
    const char *name = server_version_name(work->arena, version);
    if (server_version_will_do(work->arena, version)) {
        say_ok(examination, "%s", name);
    } else {
        say_wrong(examination, "%s is too old: take MariaDB from 10.6 or MySQL from 8.0 on", name);
    }
}

static void look_at_host(struct examination *examination, const struct endpoint *endpoint)
{
    struct arena *arena = examination->work->arena;
    struct settings settings = *examination->work->settings;
    struct work work = {.arena = arena, .settings = &settings, .now = examination->work->now};
    const char *version;

    settings.database.hosts = endpoint_format(arena, endpoint);
    work.db = db_new(&settings);
    const char *host = settings.database.hosts;
    if (server_version(&version, &work) == OK) {
        say_ok(examination, "%s: %s", host, server_version_name(arena, version));
    } else if (db_error_number(&work) == 0) {
        /* A secondary is as it should be, and a node that is being filled will be. */
        say_skipped(examination, "%s: up, and not used now: for reading alone, or not ready", host);
    } else {
        say_wrong(examination, "%s: %s", host, why_unreached(&work));
    }
    db_free(work.db);
}

/* All else is looked at through the first one that works. */
void check_hosts(struct examination *examination)
{
    struct work *work = examination->work;
    struct list hosts = {0};

    (void)endpoints_parse(&hosts, work->arena, work->settings->database.hosts);
    for (size_t i = 0; i < hosts.count; i++) {
        look_at_host(examination, (const struct endpoint *)hosts.items + i);
    }
    if (hosts.count == 0) {
        say_ok(examination, "database.hosts names no others");
    }
}

void check_schema(struct examination *examination)
{
    struct work *work = examination->work;
    size_t pending;
    int64_t version;

    if (schema_is_current(&version, work) != OK || upgrade_plan(&pending, work, NULL) != OK) {
        say_failure(examination);
    } else {
        say_ok(examination, "version %lld", (long long)version);
    }
}

void check_clock(struct examination *examination)
{
    struct instant theirs;

    if (server_clock(&theirs, examination->work) != OK) {
        say_failure(examination);
        return;
    }
    const char *apart = clocks_apart(examination, theirs, clock_now());
    if (apart != NULL) {
        say_wrong(
            examination,
            "the database's clock and this host's are %s apart: let both take their time from "
            "NTP",
            apart);
    } else {
        say_ok(examination, "the database has the same time as this host");
    }
}
