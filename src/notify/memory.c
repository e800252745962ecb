/* SPDX-License-Identifier: MIT */
#include "notify/memory.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/log.h"
#include "base/text.h"
#include "base/work.h"
#include "db/db.h"
#include "store/outbox_stop.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LINE_MAX = 128 };

static const char *path_of(struct work *work, const struct outbox_progress *progress)
{
    const char *database =
        arena_printf(work->arena, "%s %s", work->settings->database.name, progress->began);

    return arena_printf(work->arena, "%s/delivered-%016" PRIx64, work->settings->notify.state,
                        text_hash(database));
}

/* "ATTEMPTS RELEASED" in one line. False: there is nothing to remember yet. */
static bool recall(struct outbox_progress *out, struct work *work, const char *path)
{
    char line[LINE_MAX];
    FILE *file = fopen(path, "re");

    if (file == NULL) {
        return false;
    }
    const bool read = fgets(line, sizeof(line), file) != NULL;
    (void)fclose(file);
    char *space = read ? strchr(line, ' ') : NULL;
    char *end = read ? strchr(line, '\n') : NULL;
    if (space == NULL || end == NULL) {
        return false;
    }
    *space = *end = '\0';
    out->released = arena_text(work->arena, space + 1);
    return text_to_int(line, &out->attempts);
}

/* By another name first: whoever reads sees all of it. */
static void remember(const struct outbox_progress *progress, struct work *work, const char *path)
{
    const char *beside = arena_printf(work->arena, "%s.%ld", path, (long)getpid());
    FILE *file = fopen(beside, "we");

    if (file == NULL) {
        log_event(errno == ENOENT ? LOG_LEVEL_DEBUG : LOG_LEVEL_WARNING, "memory",
                  LOG_TEXT("not_written", beside));
        return;
    }
    const bool written =
        fprintf(file, "%" PRId64 " %s\n", progress->attempts, progress->released) > 0;
    if (fclose(file) != 0 || !written || rename(beside, path) != 0) {
        log_event(LOG_LEVEL_WARNING, "memory", LOG_TEXT("not_written", path));
        (void)unlink(beside);
    }
}

/* Since the operator let it go on, all hosts begin to remember anew. */
static bool went_back(const struct outbox_progress *now, const struct outbox_progress *before)
{
    const int released = strcmp(now->released, before->released);

    return released < 0 || (released == 0 && now->attempts < before->attempts);
}

static bool is_same(const struct outbox_progress *now, const struct outbox_progress *before)
{
    return now->attempts == before->attempts && strcmp(now->released, before->released) == 0;
}

static enum outcome compare(struct work *work, void *context)
{
    bool *stopped = context;
    struct outbox_progress *progress;
    struct outbox_progress before = {0};

    TRY(outbox_progress(&progress, work));
    *stopped = progress->stopped;
    if (progress->stopped) {
        return OK;
    }
    const char *path = path_of(work, progress);
    const bool known = recall(&before, work, path);
    if (known && went_back(progress, &before)) {
        /* Somebody else may have remembered more between the two looks. */
        TRY(outbox_progress(&progress, work));
    }
    if (known && went_back(progress, &before)) {
        log_event(LOG_LEVEL_ERROR, "restored", LOG_INT("attempts", progress->attempts),
                  LOG_INT("remembered", before.attempts));
        *stopped = true;
        return outbox_stop(work);
    }
    if (!known || !is_same(progress, &before)) {
        remember(progress, work, path);
    }
    return OK;
}

enum outcome memory_check(struct work *work)
{
    bool stopped = false;

    TRY(db_unit_seeing_all(work, compare, &stopped));
    return stopped ? fail(work, CONFLICT,
                          "the outbox is on hold, since the database is older than what was sent "
                          "from it: look what went out since, then run \"mentorwatch outbox "
                          "release\"")
                   : OK;
}
