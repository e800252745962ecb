/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include <stdatomic.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

static _Atomic int threshold = LOG_LEVEL_INFO;
static _Atomic int format = LOG_FORMAT_LOGFMT;
static _Atomic int target = LOG_TO_STDERR;
static _Atomic bool beside_a_line;

const char *const log_level_words[] = {"error", "warning", "info", "debug", NULL};
const char *const log_format_words[] = {"logfmt", "json", NULL};
const char *const log_target_words[] = {"stderr", "syslog", NULL};

void log_set_level(enum log_level level)
{
    atomic_store(&threshold, (int)level);
}

void log_set_format(enum log_format new_format)
{
    atomic_store(&format, (int)new_format);
}

void log_set_target(enum log_target new_target)
{
    if (new_target == LOG_TO_SYSLOG) {
        openlog("mentorwatch", LOG_PID, LOG_DAEMON);
    }
    atomic_store(&target, (int)new_target);
}

void log_set_beside(bool beside)
{
    atomic_store(&beside_a_line, beside);
}

/* In one write, so that lines of several threads do not mix. */
static void put_on_stderr(const struct log_line *line)
{
    static const char wipe[] = "\r\033[K";
    char wiping[sizeof(wipe) - 1 + sizeof(line->bytes)];
    const bool beside = atomic_load(&beside_a_line);
    const size_t before = beside ? sizeof(wipe) - 1 : 0;

    if (beside) {
        memcpy(wiping, wipe, before);
        memcpy(wiping + before, line->bytes, line->length);
    }
    /* A log that cannot be written has nowhere to say so. */
    (void)!write(STDERR_FILENO, beside ? wiping : line->bytes, before + line->length);
}

static void put(enum log_level level, const struct log_line *line)
{
    static const int priorities[] = {
        [LOG_LEVEL_ERROR] = LOG_ERR,
        [LOG_LEVEL_WARNING] = LOG_WARNING,
        [LOG_LEVEL_INFO] = LOG_INFO,
        [LOG_LEVEL_DEBUG] = LOG_DEBUG,
    };

    if (atomic_load(&target) == LOG_TO_SYSLOG) {
        syslog(priorities[level], "%.*s", (int)line->length - 1, line->bytes);
    } else {
        put_on_stderr(line);
    }
}

void log_write(enum log_level level, const char *event, const struct log_pair *pairs, size_t count)
{
    struct log_line line;

    if ((int)level > atomic_load(&threshold)) {
        return;
    }
    log_line_begin(&line, (enum log_format)atomic_load(&format));
    log_line_text(&line, "level", log_level_words[level]);
    log_line_text(&line, "event", event);
    for (size_t i = 0; i < count; i++) {
        if (pairs[i].text != NULL) {
            log_line_text(&line, pairs[i].key, pairs[i].text);
        } else {
            log_line_number(&line, pairs[i].key, pairs[i].number);
        }
    }
    log_line_end(&line);
    put(level, &line);
}
