/* SPDX-License-Identifier: MIT */
/* mentorwatch.fcgi: answers the API under a web server, by FastCGI or plain CGI. */
#include "api/routes.h"
#include "base/arena.h"
#include "base/config.h"
#include "base/home.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/work.h"
#include "db/db.h"
#include "http/cgi.h"
#include "http/confine.h"
#include "http/dispatch.h"
#include "http/fastcgi.h"
#include "http/listener.h"
#include "http/supervisor.h"
#include "notify/pool.h"
#include "notify/proof.h"
#include "notify/relay.h"
#include "notify/transfers.h"
#include "setup/page.h"
#include "store/migration.h"
#include "wire/signature.h"
#include "wire/token_keys.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>

struct options {
    const char *config;
    const char *socket;
    const char *threads;
};

static int usage(void)
{
    (void)fputs("usage: mentorwatch.fcgi --socket PATH [--config FILE] [--threads N]\n"
                "       or started by a web server, as FastCGI or CGI program\n",
                stderr);
    return EX_USAGE;
}

static bool read_options(struct options *out, int argc, char **argv)
{
    static const struct option known[] = {
        {"config",  required_argument, NULL, 'c'},
        {"socket",  required_argument, NULL, 's'},
        {"threads", required_argument, NULL, 't'},
        {NULL,      0,                 NULL, 0  },
    };
    int found;

    while ((found = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (found) {
        case 'c':
            out->config = optarg;
            break;
        case 's':
            out->socket = optarg;
            break;
        case 't':
            out->threads = optarg;
            break;
        default:
            return false;
        }
    }
    return optind == argc;
}

static enum outcome load(struct settings *settings, struct work *work,
                         const struct options *options)
{
    TRY(settings_load(settings, work, options->config));
    if (options->threads != NULL) {
        const struct field *field = record_field(&settings_record, "server.threads");
        const char *wrong = field_parse(field, settings, options->threads, work->arena);
        if (wrong != NULL) {
            return fail(work, INVALID, "--threads %s", wrong);
        }
    }
    return OK;
}

static void say_faults(const struct work *work)
{
    if (work->failure.faults == NULL) {
        (void)fprintf(stderr, "mentorwatch.fcgi: %s\n", work->failure.sentence);
    }
    for (const struct fault *at = work->failure.faults; at != NULL; at = at->next) {
        (void)fprintf(stderr, "mentorwatch.fcgi: %s %s\n", at->field, at->message);
    }
}

static bool is_listening(int descriptor)
{
    int listening = 0;
    socklen_t size = sizeof(listening);

    return getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 &&
           listening != 0;
}

/* As plain CGI: the process answers one request, and ends. */
static bool answers_once(const struct options *options)
{
    return options->socket == NULL && !is_listening(STDIN_FILENO) &&
           getenv("GATEWAY_INTERFACE") != NULL;
}

/* What must be good before we begin. A process for each request cannot read all templates first;
 * a broken one puts its own messages off. */
static enum outcome prepare(struct token_keys **keys, struct settings *settings, struct work *work,
                            const struct options *options)
{
    TRY(load(settings, work, options));
    TRY(token_keys_load(keys, work));
    return answers_once(options) ? OK : letters_check(work);
}

static int serve(int listener, const struct application *application)
{
    const struct settings *settings = application->settings;
    struct application with_pool = *application;
    const struct service service = dispatch_service(&with_pool);

    log_event(LOG_LEVEL_INFO, "started", LOG_TEXT("version", PACKAGE_VERSION),
              LOG_INT("threads", settings->server.threads));
    confine();
    relay_limit(settings->server.threads);
    with_pool.pool = pool_open(settings);
    const bool ran = fastcgi_run(listener, settings->server.threads, &service);
    const int error = errno;
    pool_close(with_pool.pool);
    if (!ran) {
        log_event(LOG_LEVEL_ERROR, "start", LOG_TEXT("says", strerror(error)));
        return EX_OSERR;
    }
    log_event(LOG_LEVEL_INFO, "ended", LOG_TEXT("version", PACKAGE_VERSION));
    return EX_OK;
}

static int serve_own_socket(const char *path, const struct application *application)
{
    const int listener = listener_open(path);

    if (listener < 0) {
        (void)fprintf(stderr, "mentorwatch.fcgi: cannot listen on %s: %s\n", path, strerror(errno));
        return EX_OSERR;
    }
    const int status = serve(listener, application);
    (void)unlink(path);
    return status;
}

static int serve_once(const struct application *application)
{
    const struct service service = dispatch_service(application);

    cgi_serve(&service);
    return EX_OK;
}

/* Whoever starts us shows how to answer: a supervisor hands over a listening socket, a web server
 * does so as standard input (FastCGI) or has the request in the environment (CGI); otherwise we
 * listen ourselves. */
static int answer(const struct settings *settings, const struct token_keys *keys,
                  const struct options *options)
{
    const struct application application = {
        .settings = settings, .keys = keys, .routes = routes, .route_count = route_count};

    const int handed = supervisor_socket();

    if (options->socket != NULL) {
        return serve_own_socket(options->socket, &application);
    }
    if (handed >= 0) {
        return serve(handed, &application);
    }
    if (is_listening(STDIN_FILENO)) {
        return serve(STDIN_FILENO, &application);
    }
    if (answers_once(options)) {
        return serve_once(&application);
    }
    if (settings->server.socket[0] != '\0') {
        return serve_own_socket(settings->server.socket, &application);
    }
    return usage();
}

/* An unpacked hosting archive that a web server runs, and that has no configuration yet. */
static bool is_to_be_set_up(const struct options *options, struct arena *arena)
{
    return options->socket == NULL && home_folder(arena) != NULL &&
           settings_file(arena, options->config) == NULL &&
           (is_listening(STDIN_FILENO) || answers_once(options));
}

static int show_setup_page(void)
{
    const struct service page = setup_page_service();
    bool ran = true;

    if (is_listening(STDIN_FILENO)) {
        ran = fastcgi_run(STDIN_FILENO, 1, &page);
    } else {
        cgi_serve(&page);
    }
    return ran ? EX_OK : EX_OSERR;
}

int main(int argc, char **argv)
{
    struct options options = {0};
    struct settings settings = {0};
    struct work work = {.arena = arena_new(), .settings = &settings, .now = clock_now()};
    struct token_keys *keys = NULL;
    int status;

    secrets_out_of_dumps();
    signatures_open();
    fastcgi_block_signals();
    if (!read_options(&options, argc, argv)) {
        status = usage();
    } else if (is_to_be_set_up(&options, work.arena)) {
        db_library_open(NULL);
        transfers_open();
        status = show_setup_page();
        transfers_close();
        db_library_close();
    } else if (prepare(&keys, &settings, &work, &options) != OK) {
        say_faults(&work);
        status = EX_CONFIG;
    } else {
        db_library_open(schema_ready);
        transfers_open();
        status = answer(&settings, keys, &options);
        transfers_close();
        db_library_close();
    }
    token_keys_free(keys);
    arena_free(work.arena);
    return status;
}
