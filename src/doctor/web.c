/* SPDX-License-Identifier: MIT */
/* What comes through the web server, by asking it as anybody could. */
#include "base/arena.h"
#include "base/config.h"
#include "base/home.h"
#include "base/url.h"
#include "base/work.h"
#include "doctor/check.h"
#include "notify/http_client.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PATIENCE_MS = 10 * MS_PER_SECOND,
    HTTP_OK = 200,
    HTTP_REDIRECTS = 3, /* hundreds */
    HTTP_UNAUTHENTICATED = 401,
    HTTP_BAD_GATEWAY = 502,
    HTTP_UNAVAILABLE = 503,
    HTTP_TIMEOUT = 504,
};

/* Asked without a token, it is refused by us alone, before any rule or table is looked at. */
#define COLLECTION "/api/v1/pause-notifications"

static const char *site_of(const struct examination *examination)
{
    const char *url = examination->order->url;

    return url != NULL ? url : examination->work->settings->server.url;
}

static struct http_answer get(const struct examination *examination, const char *path,
                              const char *header)
{
    /* It is our own site, wherever it is. */
    const struct http_rules rules = {.plain_http = true,
                                     .private_addresses = true,
                                     .ca_file = examination->work->settings->push.ca_file};
    struct arena *arena = examination->work->arena;
    const struct http_get what = {
        .url = url_of_path(arena, site_of(examination), path),
        .headers = {&header, header != NULL},
        .timeout_ms = PATIENCE_MS,
    };
    struct http_client *client = http_client_new(&rules);
    const struct http_answer answer = http_client_get(client, arena, &what);

    http_client_free(client);
    return answer;
}

/* False when it has said why not. */
static bool site_is_given(struct examination *examination)
{
    const char *site = site_of(examination);

    if (site[0] == '\0') {
        say_skipped(examination, "name the site's address: --url, or the setting server.url");
        return false;
    }
    if (!url_is_web(site)) {
        say_wrong(examination, "%s is no https: or http: address", site);
        return false;
    }
    return true;
}

static void judge_readiness(struct examination *examination, const struct http_answer *answer)
{
    const char *site = site_of(examination);

    if (answer->end != HTTP_ANSWERED) {
        say_wrong(examination, "no answer (%s): does the web server run, and is server.url right?",
                  answer->detail);
    } else if (answer->status == HTTP_OK && strstr(answer->words, "\"schema_version\"") != NULL) {
        say_ok(examination, "%s is answered, and the program behind it reaches the database", site);
    } else if (strstr(answer->words, "urn:mentorwatch:problem:") != NULL) {
        say_wrong(examination, "the program behind %s cannot work: mend what it says, %s", site,
                  answer->detail);
    } else if (answer->status >= HTTP_BAD_GATEWAY && answer->status <= HTTP_TIMEOUT) {
        say_wrong(examination,
                  "the web server does not reach the program (HTTP %lld): start mentorwatch.fcgi, "
                  "and let the site name the socket that it listens on",
                  (long long)answer->status);
    } else if (answer->status / 100 == HTTP_REDIRECTS) {
        say_wrong(examination, "%s redirects to another address: name that one in server.url",
                  site);
    } else {
        say_wrong(examination,
                  "%s/readyz is answered by something else (HTTP %lld): let the web server pass "
                  "/api/, /healthz and /readyz on to mentorwatch.fcgi (nginx: the site's file, "
                  "Apache: .htaccess)",
                  site, (long long)answer->status);
    }
}

void check_web(struct examination *examination)
{
    if (site_is_given(examination)) {
        const struct http_answer answer = get(examination, "/readyz", NULL);
        examination->web_date = answer.date;
        examination->web_asked_at = clock_now();
        judge_readiness(examination, &answer);
    }
}

void check_web_clock(struct examination *examination)
{
    if (!instant_given(examination->web_date)) {
        say_skipped(examination, "the web server's answer has no Date");
        return;
    }
    const char *apart = clocks_apart(examination, examination->web_date, examination->web_asked_at);
    if (apart != NULL) {
        say_wrong(examination,
                  "the web server's clock and this host's are %s apart: let both take their time "
                  "from NTP",
                  apart);
    } else {
        say_ok(examination, "the web server has the same time as this host");
    }
}

