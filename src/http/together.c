/* SPDX-License-Identifier: MIT */
#include "http/together.h"

#include "base/work.h"
#include "http/deed.h"
#include "http/request.h"

/* What one thread brings. */
struct sharer {
    struct gathered gathered; /* first */
    struct request *request;
    db_body *alone;
    enum outcome outcome;
};

/* Those that share a transaction. */
struct group {
    const struct together *together;
    struct requests requests;
    bool ended; /* a COMMIT was sent: it may have been done */
};

/* A lock that another one holds for long is one request's trouble: each waits for its own then. */
static enum outcome handle_all(struct work *work, void *context)
{
    struct group *group = context;
    enum outcome outcome = group->together->handle(work, &group->requests);

    if (outcome == OK) {
        outcome = deeds_record(work, &group->requests);
    }
    if (outcome == OK) {
        group->ended = true;
    } else if (db_is_connected(work)) {
        work->failure.again = false;
    }
    return outcome;
}

/* How many were left out. */
static size_t leave_out_apart(struct requests *requests)
{
    const size_t before = requests->count;

    requests->count = 0;
    for (size_t i = 0; i < before; i++) {
        if (!requests->at[i]->apart) {
            requests->at[requests->count++] = requests->at[i];
        }
    }
    return before - requests->count;
}

/* Until it is done, or can only be done by each alone. */
static enum outcome handle_group(struct work *work, struct group *group)
{
    enum outcome outcome;
    size_t left_out;

    do {
        outcome = db_unit(work, handle_all, group);
        left_out = leave_out_apart(&group->requests);
    } while (outcome != OK && !group->ended && left_out > 0 && group->requests.count > 1);
    if (group->ended && outcome != OK && !outcome_is_away(outcome)) {
        return fail(work, UNAVAILABLE, "look whether the change was made before repeating it");
    }
    if (outcome == OK || group->ended ||
        db_is_unreachable(work)) { /* each alone would wait again */
        return outcome;
    }
    for (size_t i = 0; i < group->requests.count; i++) {
        group->requests.at[i]->apart = true;
    }
    return outcome;
}

/* The same failure for all of them, each in its own memory. */
static void tell(struct sharer *sharer, enum outcome outcome, const struct work *leader)
{
    struct work *work = sharer->request->work;

    sharer->outcome = outcome;
    if (outcome != OK && work != leader) {
        work->failure = (struct failure){0};
        work_note_failure(work, "%s", leader->failure.sentence);
    }
}

/* In the leader's thread, with its connection. */
static void lead(struct gathered *const *items, size_t count)
{
    struct sharer *first = (struct sharer *)items[0];
    struct work *work = first->request->work;
    struct group group = {.together = first->request->route->together};

    if (count == 1) {
        first->outcome = db_unit(work, first->alone, first->request);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        group.requests.at[group.requests.count++] = ((const struct sharer *)items[i])->request;
    }
    const enum outcome outcome = handle_group(work, &group);
    for (size_t i = 0; i < count; i++) {
        tell((struct sharer *)items[i], outcome, work);
    }
}

enum outcome together_run(struct request *request, db_body *alone)
{
    struct sharer sharer = {.request = request, .alone = alone};

    if (request->idempotency_key != NULL || request->input_faults != NULL) {
        return db_unit(request->work, alone, request);
    }
    gather(&request->route->together->gathering, &sharer.gathered, lead);
    return request->apart ? db_unit(request->work, alone, request) : sharer.outcome;
}
