/* SPDX-License-Identifier: MIT */
/* The directory's nouns: organisations, coordinators, mentors. */
#ifndef MENTORWATCH_MODEL_PERSON_H
#define MENTORWATCH_MODEL_PERSON_H

#include "base/record.h"

#include <stdbool.h>
#include <stddef.h>

struct organisation {
    const char *organisation_id;
    const char *name;
};

enum channel { CHANNEL_EMAIL, CHANNEL_PUSH, CHANNEL_IN_APP, CHANNELS };

extern const char *const channel_words[]; /* "email", …, in the order of the enum; NULL ends */

/* How anybody is reached. */
struct person {
    const char *id;
    const char *name;
    const char *email;       /* NULL: none is known */
    const char *push_target; /* NULL: none is known */
    const char *channels;    /* the preferred ones: "push,in_app" */
    const char *language;    /* NULL: not known */
};

/* One way to reach somebody. */
struct address {
    enum channel channel;
    const char *text; /* NULL where the channel needs none, or none is known */
    bool reachable;
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
    const char *coordinator_push_target;
    const char *coordinator_channels;
    const char *coordinator_language;
};

extern const struct record organisation_record; /* also what a CSV file holds */
extern const struct record coordinator_record;
extern const struct record mentor_record;
extern const struct record mentor_row; /* a mentor with the coordinator's columns */

struct person mentor_person(const struct mentor *mentor);
struct person mentor_coordinator(const struct mentor *mentor); /* id NULL: there is none */

/* The person's address on that channel. */
struct address person_address(const struct person *person, enum channel channel);

/* Where the person is to be told: every preferred channel on which there is an address; failing
 * that by email; failing that one that is not reachable, so that it can be seen. Returns how many.
 */
size_t person_addresses(struct address out[CHANNELS], const struct person *person);

/* "email", "push" and "in_app", each at most once, comma between. NULL or why not. */
const char *channels_check(const char *channels);

#endif
