/* SPDX-License-Identifier: MIT */
/* One line of the log under construction, as logfmt or as a JSON object (RFC 8259):
 *
 *     time=2026-03-01T08:00:00.000Z level=info event=request method=GET status=200
 *     {"time":"2026-03-01T08:00:00.000Z","level":"info","event":"request","method":"GET","status":200}
 *
 * Whatever a value holds, it cannot break out of its place, and of a mail address only
 * "k***@example.org" is said. What does not fit is cut; a JSON object is whole all the same.
 */
#ifndef MENTORWATCH_BASE_LOG_LINE_H
#define MENTORWATCH_BASE_LOG_LINE_H

#include <stddef.h>
#include <stdint.h>

enum log_format { LOG_FORMAT_LOGFMT, LOG_FORMAT_JSON };

enum { LOG_LINE_MAX = 4096 };

/* On the stack of whoever writes it. After log_line_end(): `length` bytes, the last a newline. */
struct log_line {
    enum log_format format;
    size_t length;
    char bytes[LOG_LINE_MAX];
};

void log_line_begin(struct log_line *line, enum log_format format);
void log_line_text(struct log_line *line, const char *key, const char *text);
void log_line_number(struct log_line *line, const char *key, int64_t number);
void log_line_end(struct log_line *line);

#endif
