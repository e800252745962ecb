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

/* What stands in the place of a role where nobody needs one. */
extern const char ACTOR_PUBLIC[];
extern const char ACTOR_SERVICE[]; /* whoever has the service token */
extern const char ACTOR_COMMAND[]; /* whoever runs a command; its subject is user@host */

/* Zeroed: nobody in particular. */
struct actor {
    const char *subject; /* NULL: the token does not say */
    enum role role;
    const char *organisation_id; /* NULL for a global admin, who belongs to none, and a mentor */
    const char *instead;         /* of a role: one of the above; NULL: the role says it */
    const char *address;         /* where the request came from; NULL: it is none */
};

/* The role's name, or what stands instead; never NULL. */
const char *actor_role(const struct actor *actor);
/* The subject, or else the same as the role; never NULL. */
const char *actor_name(const struct actor *actor);

#endif
