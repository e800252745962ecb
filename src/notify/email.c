/* SPDX-License-Identifier: MIT */
#include "notify/email.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/crash_point.h"
#include "base/text.h"
#include "notify/transfers.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

enum {
    DETAIL_MAX = 500,
    SMTP_DONE = 200, /* to 299 */
    SMTP_GO_ON = 354,
    SMTP_REFUSED = 400,
    SMTP_BUSY = 421,
    SMTP_NEVER = 500,
};

/* The server's last reply; its lines are joined. */
struct reply {
    char bytes[DETAIL_MAX + 1];
    size_t length;
    bool continued; /* "550-": a line of the same reply follows */
};

struct mailer {
    struct arena *arena; /* lives as long as the mailer */
    CURL *curl;          /* NULL: the library did not start */
    CURLcode ready;      /* what setting it up said */
    char error[CURL_ERROR_SIZE];
    struct reply reply;
    char command[5]; /* the first four letters of the last one sent, QUIT apart */
    bool quitting;
    bool text_wanted; /* the server has asked for the text of this mail */
    int64_t deadline; /* by the monotonic clock */
    const char *unsent;
    size_t unsent_length;
};

struct number_option {
    CURLoption option;
    long value;
};

struct text_option {
    CURLoption option;
    const char *value; /* NULL: leave the library's default */
};

static size_t give_bytes(char *buffer, size_t size, size_t count, void *context)
{
    struct mailer *mailer = context;
    const size_t room = size * count;
    const size_t taken = mailer->unsent_length < room ? mailer->unsent_length : room;

    memcpy(buffer, mailer->unsent, taken);
    mailer->unsent += taken;
    mailer->unsent_length -= taken;
    return taken;
}

/* One line of a reply, made fit for a log and a table: a line of ASCII. */
/* NOLINTNEXTLINE(readability-non-const-parameter): the library's type */
static size_t take_reply(char *line, size_t size, size_t count, void *context)
{
    struct mailer *mailer = context;
    struct reply *reply = &mailer->reply;
    const size_t length = size * count;

    if (mailer->quitting) {
        return length;
    }
    if (!reply->continued) {
        reply->length = 0;
    }
    for (size_t i = 0; i < length && reply->length < DETAIL_MAX; i++) {
        char *byte = &reply->bytes[reply->length++];
        *byte = line[i];
        if (*byte < ' ' || *byte > '~') {
            *byte = ' ';
        }
    }
    while (reply->length > 0 && reply->bytes[reply->length - 1] == ' ') {
        reply->length--;
    }
    reply->continued = length > 3 && line[3] == '-';
    if (reply->continued && reply->length < DETAIL_MAX) {
        reply->bytes[reply->length++] = ' ';
    }
    reply->bytes[reply->length] = '\0';
    mailer->text_wanted = mailer->text_wanted || strncmp(reply->bytes, "354", 3) == 0;
    return length;
}

/* What a refusal means depends on what was asked, and the library tells that nowhere else. */
static int watch_commands(CURL *curl, curl_infotype type, char *bytes, size_t length, void *context)
{
    struct mailer *mailer = context;

    (void)curl;
    if (type != CURLINFO_HEADER_OUT || length < sizeof(mailer->command)) {
        return 0;
    }
    mailer->quitting = memcmp(bytes, "QUIT", 4) == 0;
    if (!mailer->quitting) {
        memcpy(mailer->command, bytes, sizeof(mailer->command) - 1);
    }
    return 0;
}

/* After its own timeout the library would wait as long again for the answer to QUIT. */
static int watch_deadline(void *context, curl_off_t down_total, curl_off_t down,
                          curl_off_t up_total, curl_off_t up)
{
    const struct mailer *mailer = context;

    (void)down_total;
    (void)down;
    (void)up_total;
    (void)up;
    return clock_monotonic_ms() > mailer->deadline || transfers_are_cut();
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

static CURLcode set_callbacks(struct mailer *mailer)
{
    CURL *curl = mailer->curl;
    const CURLcode codes[] = {
        curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, mailer->error),
        curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_bytes),
        curl_easy_setopt(curl, CURLOPT_READDATA, mailer),
        curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_reply),
        curl_easy_setopt(curl, CURLOPT_HEADERDATA, mailer),
        curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, watch_commands),
        curl_easy_setopt(curl, CURLOPT_DEBUGDATA, mailer),
        curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, watch_deadline),
        curl_easy_setopt(curl, CURLOPT_XFERINFODATA, mailer),
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

