/* SPDX-License-Identifier: MIT */
/* One line an event on stderr, as logfmt:
 *
 *     time=2026-03-01T08:00:00.000Z level=info event=request method=GET status=200
 *
 * Values with spaces, quotes or control characters are quoted and escaped, so one event is always
 * one line. Of a mail address only "k***@example.org" is said. Safe from several threads: a line is
 * one write.
 */
#ifndef MENTORWATCH_BASE_LOG_H
#define MENTORWATCH_BASE_LOG_H

#include <stddef.h>
#include <stdint.h>

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

void log_set_level(enum log_level level);   /* default: info */
extern const char *const log_level_words[]; /* "error", …, in the order of the enum; NULL ends */
void log_write(enum log_level level, const char *event, const struct log_pair *pairs, size_t count);

#endif
