/* SPDX-License-Identifier: MIT */
/* What a web server hands over for one request, whichever way it speaks to us: CGI variables
 * (RFC 3875), a body to read, a place to write the answer. */
#ifndef MENTORWATCH_HTTP_GATEWAY_H
#define MENTORWATCH_HTTP_GATEWAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gateway {
    /* NULL: not set. Valid until the request ends. */
    const char *(*variable)(struct gateway *gateway, const char *name);
    /* Up to `size` bytes of the body; 0 at its end. */
    size_t (*read)(struct gateway *gateway, char *bytes, size_t size);
    /* False: the other side is gone. */
    bool (*write)(struct gateway *gateway, const char *bytes, size_t length);
    /* The answer is whole. Nothing more is asked of this gateway for this request. */
    void (*end)(struct gateway *gateway);
};

enum { MOST_AT_ONCE = 8 }; /* requests that a worker may have at a time */

/* Who answers: each thread opens a worker of its own. It takes one request after the other, and
 * may hold some back, to do what they need for all of them together: they are not ended yet when
 * serve() returns. */
struct service {
    void *(*open)(const void *context);
    void (*serve)(void *worker, struct gateway *gateway);
    /* Nothing more is there, or as much as may be: answer those that are held back. NULL: none are.
     */
    void (*finish)(void *worker);
    /* What nobody should wait for, once the answer has gone out; NULL: nothing. A plain CGI program
     * has no such moment. */
    void (*after)(void *worker);
    /* Nothing was to do for a while: give back what others may want. NULL: there is nothing. */
    void (*rest)(void *worker);
    int64_t rest_after_ms; /* that while; 0: never */
    void (*close)(void *worker);
    const void *context;
};

#endif
