/* SPDX-License-Identifier: MIT */
#include "api/check.h"

#include "base/work.h"
#include "http/request.h"
#include "store/directory.h"
#include "store/pause.h"

static void note_unlisted(struct work *work, bool listed)
{
    if (!listed) {
        fault(work, "mentor_id", "is not a mentor of the directory");
    }
}

enum outcome check_mentor(struct request *request, const char *mentor_id)
{
    bool listed = true;

    if (mentor_id != NULL) {
        TRY(mentor_exists(&listed, request->work, mentor_id));
    }
    note_unlisted(request->work, listed);
    return OK;
}

enum outcome check_mentor_locked(struct list *pauses, struct request *request,
                                 const char *mentor_id)
{
    bool listed = true;

    if (mentor_id != NULL) {
        TRY(mentor_lock(request->work, mentor_id));
        TRY(pause_open_of_listed(&listed, pauses, request->work, mentor_id));
    }
    note_unlisted(request->work, listed);
    return OK;
}

enum outcome check_responsible(struct request *request, const char *mentor_id,
                               const char *coordinator_id)
{
    bool suits = true;

    if (coordinator_id != NULL) {
        TRY(coordinator_suits(&suits, request->work, coordinator_id, mentor_id));
    }
    if (!suits) {
        fault(request->work, "coordinator_id", "is not a coordinator of the mentor's organisation");
    }
    return OK;
}

enum outcome check_coordinator(struct request *request, const char *field,
                               const char *coordinator_id)
{
    bool listed = true;

    if (coordinator_id != NULL) {
        TRY(coordinator_exists(&listed, request->work, coordinator_id));
    }
    if (!listed) {
        fault(request->work, field, "is not a coordinator of the directory");
    }
    return OK;
}