/* All that stays the same from mail to mail. */
static CURLcode set_up(struct mailer *mailer, const struct settings *settings)
{
    const bool tls = strcmp(settings->mail.tls, "tls") == 0;
    const bool starttls = strcmp(settings->mail.tls, "starttls") == 0;
    const struct number_option numbers[] = {
        {CURLOPT_UPLOAD,     1                                          },
        {CURLOPT_NOSIGNAL,   1                                          }, /* there are other threads */
        {CURLOPT_NOPROGRESS, 0                                          }, /* so that watch_deadline() is asked */
        {CURLOPT_VERBOSE,    1                                          }, /* so that watch_commands() is told; nothing is printed */
        {CURLOPT_USE_SSL,    starttls ? CURLUSESSL_ALL : CURLUSESSL_NONE},
    };
    const struct text_option texts[] = {
        {CURLOPT_URL,             arena_printf(mailer->arena, "%s://%s/%s", tls ? "smtps" : "smtp",
         settings->mail.relay, settings->mail.hello)},
        {CURLOPT_PROXY, ""                               }, /* whatever the environment says */
        {CURLOPT_CAINFO,                       unless_empty(settings->mail.ca_file)                                    },
        {CURLOPT_USERNAME,                       unless_empty(settings->mail.user)    },
        {CURLOPT_PASSWORD,                       unless_empty(settings->mail.password)},
    };

    CURLcode code = set_callbacks(mailer);
    if (code == CURLE_OK) {
        code = set_numbers(mailer->curl, numbers, sizeof(numbers) / sizeof(numbers[0]));
    }
    if (code == CURLE_OK) {
        code = set_texts(mailer->curl, texts, sizeof(texts) / sizeof(texts[0]));
    }
    return code;
}

struct mailer *mailer_new(const struct settings *settings)
{
    struct arena *arena = arena_new();
    struct mailer *mailer = arena_alloc(arena, sizeof(*mailer));

    mailer->arena = arena;
    mailer->curl = curl_easy_init();
    mailer->ready = mailer->curl != NULL ? set_up(mailer, settings) : CURLE_FAILED_INIT;
    return mailer;
}

void mailer_free(struct mailer *mailer)
{
    if (mailer == NULL) {
        return;
    }
    curl_easy_cleanup(mailer->curl);
    arena_free(mailer->arena);
}

/* What belongs to this mail alone. */
static CURLcode set_mail(struct mailer *mailer, const struct mail *mail,
                         const struct curl_slist *recipients, int64_t timeout_ms)
{
    const struct number_option numbers[] = {
        {CURLOPT_TIMEOUT_MS,              (long)timeout_ms                      },
        {CURLOPT_CONNECTTIMEOUT_MS,       (long)timeout_ms                      },
        {CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)(timeout_ms / MS_PER_SECOND + 1)},
    };

    CURLcode code = set_numbers(mailer->curl, numbers, sizeof(numbers) / sizeof(numbers[0]));
    if (code == CURLE_OK) {
        code = curl_easy_setopt(mailer->curl, CURLOPT_MAIL_FROM, mail->from);
    }
    if (code == CURLE_OK) {
        code = curl_easy_setopt(mailer->curl, CURLOPT_MAIL_RCPT, recipients);
    }
    if (code == CURLE_OK) {
        code = curl_easy_setopt(mailer->curl, CURLOPT_INFILESIZE_LARGE,
                                (curl_off_t)mailer->unsent_length);
    }
    return code;
}

static CURLcode perform(struct mailer *mailer, const struct mail *mail, int64_t timeout_ms)
{
    struct curl_slist *recipients = curl_slist_append(NULL, mail->to);
    CURLcode code =
        recipients == NULL ? CURLE_OUT_OF_MEMORY : set_mail(mailer, mail, recipients, timeout_ms);

    if (code == CURLE_OK) {
        CRASH_POINT("before sending a mail");
        code = curl_easy_perform(mailer->curl);
        CRASH_POINT("after sending a mail");
        (void)curl_easy_setopt(mailer->curl, CURLOPT_MAIL_RCPT, NULL);
    }
    curl_slist_free_all(recipients);
    return code;
}

