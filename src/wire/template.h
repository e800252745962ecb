/* SPDX-License-Identifier: MIT */
/* Message templates: text with variables and conditions, nothing else.
 *
 *     {{name}}                the field's value; times as a date in the reader's language
 *     {{#name}} … {{/name}}   only when the field is there (a text, a time, true, not 0)
 *     {{^name}} … {{/name}}   only when it is not
 *     {{! a remark }}
 *
 * A section's tag or a remark that stands alone on its line takes the whole line with it. Sections
 * nest, 16 deep. A tag ends on the line where it begins. Line breaks inside a value become spaces,
 * unless its field is FIELD_LINES. The first line of a message template is "Subject: …", then an
 * empty line, then the text.
 */
#ifndef MENTORWATCH_WIRE_TEMPLATE_H
#define MENTORWATCH_WIRE_TEMPLATE_H

#include "base/clock.h"
#include "base/outcome.h"
#include "base/record.h"

struct arena;
struct work;

/* INVALID: an unknown name, a section that is not closed, a tag that does not end; the sentence
 * says the line. Hidden sections are checked like the others. */
enum outcome template_render(char **out, struct work *work, const char *source,
                             const struct record *facts, const void *object, const char *language);

/* "1. mars 2026" in nb, "1 March 2026" in en. */
char *date_in_words(struct arena *arena, struct instant instant, const char *language);

#endif
