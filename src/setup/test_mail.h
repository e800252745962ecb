/* SPDX-License-Identifier: MIT */
/* A mail to whoever sets up or looks after an installation, to see that mails go out. */
#ifndef MENTORWATCH_SETUP_TEST_MAIL_H
#define MENTORWATCH_SETUP_TEST_MAIL_H

#include "base/outcome.h"

#include <stdbool.h>

struct settings;
struct work;

struct test_mail {
    bool sent;
    const char *says; /* the mail server's words, or why it was not reached */
};

/* Between transfers_open() and _close() only. INVALID: this is no mail address. */
enum outcome test_mail_send(struct test_mail *out, struct work *work,
                            const struct settings *settings, const char *to);

#endif
