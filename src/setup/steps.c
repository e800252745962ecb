/* SPDX-License-Identifier: MIT */
#include "setup/steps.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/home.h"
#include "base/id.h"
#include "base/text.h"
#include "base/work.h"
#include "db/db.h"
#include "setup/configuration.h"
#include "setup/place.h"
#include "setup/test_mail.h"
#include "store/upgrade.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const struct question questions[] = {
    {"database.host",     "Host of the database",                                      false},
    {"database.port",     "Its port",                                                  false},
    {"database.name",     "Name of the database",                                      false},
    {"database.user",     "User of the database",                                      false},
    {"database.password", "Password of that user",                                     true },
    {"mail.relay",        "Mail server, as host:port",                                 false},
    {"mail.tls",          "How to speak to it: none, starttls or tls",                 false},
    {"mail.user",         "Account at the mail server (empty: none)",                  false},
    {"mail.password",     "Password of that account",                                  true },
    {"mail.from",         "Address that mails come from",                              false},
    {"mail.from_name",    "Name shown beside it",                                      false},
    {"mail.per_hour",     "Most mails in an hour that the host allows (0: no limit)",  false},
    {"server.url",        "Address of this site, such as https://mentors.example.org", false},
    {"notify.language",   "Language of the messages: en, nb or nn",                    false},
    {"api.cron",          "on where the host has no cron, otherwise off",              false},
};
const size_t question_count = sizeof(questions) / sizeof(questions[0]);

static const char *const parts[] = {"templates", "lib", "bin", "ca-certificates.crt", NULL};

void setup_answer(struct setup_order *order, struct arena *arena, const char *setting,
                  const char *value)
{
    struct answer *answer = list_append(&order->answers, arena, sizeof(*answer));

    *answer = (struct answer){.setting = setting, .value = value};
}

static bool is_answered(const struct setup_order *order, const char *setting, const char *value)
{
    const struct answer *at = order->answers.items;

    for (size_t i = 0; i < order->answers.count; i++) {
        if (strcmp(at[i].setting, setting) == 0 &&
            (value == NULL || strcmp(at[i].value, value) == 0)) {
            return true;
        }
    }
    return false;
}

enum outcome setup_check(struct work *work)
{
    const char *home = home_folder(work->arena);
    const char *found = settings_file(work->arena, NULL);

    if (found != NULL) {
        return fail(work, CONFLICT, "it is set up already, by %s: change that file", found);
    }
    if (home == NULL) {
        return fail(work, INVALID, "this is not an unpacked hosting archive: %s is not set",
                    HOME_VARIABLE);
    }
    for (size_t i = 0; parts[i] != NULL; i++) {
        if (home_path(work->arena, parts[i]) == NULL) {
            fault(work, parts[i], "is missing in %s: unpack the whole archive again", home);
        }
    }
    if (place_is_open_to_others(home)) {
        fault(work, home, "may be written by others: give it the mode 0755");
    }
    return work_verdict(work);
}

/* What fits a shared host, and nobody need be asked about. */
static void add_own(struct setup_order *order, struct arena *arena)
{
    static const struct answer own[] = {
        {"server.threads", "1" }, /* the web server gives one request at a time */
        {"notify.senders", "2" },
        {"mail.timeout",   "20"}, /* it gives up on us after 40 */
    };

    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
        if (!is_answered(order, own[i].setting, NULL)) {
            setup_answer(order, arena, own[i].setting, own[i].value);
        }
    }
    if (!is_answered(order, "token.secret", NULL)) {
        setup_answer(order, arena, "token.secret", id_new_long(arena, id_new_long(arena, "")));
    }
    if (is_answered(order, "api.cron", "on") && !is_answered(order, "api.service_token", NULL)) {
        setup_answer(order, arena, "api.service_token", id_new_long(arena, id_new_long(arena, "")));
    }
}

static enum outcome send_test_mail(struct setup_report *out, struct work *work,
                                   const struct settings *settings, const char *to)
{
    struct test_mail mail;

    TRY(test_mail_send(&mail, work, settings, to));
    out->mail_sent = mail.sent;
    out->mail = mail.sent ? arena_printf(work->arena, "a test mail went to %s", to)
                          : arena_printf(work->arena, "the test mail was not taken: %s", mail.says);
    return OK;
}

static enum outcome bring_up(struct setup_report *out, struct work *work,
                             const struct settings *settings, const char *test_mail)
{
    struct work mine = {.arena = work->arena, .settings = settings, .now = work->now};
    size_t pending;

    mine.db = db_new(settings);
    enum outcome outcome = upgrade_run(&pending, &mine, NULL);
    if (outcome == OK) {
        outcome = schema_version(&out->schema, &mine);
    }
    db_free(mine.db);
    work->failure = mine.failure;
    if (outcome == OK && test_mail != NULL && test_mail[0] != '\0') {
        outcome = send_test_mail(out, work, settings, test_mail);
    }
    return outcome;
}

/* The last step: from now on the programs find it. */
static enum outcome publish(struct work *work, const char *file)
{
    const char *pointer =
        arena_printf(work->arena, "%s/%s", home_folder(work->arena), HOME_POINTER);
    const char *line = arena_printf(work->arena, "%s\n", file);
    const int to = open(pointer, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);

    if (to < 0) {
        return fail(work, INVALID, "cannot write %s: %s", pointer, strerror(errno));
    }
    const bool written = write(to, line, strlen(line)) == (ssize_t)strlen(line);
    return close(to) == 0 && written
               ? OK
               : fail(work, INVALID, "cannot write %s: %s", pointer, strerror(errno));
}

enum outcome setup_run(struct setup_report *out, struct work *work, struct setup_order *order)
{
    struct settings settings = {0};
    const char *home = home_folder(work->arena);

    *out = (struct setup_report){.mail = NULL};
    TRY(setup_check(work));
    add_own(order, work->arena);
    TRY(place_for_configuration(&out->file, work, order->file, order->web_root));
    TRY(configuration_write(work, out->file, order->answers));
    enum outcome outcome = configuration_read(&settings, work, out->file, order->answers);
    if (outcome == OK) {
        outcome = bring_up(out, work, &settings, order->test_mail);
    }
    if (outcome == OK) {
        outcome = publish(work, out->file);
    }
    if (outcome != OK) {
        (void)unlink(out->file);
        return outcome;
    }
    out->cron_line = arena_printf(work->arena, "*/10 * * * * %s/mentorwatch cron", home);
    return OK;
}
