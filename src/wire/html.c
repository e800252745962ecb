/* SPDX-License-Identifier: MIT */
#include "wire/html.h"

#include "base/arena.h"
#include "base/text.h"

#include <string.h>

void html_add_text(struct text *out, const char *text)
{
    static const char meaning[] = "&<>\"'\n";
    static const char *const instead[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "<br>\n"};

    for (;;) {
        const size_t plain = strcspn(text, meaning);
        text_add_bytes(out, text, plain);
        text += plain;
        if (*text == '\0') {
            return;
        }
        text_add(out, instead[strchr(meaning, *text) - meaning]);
        text++;
    }
}

char *html_paragraphs(struct arena *arena, const char *text)
{
    struct text html = text_in(arena);

    for (;;) {
        text += strspn(text, "\n");
        if (*text == '\0') {
            return text_done(&html);
        }
        const char *gap = strstr(text, "\n\n");
        size_t length = gap == NULL ? strlen(text) : (size_t)(gap - text);
        const char *end = text + length;
        while (text[length - 1] == '\n') {
            length--;
        }
        text_add(&html, "<p>");
        html_add_text(&html, arena_bytes(arena, text, length));
        text_add(&html, "</p>\n");
        text = end;
    }
}
