/* SPDX-License-Identifier: MIT */
/* What can be seen through the connection to the database. */
#include "base/config.h"
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

void say_unreached(struct examination *examination, const struct work *work)
{
    const struct settings *settings = work->settings;

    switch (db_error_number(work)) {
    case LOGIN_DENIED:
    case LOGIN_NEEDS_PLUGIN:
        say_wrong(examination,
                  "the database does not let %s in: look at database.user and database.password",
                  settings->database.user);
        break;
    case SCHEMA_DENIED:
        say_wrong(examination,
                  "the account %s may not use the schema %s: GRANT it the rights that the README "
                  "names, or mend database.name",
                  settings->database.user, settings->database.name);
        break;
    case NO_SUCH_SCHEMA:
        say_wrong(examination, "there is no schema %s: CREATE DATABASE, or mend database.name",
                  settings->database.name);
        break;
    case HOST_DENIED:
        say_wrong(examination,
                  "the database lets nobody in from this host: CREATE USER for it, or mend "
                  "database.host");
        break;
    case NO_SOCKET:
    case NO_HOST:
    case UNKNOWN_HOST:
        say_wrong(examination,
                  "nobody answers: does the database run, and are database.host, database.port and "
                  "database.socket right?");
        break;
    default:
        say_wrong(examination, "%s: error %u; standard error has the database's own words",
                  work->failure.sentence, db_error_number(work));
    }
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

static void ignore(struct work *work, const struct upgrade_task *task)
{
    (void)work;
    (void)task;
}

void check_schema(struct examination *examination)
{
    struct work *work = examination->work;
    int64_t version;

    if (schema_is_current(&version, work) != OK || upgrade_plan(work, ignore) != OK) {
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
