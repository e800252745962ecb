/* SPDX-License-Identifier: MIT */
/* The directory's nouns: organisations, coordinators, mentors. */
#ifndef MENTORWATCH_MODEL_PERSON_H
#define MENTORWATCH_MODEL_PERSON_H

#include "base/record.h"

struct organisation {
    const char *organisation_id;
    const char *name;
};

/* How anybody is reached. */
struct person {
    const char *id;
    const char *name;
    const char *email;    /* NULL: none is known */
    const char *language; /* NULL: not known */
};

struct coordinator {
    const char *coordinator_id;
    const char *organisation_id;
    const char *name;
    const char *email;
    const char *push_target;
    const char *channels;
    const char *language;
};

struct mentor {
    const char *mentor_id;
    const char *organisation_id;
    const char *coordinator_id; /* NULL: nobody is responsible */
    const char *name;
    const char *email;
    const char *push_target;
    const char *channels;
    const char *language;
    /* the coordinator's, when the mentor was looked up with him or her */
    const char *coordinator_name;
    const char *coordinator_email;
    const char *coordinator_language;
};

extern const struct record organisation_record; /* also what a CSV file holds */
extern const struct record coordinator_record;
extern const struct record mentor_record;
extern const struct record mentor_row; /* a mentor with the coordinator's columns */

struct person mentor_person(const struct mentor *mentor);
struct person mentor_coordinator(const struct mentor *mentor); /* id NULL: there is none */

/* "email", "push" and "in_app", each at most once, comma between. NULL or why not. */
const char *channels_check(const char *channels);

#endif
