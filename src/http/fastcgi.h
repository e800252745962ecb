/* SPDX-License-Identifier: MIT */
/* FastCGI: bytes only. Owner of the FastCGI library.
 *
 * The web server keeps its connections open between requests. A connection that waits holds no
 * thread: it is parked in one epoll set beside the listening socket, and any thread takes up
 * whichever becomes readable. So a few threads serve any number of kept connections, and clients
 * that connect and say nothing delay nobody.
 */
#ifndef MENTORWATCH_HTTP_FASTCGI_H
#define MENTORWATCH_HTTP_FASTCGI_H

#include "http/gateway.h"

#include <stdint.h>

/* Keep SIGTERM and SIGINT for fastcgi_run(), and SIGPIPE away from everybody. Before any thread
 * starts. */
void fastcgi_block_signals(void);

/* Serve what arrives on the listening socket until SIGTERM or SIGINT, then finish the requests in
 * hand and those that have reached us, and close the socket. False, with errno: it could not begin.
 */
bool fastcgi_run(int listener, int64_t threads, const struct service *service);

#endif
