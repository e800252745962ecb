/* SPDX-License-Identifier: MIT */
/* Whatever configuration file comes, base/config.h gives settings that are all within their bounds,
 * or names what is wrong. The input is the file. */
#include "base/config.h"
#include "base/text.h"
#include "base/thresholds.h"
#include "base/webhook_secret.h"
#include "base/work.h"
#include "fuzz.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file in memory with these bytes; its name. */
static const char *file_of(const uint8_t *bytes, size_t length)
{
    static char path[32];
    static int file = -1;

    if (file < 0) {
        file = memfd_create("config", MFD_CLOEXEC);
        MUST(file >= 0 && fchmod(file, 0600) == 0);
        (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
    }
    MUST(ftruncate(file, 0) == 0);
    MUST(pwrite(file, bytes, length, 0) == (ssize_t)length);
    return path;
}

static void check_setting(const struct field *field, const struct settings *settings,
                          struct arena *arena)
{
    const void *at = field_at(field, settings);

    if (field->type == FIELD_TEXT) {
        MUST(*(const char *const *)at != NULL);
    }
    if (field->type == FIELD_TEXT && **(const char *const *)at == '\0') {
        return; /* not set */
    }
    MUST(field_check(field, settings, arena) == NULL);
}

static void check_settings(const struct settings *settings, struct arena *arena)
{
    struct list days;

    for (size_t i = 0; i < settings_record.count; i++) {
        check_setting(&settings_record.fields[i], settings, arena);
    }
    MUST(thresholds_read(&days, arena, settings->reminders.thresholds));
    MUST(days.count > 0 && *(const int64_t *)days.items <= THRESHOLD_MAX);
    MUST(thresholds_by_type_read(&days, arena, settings->reminders.thresholds_by_type) ||
         settings->reminders.thresholds_by_type[0] == '\0');
    MUST(webhook_secrets_check(settings->push.secret, arena) == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct work work = {.arena = arena_new()};
    struct settings settings = {.log.level = NULL};

    const enum outcome outcome = settings_load(&settings, &work, file_of(bytes, length));
    MUST(outcome == OK || outcome == INVALID);
    if (outcome == OK) {
        check_settings(&settings, work.arena);
    } else {
        MUST(work.failure.faults != NULL || work.failure.sentence != NULL);
    }
    arena_free(work.arena);
    return 0;
}
