/* SPDX-License-Identifier: MIT */
/* What is wrong with this installation, and what to do about it. */
#ifndef MENTORWATCH_DOCTOR_DOCTOR_H
#define MENTORWATCH_DOCTOR_DOCTOR_H

#include "base/record.h"

#include <stdbool.h>

struct work;

struct doctor_order {
    const char *config; /* what --config said, or NULL */
    const char *url;    /* of the site; NULL: the setting server.url */
    const char *mail;   /* who gets a test mail; NULL: nobody */
};

struct finding {
    const char *check;  /* "database" */
    const char *result; /* "ok", "wrong" or "skipped" */
    const char *says;   /* one sentence: what was found, what to do, or why it was not looked at */
};
extern const struct record finding_record;

struct diagnosis {
    struct list findings; /* struct finding, in the order of the checks */
    bool well;            /* none is wrong */
};

/* Look at all there is. The settings may be bad: then work->failure says how, and most is skipped.
 * Secrets are never said. Between transfers_open() and _close(), with a database that connects. */
struct diagnosis doctor_run(struct work *work, const struct doctor_order *order);

#endif
