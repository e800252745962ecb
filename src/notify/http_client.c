/* SPDX-License-Identifier: MIT */
#include "notify/http_client.h"

#include "base/arena.h"
#include "base/crash_point.h"
#include "base/url.h"
#include "notify/ip_address.h"
#include "notify/transfers.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

enum { ANSWER_MAX = 64 * 1024 };

struct http_client {
    struct arena *arena; /* lives as long as the client */
    const struct http_rules *rules;
    CURL *curl; /* NULL: there is none yet */
    char error[CURL_ERROR_SIZE];
    size_t taken; /* bytes of the answer */
    char words[HTTP_WORDS_MAX + 1];
    size_t word_length;
    char challenge[HTTP_WORDS_MAX + 1];
    struct instant date;
    bool refused; /* an address, by the rules, */
    bool tried;   /* … and an address that was not */
};

/* Asked for each address that the name resolved to, just before it is connected to. */
/* NOLINTNEXTLINE(readability-non-const-parameter): the library's type */
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct http_client *client = context;

    (void)purpose;
    if (!client->rules->private_addresses && !ip_address_is_public(&address->addr)) {
        client->refused = true;
        return CURL_SOCKET_BAD;
    }
    client->tried = true;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* As a line of ASCII, after `begun` bytes that are there already; how many are there then. */
static size_t add_words(char words[HTTP_WORDS_MAX + 1], size_t begun, const char *bytes,
                        size_t length)
{
    for (size_t i = 0; i < length && begun < HTTP_WORDS_MAX; i++) {
        char *word = &words[begun++];
        *word = bytes[i];
        if (*word < ' ' || *word > '~') {
            *word = ' ';
        }
    }
    words[begun] = '\0';
    return begun;
}

void http_words(char to[HTTP_WORDS_MAX + 1], const char *bytes, size_t length)
{
    (void)add_words(to, 0, bytes, length);
}

/* What comes after the header's name; NULL: it is another header. */
static const char *header_value(const char *line, const char *name)
{
    const size_t length = strlen(name);

    return strncasecmp(line, name, length) == 0 ? line + length + strspn(line + length, " ") : NULL;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): the library's type */
static size_t take_header(char *bytes, size_t size, size_t count, void *context)
{
    struct http_client *client = context;
    const size_t length = size * count;
    char line[HTTP_WORDS_MAX + 1];

    http_words(line, bytes, length);
    const char *date = header_value(line, "Date:");
    const char *challenge = header_value(line, "WWW-Authenticate:");
    if (date != NULL) {
        const time_t seconds = curl_getdate(date, NULL);
        client->date = seconds > 0 ? instant_from_unix(seconds) : (struct instant){0};
    }
    if (challenge != NULL) {
        http_words(client->challenge, challenge, strlen(challenge));
    }
    return length;
}

/* The first words are kept. What is more than enough ends the transfer. */
/* NOLINTNEXTLINE(readability-non-const-parameter): the library's type */
static size_t take_bytes(char *bytes, size_t size, size_t count, void *context)
{
    struct http_client *client = context;
    const size_t length = size * count;

    client->word_length = add_words(client->words, client->word_length, bytes, length);
    client->taken += length;
    return client->taken > ANSWER_MAX ? 0 : length;
}

static int watch_end(void *context, curl_off_t down_total, curl_off_t down, curl_off_t up_total,
                     curl_off_t up)
{
    (void)context;
    (void)down_total;
    (void)down;
    (void)up_total;
    (void)up;
    return transfers_are_cut();
}

/* That the address is http: or https: was seen before; this is the second lock. */
static CURLcode allow_web_only(CURL *curl)
{
#if LIBCURL_VERSION_NUM >= 0x075500
    return curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    return curl_easy_setopt(curl, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

static bool set_callbacks(struct http_client *client)
{
    CURL *curl = client->curl;

    return curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, client->error) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEDATA, client) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_HEADERDATA, client) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, watch_end) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, client) == CURLE_OK;
}

static bool set_options(struct http_client *client)
{
    const char *ca_file = client->rules->ca_file;
    CURL *curl = client->curl;

    return set_callbacks(client) && allow_web_only(curl) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK && /* there are other threads */
           curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_PROXY, "") ==
               CURLE_OK && /* whatever the environment says */
           curl_easy_setopt(curl, CURLOPT_USERAGENT, "mentorwatch") == CURLE_OK &&
           (ca_file[0] == '\0' || curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file) == CURLE_OK);
}

/* Nothing of the last request may be left but its connection. Where the library fails before it
 * begins, for lack of memory, it would tell the status of the last answer as that of this one. */
static bool set_up(struct http_client *client)
{
    if (client->curl == NULL) {
        client->curl = curl_easy_init();
    } else {
        curl_easy_reset(client->curl);
    }
    client->error[0] = client->words[0] = client->challenge[0] = '\0';
    client->date = (struct instant){0};
    client->taken = client->word_length = 0;
    client->refused = client->tried = false;
    return client->curl != NULL && set_options(client);
}

