/* SPDX-License-Identifier: MIT */
/* Setting an unpacked hosting archive up, step by step: what `mentorwatch setup` and its page have
 * in common. It happens once: whoever has a configuration changes that file. */
#ifndef MENTORWATCH_SETUP_STEPS_H
#define MENTORWATCH_SETUP_STEPS_H

#include "base/outcome.h"
#include "base/record.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct work;

/* What somebody is asked for. */
struct question {
    const char *setting; /* "database.host" */
    const char *asks;
    bool secret;
};

extern const struct question questions[];
extern const size_t question_count;

/* A setting that is to stand in the configuration. */
struct answer {
    const char *setting;
    const char *value;
};

struct setup_order {
    const char *file;      /* where the configuration is wanted; NULL: at the usual place */
    const char *web_root;  /* DOCUMENT_ROOT, or NULL */
    const char *test_mail; /* who gets a mail; NULL or "": nobody */
    struct list answers;   /* struct answer; a later one for the same setting counts */
};

struct setup_report {
    const char *file; /* the configuration */
    int64_t schema;   /* version of the database's schema */
    const char *mail; /* what came of the test mail; NULL: none was wanted */
    bool mail_sent;
    const char *cron_line; /* to paste, with its full path */
};

/* One more answer to an order. */
void setup_answer(struct setup_order *order, struct arena *arena, const char *setting,
                  const char *value);

/* What must be so before: nothing is set up yet, all parts of the archive are there, and nobody
 * else may write into it. CONFLICT: there is a configuration. INVALID names all that is missing. */
enum outcome setup_check(struct work *work);

/* Write the configuration (mode 0600), read it, reach the database, bring its schema up to date,
 * send the test mail, and only then let the programs find it. INVALID and UNAVAILABLE: something in
 * it will not do; then no file is left. */
enum outcome setup_run(struct setup_report *out, struct work *work, struct setup_order *order);

#endif
