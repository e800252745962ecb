/* SPDX-License-Identifier: MIT */
/* Whether messages would go out. */
#include "base/arena.h"
#include "base/config.h"
#include "base/text.h"
#include "base/url.h"
#include "base/work.h"
#include "doctor/check.h"
#include "model/push_target.h"
#include "notify/email.h"
#include "notify/http_client.h"
#include "notify/push.h"
#include "notify/push_template.h"
#include "setup/test_mail.h"
#include "store/directory.h"

#include <string.h>

enum {
    PATIENCE_MS = 10 * MS_PER_SECOND,
    MOST_TARGETS = 200, /* of each role: as a rule they are at few servers */
    MOST_SERVERS = 10,
};

static void judge_greeting(struct examination *examination, enum greeting greeting,
                           const char *says)
{
    const struct settings *settings = examination->work->settings;

    switch (greeting) {
    case GREETED:
        say_ok(examination, "%s lets us in%s", settings->mail.relay,
               settings->mail.user[0] != '\0' ? " with our login" : "");
        break;
    case GREETING_UNREACHED:
        say_wrong(examination,
                  "%s does not answer (%s): look at mail.relay, and at mail.tls if it wants TLS "
                  "from the first byte",
                  settings->mail.relay, says);
        break;
    case GREETING_INSECURE:
        say_wrong(examination, "TLS does not come about (%s): look at mail.tls and mail.ca_file",
                  says);
        break;
    case GREETING_REFUSED:
        say_wrong(examination,
                  "the mail server does not take our login (%s): look at mail.user and "
                  "mail.password",
                  says);
        break;
    case GREETING_FAILED:
        say_wrong(examination,
                  "the mail server does not let us in (%s): look at mail.hello and at "
                  "the other settings below [mail]",
                  says);
        break;
    }
}

void check_mail(struct examination *examination)
{
    const struct settings *settings = examination->work->settings;
    const char *says;

    if (!mail_address_valid(settings->mail.from)) {
        say_wrong(examination, "%s is no mail address: mend mail.from", settings->mail.from);
        return;
    }
    struct mailer *mailer = mailer_new(settings);
    const enum greeting greeting =
        mailer_greet(mailer, examination->work->arena, PATIENCE_MS, &says);
    mailer_free(mailer);
    judge_greeting(examination, greeting, says);
}

void check_test_mail(struct examination *examination)
{
    struct work *work = examination->work;
    const char *to = examination->order->mail;
    struct test_mail mail;

    if (to == NULL) {
        say_skipped(examination, "name who is to get one: --mail");
    } else if (test_mail_send(&mail, work, work->settings, to) != OK) {
        say_failure(examination);
    } else if (mail.sent) {
        say_ok(examination, "one went to %s", to);
    } else {
        say_wrong(
            examination,
            "the mail server did not take one to %s (%s): look at mail.from, and ask its host", to,
            mail.says);
    }
}

/* False when it has said that nothing can be sent there. */
static bool can_be_written(struct examination *examination, const struct push_target *target)
{
    struct work *work = examination->work;

    if (target->template == NULL) {
        if (work->settings->push.secret[0] != '\0') {
            return true;
        }
        say_wrong(examination, "no webhook is sent without a signature: set push.secret");
        return false;
    }
    if (push_template_exists(work, target->template)) {
        return true;
    }
    say_wrong(examination,
              "there is no template push/%s.txt in %s: write it, or mend the directory",
              target->template, work->settings->notify.templates);
    return false;
}

/* Any answer will do: what the address itself says to a message is not tried. False when it has
 * said that there is none. */
static bool server_answers(struct examination *examination, struct http_client *client,
                           const char *origin)
{
    struct arena *arena = examination->work->arena;
    const struct http_get what = {.url = url_of_path(arena, origin, "/"),
                                  .timeout_ms = PATIENCE_MS};
    const struct http_answer answer = http_client_get(client, arena, &what);

    if (answer.end == HTTP_ANSWERED) {
        return true;
    }
    if (answer.end == HTTP_NOT_ALLOWED) {
        say_wrong(examination, "%s: mend that setting, or the directory (%s)", answer.detail,
                  origin);
    } else {
        say_wrong(examination,
                  "the server of a push target does not answer (%s): mend the directory, or let "
                  "this host out to it",
                  answer.detail);
    }
    return false;
}

static void ask_servers(struct examination *examination, struct list origins)
{
    struct arena *arena = examination->work->arena;
    const struct list distinct = text_distinct(arena, origins);
    const size_t count = distinct.count < MOST_SERVERS ? distinct.count : MOST_SERVERS;
    const char *const *origin = distinct.items;
    const struct http_rules rules = push_rules(examination->work->settings);
    struct http_client *client = http_client_new(&rules);
    bool good = true;

    for (size_t i = 0; i < count; i++) {
        good = server_answers(examination, client, origin[i]) && good;
    }
    http_client_free(client);
    if (good) {
        say_ok(examination, "%s of push targets answered",
               text_counted(arena, (int64_t)count, "server"));
    }
}

/* A target once for each template, and once for webhooks. */
static bool is_new(struct list *seen, struct arena *arena, const char *template)
{
    const char *const *at = seen->items;
    const char *name = template != NULL ? template : "";

    for (size_t i = 0; i < seen->count; i++) {
        if (strcmp(at[i], name) == 0) {
            return false;
        }
    }
    *(const char **)list_append(seen, arena, sizeof(name)) = name;
    return true;
}

static void look_at_targets(struct examination *examination, struct list targets)
{
    struct arena *arena = examination->work->arena;
    const char *const *text = targets.items;
    struct list origins = {0};
    struct list seen = {0};
    struct push_target target;
    bool good = true;

    for (size_t i = 0; i < targets.count; i++) {
        if (!push_target_parse(&target, arena, text[i])) {
            say_wrong(examination, "the directory has a push target that is none: import it anew");
            return;
        }
        *(const char **)list_append(&origins, arena, sizeof(const char *)) =
            url_origin(arena, target.url);
        if (is_new(&seen, arena, target.template)) {
            good = can_be_written(examination, &target) && good;
        }
    }
    if (good) {
        ask_servers(examination, origins);
    }
}

void check_push(struct examination *examination)
{
    struct list targets;

    if (push_targets_some(&targets, examination->work, MOST_TARGETS) != OK) {
        say_failure(examination);
    } else if (targets.count == 0) {
        say_ok(examination, "nobody in the directory has a push target");
    } else {
        look_at_targets(examination, targets);
    }
}