static bool last_command_was(const struct mailer *mailer, const char *command)
{
    return strcmp(mailer->command, command) == 0;
}

static long reply_code(const struct mailer *mailer)
{
    long reply = 0;
    (void)curl_easy_getinfo(mailer->curl, CURLINFO_RESPONSE_CODE, &reply);
    return reply;
}

/* The library keeps a connection on which an answer is still due, and would take that answer for
 * one to the next mail. Shut down, the connection is found dead and not used again. */
static void abandon_connection(const struct mailer *mailer)
{
    curl_socket_t line = CURL_SOCKET_BAD;

    if (curl_easy_getinfo(mailer->curl, CURLINFO_ACTIVESOCKET, &line) == CURLE_OK &&
        line != CURL_SOCKET_BAD) {
        (void)shutdown(line, SHUT_RDWR);
    }
}

/* What a refusal of this mail means, be it of its recipient or of its text. */
static enum delivery judge_refusal(long reply)
{
    if (reply == SMTP_BUSY) {
        return BROKEN_OFF;
    }
    return reply < SMTP_NEVER ? PUT_OFF : REFUSED;
}

/* The reply's code counts before the library's: "550" and "the line was cut" may come together. */
static enum delivery judge(const struct mailer *mailer, CURLcode code)
{
    const long reply = reply_code(mailer);
    const bool about_this_mail =
        last_command_was(mailer, "DATA") || last_command_was(mailer, "RCPT");

    if (reply >= SMTP_REFUSED && about_this_mail) {
        return judge_refusal(reply);
    }
    if (mailer->text_wanted) {
        /* Cut off in the text, or before the answer to its end, it may have been accepted. */
        return reply >= SMTP_DONE && reply < SMTP_DONE + 100 ? DELIVERED : UNKNOWN;
    }
    if (code == CURLE_ABORTED_BY_CALLBACK && transfers_are_cut()) {
        return CUT_SHORT;
    }
    /* Before there was a recipient it is our sender, our login or our TLS, or the relay. */
    return about_this_mail ? BROKEN_OFF : RELAY_AWAY;
}

static const char *detail_of(const struct mailer *mailer, CURLcode code, enum delivery delivery)
{
    const bool says_why = delivery == DELIVERED || mailer->reply.bytes[0] >= '4';

    if (says_why && mailer->reply.length > 0) {
        return mailer->reply.bytes;
    }
    if (code == CURLE_ABORTED_BY_CALLBACK) {
        return transfers_are_cut() ? "we had to end" : "no answer in time";
    }
    return mailer->error[0] != '\0' ? mailer->error : curl_easy_strerror(code);
}

enum delivery mailer_send(struct mailer *mailer, struct arena *arena, const struct mail *mail,
                          int64_t timeout_ms, struct delivery_reply *out)
{
    *out = (struct delivery_reply){0};
    if (mailer->ready != CURLE_OK) {
        out->detail = arena_text(arena, curl_easy_strerror(mailer->ready));
        return RELAY_AWAY;
    }
    /* The library would pass on line breaks and SMTP parameters that hide in an address. */
    if (!mail_address_valid(mail->from)) {
        out->detail = "the sender's address cannot be used";
        return RELAY_AWAY;
    }
    if (!mail_address_valid(mail->to)) {
        out->detail = "not an address that mail can be sent to";
        return REFUSED;
    }
    const int64_t limit = timeout_ms > 0 ? timeout_ms : 1; /* 0 would mean for ever */
    mailer->reply = (struct reply){0};
    mailer->command[0] = '\0';
    mailer->error[0] = '\0';
    mailer->quitting = mailer->text_wanted = false;
    mailer->deadline = clock_monotonic_ms() + limit;
    mailer->unsent = mail_write(arena, mail);
    mailer->unsent_length = strlen(mailer->unsent);

    const CURLcode code = perform(mailer, mail, limit);
    if (code != CURLE_OK && reply_code(mailer) < SMTP_REFUSED) {
        abandon_connection(mailer);
    }
    const enum delivery delivery = judge(mailer, code);
    out->detail = arena_text(arena, detail_of(mailer, code, delivery));
    out->relay_asked = true;
    return delivery;
}
