/* SPDX-License-Identifier: MIT */
#include "notify/template_file.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/work.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { TEMPLATE_MAX = 64 * 1024 };

/* Lines may end with CR LF; what comes out ends with LF. */
static enum outcome check_text(struct work *work, char *text, size_t length, const char *path)
{
    size_t characters;
    char *to = text;

    if (strlen(text) != length || !utf8_length(text, &characters)) {
        return fail(work, BROKEN, "the template %s is not a text in UTF-8", path);
    }
    for (const char *from = text; *from != '\0'; from++) {
        if (from[0] != '\r' || from[1] != '\n') {
            *to++ = *from;
        }
    }
    *to = '\0';
    return OK;
}

enum outcome template_file_read(char **out, struct work *work, const char *path)
{
    FILE *file = fopen(path, "re");

    if (file == NULL && errno == ENOENT) {
        return NOT_FOUND;
    }
    if (file == NULL) {
        return fail(work, BROKEN, "cannot read the template %s: %s", path, strerror(errno));
    }
    *out = arena_alloc(work->arena, TEMPLATE_MAX);
    const size_t length = fread(*out, 1, TEMPLATE_MAX, file);
    const bool readable = ferror(file) == 0;
    (void)fclose(file);
    if (!readable) {
        return fail(work, BROKEN, "cannot read the template %s", path);
    }
    if (length == TEMPLATE_MAX) {
        return fail(work, BROKEN, "the template %s is longer than %d bytes", path,
                    TEMPLATE_MAX - 1);
    }
    return check_text(work, *out, length, path);
}
