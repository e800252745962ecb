/* SPDX-License-Identifier: MIT */
/* The unit of work: what a request, a delivery and a sweep step have in common.
 *
 * Rules, store and notify take a struct work and so know nothing of HTTP, cron or the terminal.
 * Everything a function returns through its out parameters lives in work->arena.
 */
#ifndef MENTORWATCH_BASE_WORK_H
#define MENTORWATCH_BASE_WORK_H

#include "base/actor.h"
#include "base/clock.h"
#include "base/outcome.h"
#include "base/record.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct db;
struct db_wanted;
struct settings;

/* One thing wrong with one field of the input. */
struct fault {
    const char *field;
    const char *message; /* reads on after the field's name: "must be later than issued_at" */
    struct fault *next;
};

struct failure {
    const char *sentence;
    struct fault *faults; /* in the order found */
    struct fault *last;   /* of them: noting one more must not walk them all */
    bool again;           /* a deadlock or a lost connection: the whole unit may be repeated */
};

struct work {
    struct arena *arena;
    struct db *db; /* connects when first asked */
    const struct settings *settings;
    struct instant now;     /* one "now" for the whole unit */
    const char *request_id; /* NULL outside HTTP */
    struct actor actor;
    const char *deed;         /* what is done here, for the audit: "POST /api/v1/…", "mentorwatch
                               * import"; NULL: nothing that it must tell */
    struct list enqueued;     /* the messages (int64_t, their numbers) that this unit put into the
                               * outbox, for whoever delivers after the commit */
    bool unattended;          /* nobody does: `enqueued` stays empty */
    struct db_wanted *wanted; /* it can wait for a row by its id, see db/lookup.h; NULL: it is asked
                               * for at once */
    unsigned to_count;        /* lists of which rows wait to be counted, see store/count.h */
    struct failure failure;
};

/* Leave the sentence and give the outcome: `return fail(work, CONFLICT, "…")`. A macro so that the
 * compiler sees which outcome it is. */
#define fail(work, result, ...) (work_note_failure((work), __VA_ARGS__), (enum outcome)(result))
void work_note_failure(struct work *work, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Note one more thing wrong with the input; go on looking for others, then end with
 * `return work_verdict(work)`: INVALID when any fault was noted, else OK. */
void fault(struct work *work, const char *field, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
enum outcome work_verdict(struct work *work);

/* Forget what an earlier try left: its failure and the messages that were rolled back with it. */
void work_clear(struct work *work);

#endif
