/* SPDX-License-Identifier: MIT */
#include "setup/page.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/home.h"
#include "base/secret.h"
#include "base/text.h"
#include "base/work.h"
#include "setup/steps.h"
#include "wire/html.h"
#include "wire/query.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    FORM_MAX = 16 * 1024,
    TOKEN_MIN = 16,
    TOKEN_ROOM = 256,
    WRONG_TOKEN_SECONDS = 1, /* whoever guesses waits */
};

static const char TOKEN_FILE[] = "setup-token";
static const char NOT_YET[] =
    "{\"type\":\"urn:mentorwatch:problem:unavailable\",\"title\":\"The service is not available "
    "now\",\"status\":503,\"detail\":\"It is not set up yet: open /setup\"}";

/* A request for the page. */
struct visit {
    struct work work;
    struct gateway *gateway;
    const char *token; /* what the file holds; NULL: there is none that will do */
    struct setup_order order;
    const char *given_token;
};

static void *open_worker(const void *context)
{
    (void)context;
    return arena_new();
}

static void close_worker(void *worker)
{
    arena_free(worker);
}

/* ---- the form that was sent ---- */

static const char *token_of_file(struct arena *arena)
{
    char line[TOKEN_ROOM];
    const char *path = home_path(arena, TOKEN_FILE);
    FILE *file = path != NULL ? fopen(path, "re") : NULL;

    if (file == NULL) {
        return NULL;
    }
    const bool read = fgets(line, sizeof(line), file) != NULL;
    (void)fclose(file);
    line[read ? strcspn(line, "\r\n \t") : 0] = '\0';
    return strlen(line) >= TOKEN_MIN ? arena_text(arena, line) : NULL;
}

static const char *read_form(struct visit *visit)
{
    struct text form = text_in(visit->work.arena);
    char piece[4096];
    size_t got;

    while (form.length <= FORM_MAX &&
           (got = visit->gateway->read(visit->gateway, piece, sizeof(piece))) > 0) {
        text_add_bytes(&form, piece, got);
    }
    return form.length <= FORM_MAX ? text_done(&form) : "";
}

static void take_pair(struct visit *visit, const char *name, const char *value)
{
    if (strcmp(name, "token") == 0) {
        visit->given_token = value;
    } else if (strcmp(name, "test_mail") == 0) {
        visit->order.test_mail = value;
    } else if (strcmp(name, "file") == 0) {
        visit->order.file = value;
    }
    for (size_t i = 0; i < question_count; i++) {
        if (strcmp(name, questions[i].setting) == 0 && value[0] != '\0') {
            setup_answer(&visit->order, visit->work.arena, questions[i].setting, value);
        }
    }
}

static void take_form(struct visit *visit, const char *form)
{
    struct arena *arena = visit->work.arena;

    for (const char *at = form; *at != '\0';) {
        const size_t length = strcspn(at, "&");
        const char *equals = memchr(at, '=', length);
        if (equals != NULL) {
            const size_t name = (size_t)(equals - at);
            const char *key = percent_decode(arena, at, name, true);
            const char *value = percent_decode(arena, equals + 1, length - name - 1, true);
            if (key != NULL && value != NULL) {
                take_pair(visit, key, value);
            }
        }
        at += length + (at[length] == '&');
    }
}

/* ---- what is shown ---- */

static void send(struct visit *visit, int status, const char *type, const char *body)
{
    struct text out = text_in(visit->work.arena);

    text_add_format(&out, "Status: %d\r\nContent-Type: %s\r\nContent-Length: %zu\r\n", status, type,
                    strlen(body));
    if (status == 503) {
        text_add(&out, "Retry-After: 5\r\n");
    }
    text_add(&out, "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
                   "Referrer-Policy: no-referrer\r\nContent-Security-Policy: default-src 'none'; "
                   "style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'\r\n\r\n");
    text_add(&out, body);
    (void)visit->gateway->write(visit->gateway, text_done(&out), out.length);
}

static struct text begin_page(struct arena *arena)
{
    struct text page = text_in(arena);

    text_add(&page,
             "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
             "<meta name=\"viewport\" content=\"width=device-width\">"
             "<title>mentorwatch setup</title><style>body{font:1rem/1.5 sans-serif;"
             "max-width:40rem;margin:2rem auto;padding:0 1rem}label{display:block;"
             "margin:.6rem 0}input{display:block;width:100%;padding:.3rem}"
             ".bad{border-left:.3rem solid #b00;padding-left:.7rem}"
             "code{overflow-wrap:anywhere}</style></head><body><h1>mentorwatch setup</h1>\n");
    return page;
}

static void send_page(struct visit *visit, int status, struct text *page)
{
    text_add(page, "</body></html>\n");
    send(visit, status, "text/html; charset=utf-8", text_done(page));
}

static void add_paragraph(struct text *page, const char *class, const char *before,
                          const char *words)
{
    text_add_format(page, "<p class=\"%s\">%s", class, before);
    html_add_text(page, words);
    text_add(page, "</p>\n");
}

static void add_faults(struct text *page, const struct failure *failure)
{
    if (failure->faults == NULL) {
        add_paragraph(page, "bad", "", failure->sentence != NULL ? failure->sentence : "It failed");
    }
    for (const struct fault *at = failure->faults; at != NULL; at = at->next) {
        add_paragraph(page, "bad", "", at->field);
        add_paragraph(page, "bad", "", at->message);
    }
}

static void add_input(struct text *page, const char *name, const char *asks, const char *value,
                      bool secret)
{
    text_add(page, "<label>");
    html_add_text(page, asks);
    text_add_format(page, "<input name=\"%s\" type=\"%s\" autocomplete=\"off\" value=\"", name,
                    secret ? "password" : "text");
    html_add_text(page, secret ? "" : value);
    text_add(page, "\"></label>\n");
}

