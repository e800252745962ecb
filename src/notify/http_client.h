/* SPDX-License-Identifier: MIT */
/* Asks web addresses that others gave us: within a time, at one place, with nothing followed.
 *
 * A redirect is an answer like any other. No proxy of the environment, no cookies. Of an answer no
 * more than 64 KiB are read. Where private addresses are refused it is the resolved address that
 * counts, at the moment of connecting: a name that resolves otherwise the second time gains
 * nothing.
 */
#ifndef MENTORWATCH_NOTIFY_HTTP_CLIENT_H
#define MENTORWATCH_NOTIFY_HTTP_CLIENT_H

#include "base/clock.h"
#include "base/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Whom it may call. */
struct http_rules {
    bool plain_http;        /* also without TLS */
    bool private_addresses; /* also what is not on the public internet */
    const char *ca_file;    /* what a server's certificate is checked against; "": the system's */
};

/* One handle whose connections are reused; one thread at a time. */
struct http_client;
struct http_client *http_client_new(const struct http_rules *rules); /* they must outlive it */
void http_client_free(struct http_client *client);

struct http_post {
    const char *url;
    struct list headers; /* const char *, "Name: value" */
    const char *body;
    int64_t timeout_ms;
};

struct http_get {
    const char *url;
    struct list headers; /* const char *, "Name: value" */
    int64_t timeout_ms;
};

enum http_end {
    HTTP_ANSWERED,    /* the status is known */
    HTTP_LOST,        /* it was under way and the answer was lost */
    HTTP_NOT_SENT,    /* nobody was reached */
    HTTP_NOT_ALLOWED, /* the rules forbid this address, or it is none */
};

struct http_answer {
    enum http_end end;
    int64_t status;
    int64_t wait_seconds;  /* what Retry-After asks for; 0: nothing */
    struct instant date;   /* Date: by its own clock, in whole seconds; absent: it does not say */
    const char *challenge; /* WWW-Authenticate; "": none */
    const char *words;     /* the first of its body, as one line of ASCII */
    const char *detail;    /* one line of ASCII, without what of the address may be secret */
};

struct http_answer http_client_post(struct http_client *client, struct arena *arena,
                                    const struct http_post *post);
struct http_answer http_client_get(struct http_client *client, struct arena *arena,
                                   const struct http_get *get);

/* As many bytes of a file, or fewer, as http_answer.words would have them. */
enum { HTTP_WORDS_MAX = 200 };
void http_words(char to[HTTP_WORDS_MAX + 1], const char *bytes, size_t length);

#endif
