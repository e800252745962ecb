/* SPDX-License-Identifier: MIT */
/* Plain CGI: one request from the environment and standard input, answered on standard output. */
#ifndef MENTORWATCH_HTTP_CGI_H
#define MENTORWATCH_HTTP_CGI_H

#include "http/gateway.h"

void cgi_serve(const struct service *service);

#endif