/* What was typed last, except secrets. */
static const char *typed(const struct visit *visit, const char *setting)
{
    const struct answer *at = visit->order.answers.items;

    for (size_t i = visit->order.answers.count; i > 0; i--) {
        if (strcmp(at[i - 1].setting, setting) == 0) {
            return at[i - 1].value;
        }
    }
    return record_field(&settings_record, setting)->fallback;
}

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static void add_form(struct text *page, const struct visit *visit)
{
    text_add(page, "<form method=\"post\" action=\"/setup\">\n");
    add_input(page, "token", "The text of the file setup-token", "", true);
    for (size_t i = 0; i < question_count; i++) {
        const struct question *question = &questions[i];
        add_input(page, question->setting, question->asks, typed(visit, question->setting),
                  question->secret);
    }
    add_input(page, "test_mail", "Address for a test mail (empty: none)",
              or_empty(visit->order.test_mail), false);
    add_input(page, "file",
              "Where the configuration goes, outside of what the web sees (empty: a new folder in "
              "your home folder)",
              or_empty(visit->order.file), false);
    text_add(page, "<button>Set up</button></form>\n");
}

static bool is_encrypted(const struct visit *visit)
{
    const char *https = visit->gateway->variable(visit->gateway, "HTTPS");

    return https != NULL && strcmp(https, "on") == 0;
}

static void show_form(struct visit *visit, int status, const struct failure *failure)
{
    struct text page = begin_page(visit->work.arena);

    if (failure != NULL) {
        add_faults(&page, failure);
    }
    if (!is_encrypted(visit)) {
        add_paragraph(&page, "bad", "",
                      "This page did not come over https. Passwords that you "
                      "type here can be read on their way.");
    }
    add_form(&page, visit);
    send_page(visit, status, &page);
}

static void show_closed(struct visit *visit)
{
    struct text page = begin_page(visit->work.arena);

    text_add_format(&page,
                    "<p>This page is closed. To open it, make a file <code>%s</code> in the folder "
                    "<code>mentorwatch</code> of what you unpacked, with one line of at least %d "
                    "letters and digits that nobody can guess. Then load this page again.</p>\n",
                    TOKEN_FILE, TOKEN_MIN);
    send_page(visit, 403, &page);
}

static void show_done(struct visit *visit, const struct setup_report *report)
{
    struct text page = begin_page(visit->work.arena);

    add_paragraph(&page, "", "It is set up. The configuration is ", report->file);
    text_add_format(&page, "<p>The database is reached, with schema version %lld.</p>\n",
                    (long long)report->schema);
    if (report->mail != NULL) {
        add_paragraph(&page, report->mail_sent ? "" : "bad", "Mail: ", report->mail);
    }
    text_add(&page, "<p>Now paste this line into the host's list of cron jobs:</p><p><code>");
    html_add_text(&page, report->cron_line);
    text_add(&page, "</code></p>\n<p>This page is gone now.</p>\n");
    send_page(visit, 200, &page);
}

/* ---- what happens ---- */

static void set_up(struct visit *visit)
{
    struct work *work = &visit->work;
    struct setup_report report;
    const char *token_file = home_path(work->arena, TOKEN_FILE);

    visit->order.web_root = visit->gateway->variable(visit->gateway, "DOCUMENT_ROOT");
    if (setup_run(&report, work, &visit->order) != OK) {
        show_form(visit, 422, &work->failure);
        return;
    }
    (void)unlink(token_file);
    show_done(visit, &report);
}

static void take_post(struct visit *visit)
{
    take_form(visit, read_form(visit));
    if (visit->given_token == NULL || !secret_is(visit->given_token, visit->token)) {
        const struct failure failure = {.sentence = "This is not the text of the file setup-token"};
        (void)sleep(WRONG_TOKEN_SECONDS);
        visit->order = (struct setup_order){.file = NULL};
        show_form(visit, 403, &failure);
        return;
    }
    set_up(visit);
}

static bool is_for_page(struct visit *visit)
{
    const char *target = visit->gateway->variable(visit->gateway, "REQUEST_URI");

    return target != NULL && strncmp(target, "/setup", strcspn(target, "?")) == 0 &&
           strcspn(target, "?") == strlen("/setup");
}

static void answer(struct visit *visit)
{
    const char *method = visit->gateway->variable(visit->gateway, "REQUEST_METHOD");

    if (!is_for_page(visit) || settings_file(visit->work.arena, NULL) != NULL) {
        send(visit, 503, "application/problem+json", NOT_YET);
    } else if (visit->token == NULL) {
        show_closed(visit);
    } else if (method != NULL && strcmp(method, "POST") == 0) {
        take_post(visit);
    } else {
        show_form(visit, 200, NULL);
    }
}

static void serve(void *worker, struct gateway *gateway)
{
    struct arena *arena = worker;
    struct visit visit = {
        .work = {.arena = arena, .now = clock_now()},
        .gateway = gateway,
        .token = token_of_file(arena),
    };

    answer(&visit);
    gateway->end(gateway);
    arena_reset(arena);
}

static void end_when_set_up(void *worker)
{
    struct arena *arena = worker;

    if (settings_file(arena, NULL) != NULL) {
        (void)kill(getpid(), SIGTERM);
    }
    arena_reset(arena);
}

struct service setup_page_service(void)
{
    return (struct service){
        .open = open_worker, .serve = serve, .after = end_when_set_up, .close = close_worker};
}
