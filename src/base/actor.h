/* SPDX-License-Identifier: MIT */
/* Who asks. */
#ifndef MENTORWATCH_BASE_ACTOR_H
#define MENTORWATCH_BASE_ACTOR_H

/* One bit each, so that "who may" is a set of them. */
enum role {
    ROLE_NONE = 0,
    ROLE_COORDINATOR = 1 << 0,
    ROLE_ORG_ADMIN = 1 << 1,
    ROLE_GLOBAL_ADMIN = 1 << 2,
    ROLE_MENTOR = 1 << 3, /* sees what was told to him or her alone */
};

/* Their names, in the order of the bits, NULL at the end. */
extern const char *const role_words[];

/* Zeroed: nobody in particular, as on a public route and in a sweep. */
struct actor {
    const char *subject; /* NULL: the token does not say */
    enum role role;
    const char *organisation_id; /* NULL for a global admin, who belongs to none, and a mentor */
};

#endif
