/* SPDX-License-Identifier: MIT */
/* One line an event, on stderr or to syslog, in one of the forms of base/log_line.h. Safe from
 * several threads: a line is one write. */
#ifndef MENTORWATCH_BASE_LOG_H
#define MENTORWATCH_BASE_LOG_H

#include "base/log_line.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum log_target { LOG_TO_STDERR, LOG_TO_SYSLOG }; /* facility daemon, as "mentorwatch" */
enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

struct log_pair {
    const char *key;
    const char *text; /* NULL: the number stands */
    int64_t number;
};

static inline const char *log_or_dash(const char *text)
{
    return text != NULL ? text : "-";
}

#define LOG_TEXT(key_, value_)                                                                     \
    {                                                                                              \
        .key = (key_), .text = log_or_dash(value_)                                                 \
    }
#define LOG_INT(key_, value_)                                                                      \
    {                                                                                              \
        .key = (key_), .number = (value_)                                                          \
    }

/* log_event(LOG_LEVEL_INFO, "started", LOG_INT("threads", 8)); at least one pair. */
#define log_event(level, event, ...)                                                               \
    log_write(level, event, (const struct log_pair[]){__VA_ARGS__},                                \
              sizeof((const struct log_pair[]){__VA_ARGS__}) / sizeof(struct log_pair))

/* Of the whole process, which begins with info, logfmt, stderr. */
void log_set_level(enum log_level level);
void log_set_format(enum log_format new_format);
void log_set_target(enum log_target new_target);
/* A line without an end stands on the terminal that stderr is, or may soon: each line of the log
 * wipes it, and begins in its place. False: no longer. */
void log_set_beside(bool beside);

/* Their names, "error" and so on, in the order of the enums; NULL ends. */
extern const char *const log_level_words[];
extern const char *const log_format_words[];
extern const char *const log_target_words[];

void log_write(enum log_level level, const char *event, const struct log_pair *pairs, size_t count);

#endif
