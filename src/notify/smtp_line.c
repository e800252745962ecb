/* SPDX-License-Identifier: MIT */
#include "notify/smtp_line.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/config.h"
#include "notify/smtp_reply.h"
#include "notify/transfers.h"

#include <curl/curl.h>
#include <poll.h>
#include <string.h>

enum {
    QUIT_MS = 1000,
    LOOK_MS = 500, /* so often it is looked whether transfers are cut */
};

struct smtp_line {
    struct arena *arena; /* holds the line itself */
    const struct settings *settings;
    const char *url;
    CURL *curl; /* NULL: it is closed */
    curl_socket_t socket;
    char error[CURL_ERROR_SIZE]; /* what the library says */
    const char *trouble;         /* what we say; NULL: nothing */
    struct smtp_reply reply;
    bool takes_rows;
    int64_t deadline; /* of opening it */
    char in[1024];    /* bytes that came, from..to are not read yet */
    size_t from, to;
};

struct number_option {
    CURLoption option;
    long value;
};

struct text_option {
    CURLoption option;
    const char *value; /* NULL: leave the library's default */
};

/* While the library speaks. What was said before TLS counts no more. */
static void note_rows(struct smtp_line *line)
{
    if (line->reply.code == SMTP_GREETING) {
        line->takes_rows = false;
    } else if (line->reply.rows) {
        line->takes_rows = true;
    }
}

/* NOLINTNEXTLINE(readability-non-const-parameter): the library's type */
static size_t watch_reply(char *bytes, size_t size, size_t count, void *context)
{
    struct smtp_line *line = context;
    const size_t length = size * count;

    for (size_t taken = 0; taken < length;) {
        if (line->reply.ended) {
            smtp_reply_begin(&line->reply);
        }
        taken += smtp_reply_take(&line->reply, bytes + taken, length - taken);
        if (line->reply.ended) {
            note_rows(line);
        }
    }
    return length;
}

static int watch_deadline(void *context, curl_off_t down_total, curl_off_t down,
                          curl_off_t up_total, curl_off_t up)
{
    const struct smtp_line *line = context;

    (void)down_total;
    (void)down;
    (void)up_total;
    (void)up;
    return clock_monotonic_ms() > line->deadline || transfers_are_cut();
}

static CURLcode set_numbers(CURL *curl, const struct number_option *options, size_t count)
{
    CURLcode code = CURLE_OK;
    for (size_t i = 0; code == CURLE_OK && i < count; i++) {
        code = curl_easy_setopt(curl, options[i].option, options[i].value);
    }
    return code;
}

static CURLcode set_texts(CURL *curl, const struct text_option *options, size_t count)
{
    CURLcode code = CURLE_OK;
    for (size_t i = 0; code == CURLE_OK && i < count; i++) {
        if (options[i].value != NULL) {
            code = curl_easy_setopt(curl, options[i].option, options[i].value);
        }
    }
    return code;
}

static CURLcode set_callbacks(struct smtp_line *line)
{
    const CURLcode codes[] = {
        curl_easy_setopt(line->curl, CURLOPT_ERRORBUFFER, line->error),
        curl_easy_setopt(line->curl, CURLOPT_HEADERFUNCTION, watch_reply),
        curl_easy_setopt(line->curl, CURLOPT_HEADERDATA, line),
        curl_easy_setopt(line->curl, CURLOPT_XFERINFOFUNCTION, watch_deadline),
        curl_easy_setopt(line->curl, CURLOPT_XFERINFODATA, line),
    };

    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        if (codes[i] != CURLE_OK) {
            return codes[i];
        }
    }
    return CURLE_OK;
}

static const char *unless_empty(const char *value)
{
    return value[0] == '\0' ? NULL : value;
}

