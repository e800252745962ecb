/* SPDX-License-Identifier: MIT */
/* What the server gives up once it has all that it needs. It answers requests with sockets and
 * files that it reads; it starts no program, becomes nobody else, mounts nothing and looks into no
 * other process. The kernel is told so (seccomp), and refuses it from then on with EPERM, whoever
 * asks. */
#ifndef MENTORWATCH_HTTP_CONFINE_H
#define MENTORWATCH_HTTP_CONFINE_H

/* For this thread and all that it begins later, for good. Where that cannot be had it is logged in
 * one line ("not_confined"), and all else goes on. */
void confine(void);

#endif