/* Whether it is us who refuse; then `error` is what for. */
static bool refuses(const struct http_answer *answer, const char *error)
{
    return answer->end == HTTP_ANSWERED && answer->status == HTTP_UNAUTHENTICATED &&
           strstr(answer->challenge, "realm=\"mentorwatch\"") != NULL &&
           strstr(answer->challenge, error) != NULL;
}

static void look_at_path(struct examination *examination, const char *path)
{
    const struct http_answer answer = get(examination, path, NULL);

    if (refuses(&answer, "")) {
        say_ok(examination, "%s comes through", path);
    } else {
        say_wrong(examination,
                  "%s does not come through as it is (%s): let the web server pass all below "
                  "/api/ on to mentorwatch.fcgi (nginx: location / of the site's file, Apache: the "
                  "rewrite in .htaccess)",
                  path, answer.detail);
    }
}

void check_path(struct examination *examination)
{
    look_at_path(examination, COLLECTION);
}

void check_doubled_path(struct examination *examination)
{
    look_at_path(examination, COLLECTION COLLECTION);
}

void check_authorization(struct examination *examination)
{
    /* No real token: who knows whether that is our site? */
    const struct http_answer answer =
        get(examination, COLLECTION, "Authorization: Bearer mentorwatch-doctor");

    if (refuses(&answer, "invalid_token")) {
        say_ok(examination, "the header Authorization comes through");
    } else {
        say_wrong(examination,
                  "the header Authorization does not come through: in Apache's .htaccess set "
                  "CGIPassAuth On, or keep the E=HTTP_AUTHORIZATION of its rewrite; in nginx let "
                  "no fastcgi_param change it");
    }
}

/* False: there is no such file, or it is empty, or not ours to read. */
static bool begin_of(char out[HTTP_WORDS_MAX + 1], const char *path)
{
    char bytes[HTTP_WORDS_MAX];
    FILE *file = fopen(path, "re");

    if (file == NULL) {
        return false;
    }
    const size_t length = fread(bytes, 1, sizeof(bytes), file);
    (void)fclose(file);
    http_words(out, bytes, length);
    return length > 0;
}

/* The web shows some folder on the way to the file: whichever that is, one of these addresses
 * leads there. NULL: none shows it. */
static const char *address_of_file(const struct examination *examination, const char *path,
                                   const char *begin)
{
    for (const char *below = path; below != NULL; below = strchr(below + 1, '/')) {
        const struct http_answer answer = get(examination, below, NULL);
        if (answer.end == HTTP_ANSWERED && answer.status == HTTP_OK &&
            strcmp(answer.words, begin) == 0) {
            return url_of_path(examination->work->arena, site_of(examination), below);
        }
    }
    return NULL;
}

/* False when it has said that it is seen. */
static bool file_is_hidden(struct examination *examination, const char *path)
{
    char real[PATH_MAX];
    char begin[HTTP_WORDS_MAX + 1];

    if (path == NULL || realpath(path, real) == NULL || !begin_of(begin, real)) {
        return true;
    }
    const char *address = address_of_file(examination, real, begin);
    if (address == NULL) {
        return true;
    }
    say_wrong(examination,
              "everybody can fetch %s: move %s out of what the web shows, or let the web server "
              "refuse it, and change every password and secret in it",
              address, real);
    return false;
}

void check_hidden(struct examination *examination)
{
    const struct settings *settings = examination->work->settings;
    struct arena *arena = examination->work->arena;

    if (!site_is_given(examination)) {
        return;
    }
    if (get(examination, "/", NULL).end != HTTP_ANSWERED) {
        say_skipped(examination, "looked at once the web server answers");
        return;
    }
    const char *const files[] = {
        settings_file(arena, examination->order->config),
        settings->database.sweep_account,
        settings->database.migrate_account,
        home_path(arena, HOME_POINTER),
    };
    bool hidden = true;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        hidden = file_is_hidden(examination, files[i]) && hidden;
    }
    if (hidden) {
        say_ok(examination, "the configuration cannot be fetched");
    }
}