static CURLcode set_up(struct smtp_line *line)
{
    const struct settings *settings = line->settings;
    const bool starttls = strcmp(settings->mail.tls, "starttls") == 0;
    const long limit = (long)(line->deadline - clock_monotonic_ms());
    const long limit_ms = limit > 0 ? limit : 1; /* 0 would mean for ever */
    const struct number_option numbers[] = {
        {CURLOPT_CONNECT_ONLY,            1                                          },
        {CURLOPT_NOSIGNAL,                1                                          }, /* there are other threads */
        {CURLOPT_NOPROGRESS,              0                                          }, /* so that watch_deadline() is asked */
        {CURLOPT_USE_SSL,                 starttls ? CURLUSESSL_ALL : CURLUSESSL_NONE},
        {CURLOPT_TIMEOUT_MS,              limit_ms                                   },
        {CURLOPT_CONNECTTIMEOUT_MS,       limit_ms                                   },
        {CURLOPT_SERVER_RESPONSE_TIMEOUT, limit_ms / MS_PER_SECOND + 1               },
    };
    const struct text_option texts[] = {
        {CURLOPT_URL,      line->url                            },
        {CURLOPT_PROXY,    ""                                   }, /* whatever the environment says */
        {CURLOPT_CAINFO,   unless_empty(settings->mail.ca_file) },
        {CURLOPT_USERNAME, unless_empty(settings->mail.user)    },
        {CURLOPT_PASSWORD, unless_empty(settings->mail.password)},
    };

    CURLcode code = set_callbacks(line);
    if (code == CURLE_OK) {
        code = set_numbers(line->curl, numbers, sizeof(numbers) / sizeof(numbers[0]));
    }
    return code == CURLE_OK ? set_texts(line->curl, texts, sizeof(texts) / sizeof(texts[0])) : code;
}

struct smtp_line *smtp_line_new(const struct settings *settings)
{
    const bool tls = strcmp(settings->mail.tls, "tls") == 0;
    struct arena *arena = arena_new();
    struct smtp_line *line = arena_alloc(arena, sizeof(*line));

    *line = (struct smtp_line){
        .arena = arena,
        .settings = settings,
        .url = arena_printf(arena, "%s://%s/%s", tls ? "smtps" : "smtp", settings->mail.relay,
                            settings->mail.hello),
    };
    return line;
}

void smtp_line_free(struct smtp_line *line)
{
    if (line != NULL) {
        smtp_line_close(line, true);
        arena_free(line->arena);
    }
}

static const char *trouble_of(CURLcode code)
{
    if (transfers_are_cut()) {
        return "we had to end";
    }
    return code == CURLE_ABORTED_BY_CALLBACK || code == CURLE_OPERATION_TIMEDOUT
               ? "no answer in time"
               : curl_easy_strerror(code);
}

static CURLcode connect_anew(struct smtp_line *line)
{
    line->from = line->to = 0;
    line->takes_rows = false;
    line->curl = curl_easy_init();
    CURLcode code = line->curl == NULL ? CURLE_FAILED_INIT : set_up(line);
    if (code == CURLE_OK) {
        code = curl_easy_perform(line->curl);
    }
    if (code == CURLE_OK) {
        code = curl_easy_getinfo(line->curl, CURLINFO_ACTIVESOCKET, &line->socket);
    }
    return code == CURLE_OK && line->socket == CURL_SOCKET_BAD ? CURLE_COULDNT_CONNECT : code;
}

/* Nothing is due: so what can be read now is a goodbye, or the end. */
static bool is_fresh(struct smtp_line *line)
{
    size_t got;

    return line->curl != NULL && line->from == line->to &&
           curl_easy_recv(line->curl, line->in, sizeof(line->in), &got) == CURLE_AGAIN;
}

static enum greeting judge_greeting(CURLcode code)
{
    static const struct {
        CURLcode code;
        enum greeting means;
    } meanings[] = {
        {CURLE_OK,                       GREETED           },
        {CURLE_COULDNT_RESOLVE_HOST,     GREETING_UNREACHED},
        {CURLE_COULDNT_CONNECT,          GREETING_UNREACHED},
        {CURLE_OPERATION_TIMEDOUT,       GREETING_UNREACHED},
        {CURLE_ABORTED_BY_CALLBACK,      GREETING_UNREACHED},
        {CURLE_GOT_NOTHING,              GREETING_UNREACHED},
        {CURLE_RECV_ERROR,               GREETING_UNREACHED},
        {CURLE_USE_SSL_FAILED,           GREETING_INSECURE },
        {CURLE_SSL_CONNECT_ERROR,        GREETING_INSECURE },
        {CURLE_PEER_FAILED_VERIFICATION, GREETING_INSECURE },
        {CURLE_SSL_CACERT_BADFILE,       GREETING_INSECURE },
        {CURLE_LOGIN_DENIED,             GREETING_REFUSED  },
    };

