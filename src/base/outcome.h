/* SPDX-License-Identifier: MIT */
/* How anything ends: the vocabulary of failure that every layer shares.
 *
 * A function that can fail returns an outcome; what it found comes back through its first (out)
 * parameter. Whoever first knows what went wrong leaves the sentence with fail() (base/work.h);
 * everyone above passes the outcome on with TRY. http/problem.c alone knows status numbers, and
 * cli/main.c alone knows exit statuses.
 */
#ifndef MENTORWATCH_BASE_OUTCOME_H
#define MENTORWATCH_BASE_OUTCOME_H

#include <stdbool.h>

/* Formatted by hand: clang-format 14 does not know attributes of an enum. */
/* clang-format off */
enum [[nodiscard]] outcome {
    OK,
    MALFORMED,       /* the bytes cannot be read at all: broken JSON, a broken query */
    INVALID,         /* they can be read, but what they say is not acceptable */
    UNAUTHENTICATED, /* nobody knows who is asking */
    FORBIDDEN,       /* it is known who is asking, and they may not */
    NOT_FOUND,
    NOT_ALLOWED, /* the thing exists, but not for this method */
    STALE,       /* it is no longer what the caller saw */
    CONFLICT,    /* true, but not now: another run is going on, the state has moved on */
    TOO_LARGE,
    UNSUPPORTED, /* a media type that nobody here reads */
    UNAVAILABLE, /* the database or a relay is away: the same request may succeed later */
    BUSY,        /* the database is there, and has no room just now: later, and not at once again */
    OUTDATED,    /* the database has an older schema than this program needs: once it is migrated */
    AWAITED,     /* no end yet: a row that it looks up is asked for together with those of others */
    BROKEN,      /* our own fault: the log has the details, the caller gets a request id */
    OUTCOMES,    /* how many there are */
};
/* clang-format on */

/* The database cannot be used now, whatever one asks of it: there is no point in going on. */
static inline bool outcome_is_away(enum outcome outcome)
{
    return outcome == UNAVAILABLE || outcome == BUSY || outcome == OUTDATED;
}

/* Pass a failure up. Sound because a unit of work holds nothing that needs an undo: its memory
 * is an arena, its transaction is rolled back by whoever began it. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        enum outcome try_outcome = (call);                                                         \
        if (try_outcome != OK) {                                                                   \
            return try_outcome;                                                                    \
        }                                                                                          \
    } while (0)

#endif
