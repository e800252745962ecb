/* SPDX-License-Identifier: MIT */
/* Requests that share a transaction: those of one route that come to several threads at the same
 * moment (base/gather.h). Most of what a change costs is the way to the database and back, and the
 * wait for the disk at its end; both are then paid once for all of them.
 *
 * Nobody is told anything but what they would be told alone:
 *
 * - A request that is alone takes the usual way, at once. So does one that has an Idempotency-Key
 *   or faults in its input.
 * - The route's own function (struct together) deals with plain requests only. The others it marks
 *   as `apart`, and they take the usual way afterwards.
 * - When the transaction fails before its end, nothing was done, and all take the usual way.
 * - Only what COMMIT says goes to all, since what it was asked for is done for all or for none.
 */
#ifndef MENTORWATCH_HTTP_TOGETHER_H
#define MENTORWATCH_HTTP_TOGETHER_H

#include "base/gather.h"
#include "base/outcome.h"
#include "db/db.h"

#include <stddef.h>

struct request;
struct work;

/* Several requests of one route, each as its own thread has read it. All the statements go through
 * the leader's work. What is prepared for an answer is in the arena of its own request. */
struct requests {
    struct request *at[MOST_GATHERED];
    size_t count;
};

/* Handles those that are plain, in one transaction, and marks the others as `apart`. Anything but
 * OK rolls it back: then it is called again without those that are apart, or, when it marked none,
 * all of them are. It is a function of the requests and the database only, as it may be repeated.
 */
typedef enum outcome together_handler(struct work *work, const struct requests *requests);

/* Of a route. One of its own for each, in static memory. */
struct together {
    together_handler *handle;
    struct gathering gathering;
};

/* Handle it, in a transaction that it may share. `alone` is the body of the unit that handles it by
 * itself, with the request as its context. */
enum outcome together_run(struct request *request, db_body *alone);

#endif