    for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
        if (meanings[i].code == code) {
            return meanings[i].means;
        }
    }
    return GREETING_FAILED;
}

enum greeting smtp_line_open(struct smtp_line *line, int64_t deadline)
{
    smtp_reply_begin(&line->reply);
    line->trouble = NULL;
    line->error[0] = '\0';
    line->deadline = deadline;
    if (is_fresh(line)) {
        return GREETED;
    }
    smtp_line_close(line, false);
    const CURLcode code = connect_anew(line);
    if (code == CURLE_OK) {
        return GREETED;
    }
    const bool library_knows = line->error[0] != '\0' && code != CURLE_ABORTED_BY_CALLBACK &&
                               code != CURLE_OPERATION_TIMEDOUT;
    line->trouble = library_knows ? line->error : trouble_of(code);
    smtp_line_close(line, false);
    return judge_greeting(code);
}

bool smtp_line_takes_rows(const struct smtp_line *line)
{
    return line->takes_rows;
}

/* False: the moment has come, or transfers are cut. */
static bool await(const struct smtp_line *line, short events, int64_t deadline)
{
    struct pollfd polled = {.fd = line->socket, .events = events};

    for (;;) {
        const int64_t left = deadline - clock_monotonic_ms();
        if (left <= 0 || transfers_are_cut()) {
            return false;
        }
        if (poll(&polled, 1, (int)(left < LOOK_MS ? left : LOOK_MS)) > 0) {
            return true;
        }
    }
}

bool smtp_line_say(struct smtp_line *line, const char *bytes, size_t length, int64_t deadline)
{
    CURLcode code = CURLE_OK;

    while (length > 0 && code == CURLE_OK) {
        size_t sent = 0;
        code = curl_easy_send(line->curl, bytes, length, &sent);
        bytes += sent;
        length -= sent;
        if (code == CURLE_AGAIN) {
            code = await(line, POLLOUT, deadline) ? CURLE_OK : CURLE_OPERATION_TIMEDOUT;
        }
    }
    line->trouble = code == CURLE_OK ? NULL : trouble_of(code);
    return code == CURLE_OK;
}

/* More bytes; false: none come. What the library has deciphered already cannot be waited for, so it
 * is asked first. */
static bool fill(struct smtp_line *line, int64_t deadline)
{
    CURLcode code = CURLE_AGAIN;

    line->from = line->to = 0;
    while (code == CURLE_AGAIN) {
        code = curl_easy_recv(line->curl, line->in, sizeof(line->in), &line->to);
        if (code == CURLE_AGAIN && !await(line, POLLIN, deadline)) {
            code = CURLE_OPERATION_TIMEDOUT;
        }
    }
    line->to = code == CURLE_OK ? line->to : 0;
    if (line->to == 0) {
        line->trouble = code == CURLE_OK ? "the mail server hung up" : trouble_of(code);
    }
    return line->to > 0;
}

int smtp_line_hear(struct smtp_line *line, int64_t deadline)
{
    struct smtp_reply *reply = &line->reply;

    smtp_reply_begin(reply);
    line->trouble = NULL;
    while (!reply->ended) {
        if (line->from == line->to && !fill(line, deadline)) {
            return 0;
        }
        line->from += smtp_reply_take(reply, line->in + line->from, line->to - line->from);
    }
    if (reply->code == 0) {
        line->trouble = "no answer of a mail server";
    }
    return reply->code;
}

const char *smtp_line_words(const struct smtp_line *line)
{
    /* The last reply may have been a good one, to something else. */
    const bool says_why = line->trouble == NULL || line->reply.words[0] >= '4';

    return says_why && line->reply.length > 0 ? line->reply.words
           : line->trouble != NULL            ? line->trouble
                                              : "";
}

void smtp_line_close(struct smtp_line *line, bool quit)
{
    static const char words[] = "QUIT\r\n";

    if (line->curl == NULL) {
        return;
    }
    if (quit) {
        const int64_t deadline = clock_monotonic_ms() + QUIT_MS;
        if (smtp_line_say(line, words, strlen(words), deadline)) {
            (void)smtp_line_hear(line, deadline);
        }
    }
    curl_easy_cleanup(line->curl);
    line->curl = NULL;
}
