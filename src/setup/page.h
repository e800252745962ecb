/* SPDX-License-Identifier: MIT */
/* The setup as a web page, for hosts without a shell. It is there only while there is no
 * configuration, and does nothing for anybody who cannot write into the archive's folder: they must
 * send the text of a file there, setup-token, that they have made. After a setup that went well the
 * file is removed, and so is the page. */
#ifndef MENTORWATCH_SETUP_PAGE_H
#define MENTORWATCH_SETUP_PAGE_H

#include "http/gateway.h"

/* /setup is the page, anything else is answered 503. As FastCGI, the process ends (by SIGTERM to
 * itself) once there is a configuration, so that its successor reads it. */
struct service setup_page_service(void);

#endif
