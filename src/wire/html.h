/* SPDX-License-Identifier: MIT */
/* Plain text as HTML. */
#ifndef MENTORWATCH_WIRE_HTML_H
#define MENTORWATCH_WIRE_HTML_H

struct arena;
struct text;

/* The text, harmless wherever HTML takes text or a quoted attribute; a line break is <br>. */
void html_add_text(struct text *out, const char *text);

/* Its paragraphs, between which there are empty lines, as <p> elements. */
char *html_paragraphs(struct arena *arena, const char *text);

#endif