struct http_client *http_client_new(const struct http_rules *rules)
{
    struct arena *arena = arena_new();
    struct http_client *client = arena_alloc(arena, sizeof(*client));

    client->arena = arena;
    client->rules = rules;
    return client;
}

void http_client_free(struct http_client *client)
{
    if (client != NULL) {
        curl_easy_cleanup(client->curl);
        arena_free(client->arena);
    }
}

static bool append(struct curl_slist **headers, const char *header)
{
    struct curl_slist *longer = curl_slist_append(*headers, header);

    *headers = longer != NULL ? longer : *headers;
    return longer != NULL;
}

static bool set_method(CURL *curl, const char *body)
{
    if (body == NULL) {
        return curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L) == CURLE_OK;
    }
    return curl_easy_setopt(curl, CURLOPT_POST, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body) == CURLE_OK;
}

static CURLcode perform(struct http_client *client, const struct http_post *post,
                        struct curl_slist *headers)
{
    CURL *curl = client->curl;
    const long timeout_ms = post->timeout_ms > 0 ? (long)post->timeout_ms : 1; /* 0 is for ever */
    const bool set = curl_easy_setopt(curl, CURLOPT_URL, post->url) == CURLE_OK &&
                     curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers) == CURLE_OK &&
                     set_method(curl, post->body) &&
                     curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout_ms) == CURLE_OK &&
                     curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, timeout_ms) == CURLE_OK;
    CRASH_POINT("before posting");
    const CURLcode code = set ? curl_easy_perform(curl) : CURLE_OUT_OF_MEMORY;
    CRASH_POINT("after posting");

    (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL);
    return code;
}

static CURLcode perform_with_headers(struct http_client *client, const struct http_post *post)
{
    const char *const *texts = post->headers.items;
    struct curl_slist *headers = NULL;
    bool good = true;

    for (size_t i = 0; good && i < post->headers.count; i++) {
        good = append(&headers, texts[i]);
    }
    const CURLcode code = good ? perform(client, post, headers) : CURLE_OUT_OF_MEMORY;
    curl_slist_free_all(headers);
    return code;
}

static const char *words_of(const struct http_client *client, CURLcode code)
{
    return client->error[0] != '\0' ? client->error : curl_easy_strerror(code);
}

static struct http_answer answered(const struct http_client *client, struct arena *arena,
                                   long status)
{
    curl_off_t wait = 0;
    const char *separator = client->word_length > 0 ? ": " : "";

    (void)curl_easy_getinfo(client->curl, CURLINFO_RETRY_AFTER, &wait);
    return (struct http_answer){
        .end = HTTP_ANSWERED,
        .status = status,
        .wait_seconds = wait > 0 ? wait : 0,
        .date = client->date,
        .challenge = arena_text(arena, client->challenge),
        .words = arena_text(arena, client->words),
        .detail = arena_printf(arena, "HTTP %ld%s%s", status, separator, client->words),
    };
}

static struct http_answer judge(const struct http_client *client, struct arena *arena,
                                const struct http_post *post, CURLcode code)
{
    const char *origin = url_origin(arena, post->url);
    struct http_answer answer = {.end = HTTP_NOT_SENT};
    curl_off_t begun = 0; /* microseconds until the request began to go out */
    long status = 0;

    (void)curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(client->curl, CURLINFO_PRETRANSFER_TIME_T, &begun);
    if (status >= 200) {
        return answered(client, arena, status);
    }
    if (code == CURLE_URL_MALFORMAT) {
        answer.end = HTTP_NOT_ALLOWED;
    } else if (client->refused && !client->tried) {
        answer.end = HTTP_NOT_ALLOWED;
        answer.detail = arena_printf(
            arena, "%s is not at a public address, and push.private_addresses refuses others",
            origin);
        return answer;
    } else if (begun > 0) {
        answer.end = HTTP_LOST;
    }
    answer.detail = arena_printf(arena, "%s: %s", origin, words_of(client, code));
    return answer;
}

/* A post without a body is a GET. */
static struct http_answer ask(struct http_client *client, struct arena *arena,
                              const struct http_post *post)
{
    if (!url_is_web(post->url)) {
        return (struct http_answer){.end = HTTP_NOT_ALLOWED, .detail = "not an https: address"};
    }
    if (url_is_plain(post->url) && !client->rules->plain_http) {
        return (struct http_answer){
            .end = HTTP_NOT_ALLOWED,
            .detail = "the address is without TLS, and push.plain_http refuses that",
        };
    }
    if (!set_up(client)) {
        return (struct http_answer){.end = HTTP_NOT_SENT, .detail = "libcurl could not be set up"};
    }
    return judge(client, arena, post, perform_with_headers(client, post));
}

struct http_answer http_client_post(struct http_client *client, struct arena *arena,
                                    const struct http_post *post)
{
    return ask(client, arena, post);
}

struct http_answer http_client_get(struct http_client *client, struct arena *arena,
                                   const struct http_get *get)
{
    const struct http_post post = {
        .url = get->url, .headers = get->headers, .timeout_ms = get->timeout_ms};

    return ask(client, arena, &post);
}
