/* SPDX-License-Identifier: MIT */
/* What the checks have in common. Each looks at one thing and says one finding or more, and leaves
 * nothing in work->failure. */
#ifndef MENTORWATCH_DOCTOR_CHECK_H
#define MENTORWATCH_DOCTOR_CHECK_H

#include "base/clock.h"
#include "base/outcome.h"
#include "doctor/doctor.h"

struct work;

struct examination {
    struct work *work;
    const struct doctor_order *order;
    const char *check;                     /* the one that looks now */
    struct list findings;                  /* struct finding */
    struct instant web_date, web_asked_at; /* when check_web asked, by its clock and by ours */
};

void say_ok(struct examination *examination, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void say_wrong(struct examination *examination, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void say_skipped(struct examination *examination, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Say as wrong what the work's failure says, and forget it. */
void say_failure(struct examination *examination);

/* Say why the database could not be reached: the work has just failed to. */
void say_unreached(struct examination *examination, const struct work *work);

/* "3 seconds": how far two clocks are apart, or NULL: not so far that it matters. */
const char *clocks_apart(const struct examination *examination, struct instant one,
                         struct instant other);

typedef void doctor_check(struct examination *examination);

doctor_check check_configuration, check_files, check_templates, check_tokens; /* host.c */
doctor_check check_state;
doctor_check check_database, check_hosts, check_schema, check_clock;     /* database.c */
doctor_check check_rights;                                               /* rights.c */
doctor_check check_web, check_web_clock, check_path, check_doubled_path; /* web.c */
doctor_check check_authorization, check_hidden;
doctor_check check_mail, check_test_mail, check_push; /* delivery.c */
doctor_check check_sweep, check_dispatch;             /* runs.c */

#endif
