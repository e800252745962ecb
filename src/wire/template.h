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

#include "base/outcome.h"
#include "base/record.h"

struct text;
struct work;

/* Adds the text of a field so that it stays one value where it stands: in HTML, in a JSON string.
 */
typedef void template_escape(struct text *out, const struct field *field, const char *value);

/* Every text of `facts` goes through `escape`; NULL: it stands as it is. INVALID: an unknown name,
 * a section that is not closed, a tag that does not end; the sentence says the line. Hidden
 * sections are checked like the others. */
enum outcome template_render(char **out, struct work *work, const char *source,
                             const struct record *facts, const void *object, const char *language,
                             template_escape *escape);

#endif
