/* SPDX-License-Identifier: MIT */
/* The socket on which a web server finds us, where nobody hands us one. */
#ifndef MENTORWATCH_HTTP_LISTENER_H
#define MENTORWATCH_HTTP_LISTENER_H

/* A listening Unix socket at this path, mode 0660. A socket that nobody listens on any more is
 * replaced. -1, with errno: it cannot be made. */
int listener_open(const char *path);

#endif
